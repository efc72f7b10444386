package parquettest

import (
	"path/filepath"
	"testing"
)

func TestWriteAndDump(t *testing.T) {
	const table = `
# every type, null and not
id:string!   n:int64  small:int32  price:double  in:bool  at:timestamp               day:date    s.a.val:string  s.a.at:timestamp      s.b:int64  tags:list(string)  ids:map(list(id:string,primary:bool))
p1           1        2            1.5           true     2026-11-24T02:30:00.5Z     2026-11-24  y               2026-11-01T00:00:00Z  7          ["x","y"]          {"Email":[{"id":"a","primary":true},{"id":"b"}],"ECID":[]}
"two words"  -        -            -             -        -                          -           -               -                     -          -                  -
""           0        0            0             false    1970-01-01T00:00:00Z       1969-12-31  "- | \""         -                     -          []                 {}
`
	const want = `id:string!|n:int(64,true)|small:int(32,true)|price:double|in:boolean|at:timestamp(isadjustedtoutc=true,unit=micros)|day:date|s:struct|tags:list|ids:map
p1|1|2|1.5|true|2026-11-24T02:30:00.5Z|2026-11-24|{"a":{"at":"2026-11-01T00:00:00Z","val":"y"},"b":7}|["x","y"]|{"ECID":[],"Email":[{"id":"a","primary":true},{"id":"b","primary":null}]}
two words|-|-|-|-|-|-|-|-|-
|0|0|0|false|1970-01-01T00:00:00Z|1969-12-31|{"a":{"at":null,"val":"- | \""},"b":null}|[]|{}
`
	path := filepath.Join(t.TempDir(), "t.parquet")
	if err := Write(path, table, Options{GroupRows: 2}); err != nil {
		t.Fatal(err)
	}
	got, err := Dump(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTableMistakes(t *testing.T) {
	for _, c := range []struct{ table, want string }{
		{"", "no line of columns"},
		{"id", `line 1: "id" is no column: write it as name:type`},
		{"id:text", `line 1: column id: unknown type "text"`},
		{"id:string\na b", "line 2: 2 cells for 1 columns"},
		{"id:string\n\"a", "line 2: cell 1: a quote does not end"},
		{"n:int64\nx", `line 2: column n: "x" is no JSON`},
	} {
		_, err := parseTable(c.table)
		if err == nil || err.Error() != c.want {
			t.Errorf("table %q: got error %v, want %s", c.table, err, c.want)
		}
	}
}
