package readers_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"optout/readers"
)

// writeText writes a file of text, compressed as its name says.
func writeText(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, compressed(t, name, text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func compressed(t testing.TB, name, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := compressor(t, name, &out)
	fmt.Fprint(w, text)
	w.Close()
	return out.Bytes()
}

// compressor compresses what is written as the name of the file says.
func compressor(t testing.TB, name string, to io.Writer) io.WriteCloser {
	t.Helper()
	switch filepath.Ext(name) {
	case ".gz":
		return gzip.NewWriter(to)
	case ".zst":
		w, err := zstd.NewWriter(to)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	return plainWriter{to}
}

// plainWriter leaves what it writes open.
type plainWriter struct{ io.Writer }

func (plainWriter) Close() error { return nil }

// allRows reads a table whole, a slice a row.
func allRows(t testing.TB, table *readers.Table) (rows [][]any) {
	t.Helper()
	err := eachRecord(table, func(r arrow.Record) {
		for i := range int(r.NumRows()) {
			row := make([]any, r.NumCols())
			for c := range row {
				row[c] = plain(r.Column(c), i)
			}
			rows = append(rows, row)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestCSV reads what RFC 4180 and those who do not know it write.
func TestCSV(t *testing.T) {
	for name, test := range map[string]struct {
		text      string
		delimiter byte
		file      string
		want      [][]any
	}{
		"plain":             {text: "a,b\n1,x\n2,y\n"},
		"no last line feed": {text: "a,b\n1,x\n2,y"},
		"CRLF":              {text: "a,b\r\n1,x\r\n2,y\r\n"},
		"CR at the end":     {text: "a,b\r\n1,x\r\n2,y\r"},
		"BOM":               {text: "\uFEFFa,b\n1,x\n2,y\n"},
		"BOM and quotes":    {text: "\uFEFF\"a\",\"b\"\n1,x\n2,y\n"},
		"blank lines":       {text: "\n\na,b\n\n1,x\r\n\r\n2,y\n\n\n"},
		"semicolons":        {text: "a;b\n1;x\n2;y\n", delimiter: ';'},
		"pipes":             {text: "a|b\n1|x\n2|y\n", delimiter: '|'},
		"tabs":              {text: "a\tb\n1\tx\n2\ty\n", file: "list.tsv"},
		"tabs in a .csv":    {text: "a\tb\n1\tx\n2\ty\n", delimiter: '\t'},
		"commas in a .tsv":  {text: "a,b\n1,x\n2,y\n", delimiter: ',', file: "list.tsv"},
		"gzip":              {text: "a,b\n1,x\n2,y\n", file: "list.csv.gz"},
		"zstd":              {text: "a,b\n1,x\n2,y\n", file: "list.CSV.ZST"},
		"all quoted":        {text: "\"a\",\"b\"\n\"1\",\"x\"\r\n\"2\",\"y\""},
		"some quoted":       {text: "a,b\n\"1\",x\n2,\"y\"\n"},
		"header only":       {text: "a,b\n", want: [][]any{}},
		"header alone":      {text: "a,b", want: [][]any{}},
		"nulls":             {text: "a,b\n,x\n1,\n,\n\"\",\"\"\n", want: [][]any{{nil, "x"}, {"1", nil}, {nil, nil}, {nil, nil}}},
		"blanks are kept":   {text: "a,b\n 1 , \n", want: [][]any{{" 1 ", " "}}},
		"quoted specials":   {text: "a,b\n\"1,2\",\"x \"\"y\"\" z\"\n\"\"\"\",\"\"\"\"\"\"\n", want: [][]any{{"1,2", `x "y" z`}, {`"`, `""`}}},
		"quoted line feeds": {text: "a,b\n\"1\n2\",x\n\"3\r\n4\",\"\n\"\n", want: [][]any{{"1\n2", "x"}, {"3\r\n4", "\n"}}},
		"lone CR in quotes": {text: "a,b\n\"1\r2\",x\n", want: [][]any{{"1\r2", "x"}}},
		"not ASCII":         {text: "a,b\nÄ,日本\n", want: [][]any{{"Ä", "日本"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if test.file == "" {
				test.file = "list.csv"
			}
			if test.want == nil {
				test.want = [][]any{{"1", "x"}, {"2", "y"}}
			}
			path := writeText(t, strings.ToLower(test.file), test.text)
			in, err := readers.Open(context.Background(), []string{path}, readers.Options{Delimiter: test.delimiter}, checked(t))
			if err != nil {
				t.Fatal(err)
			}
			table := in.Table(leaf(t, in, readers.Text, "a"), leaf(t, in, readers.Key, "b"))
			testTable(t, table, int64(len(test.want)))
			if got := append([][]any{}, allRows(t, table)...); !cmp.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			rows, err := in.Rows()
			if err != nil {
				t.Fatal(err)
			}
			testTable(t, rows, int64(len(test.want)))
			if got := append([][]any{}, allRows(t, rows)...); !cmp.Equal(got, test.want) {
				t.Errorf("as stored: got %q, want %q", got, test.want)
			}
		})
	}
}

// TestTextErrors opens text that is none, or not of its format.
func TestTextErrors(t *testing.T) {
	long := strings.Repeat("x", 17<<20)
	gz := string(compressed(t, "a.gz", strings.Repeat("a,b\n1,2\n", 10000)))
	zst := string(compressed(t, "a.zst", strings.Repeat("a,b\n1,2\n", 10000)))
	parquet, err := os.ReadFile(filepath.Join(interop, "flat_zstd_v1_index.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ file, text, want string }{
		"empty CSV":           {"a.csv", "", "the file is empty; it needs a header"},
		"CSV of blank lines":  {"a.csv", "\n\r\n\n", "the file is empty; it needs a header"},
		"a BOM":               {"a.csv", "\uFEFF", "the file is empty; it needs a header"},
		"fewer fields":        {"a.csv", "a,b\n1,2\n1\n", "line 3: 1 fields, the header has 2"},
		"more fields":         {"a.csv", "a,b\n1,2,3\n", "line 2: 3 fields, the header has 2"},
		"more quoted fields":  {"a.csv", "a,b\n\"1\n\",2\n\"1\",2,3\n", "line 4: 3 fields, the header has 2"},
		"a lone quote":        {"a.csv", "a,b\n1,2\n\"1,2\n3,4\n", "line 3: a quote that is never closed"},
		"a quote at the end":  {"a.csv", "a,b\n1,\"", "line 2: a quote that is never closed"},
		"a quote in a field":  {"a.csv", "a,b\n1,5\" disk\n", "line 2: a quote in the middle of a field"},
		"text behind a quote": {"a.csv", "a,b\n\"1\"x,2\n", "line 2: text behind the closing quote of a field"},
		"a lone quote header": {"a.csv", "a,\"b\n1,2\n", "line 1: a quote that is never closed"},
		"CR only":             {"a.csv", "a,b\r1,2\r", "line 1: a carriage return that ends no line"},
		"a CR in a field":     {"a.csv", "a,b\n1,2\r3\n", "line 2: a carriage return that ends no line"},
		"a CR behind a quote": {"a.csv", "a,b\n\"1\"\r,2\n", "line 2: a carriage return that ends no line"},
		"a late CR":           {"a.csv", "a,b\n1,\t\n" + strings.Repeat("1,2\n", 100_000) + "1,2\r3\n", "line 100003: a carriage return that ends no line"},
		"a NUL byte":          {"a.csv", "a,b\n1,2\n1,\x00\n", "line 3: a NUL byte"},
		"UTF-16":              {"a.csv", "\xFF\xFEa\x00,\x00b\x00", "in UTF-16; convert it to UTF-8"},
		"UTF-16 without mark": {"a.csv", "a\x00,\x00b\x00\n\x00", "line 1: a NUL byte: the file is no text, in UTF-16"},
		"Latin-1":             {"a.csv", "a,b\n1,2\nM\xFCller,2\n", "line 3: bytes that are not UTF-8; convert the file"},
		"half a character":    {"a.csv", "a,b\n1,2\n1,\xE6\x97", "line 3: bytes that are not UTF-8"},
		"a Parquet file":      {"a.csv", string(parquet), "a Parquet file, whose name must end in .parquet"},
		"gzip as CSV":         {"a.csv", gz, "compressed with gzip, so that its name must end in .gz"},
		"zstd as NDJSON":      {"a.ndjson", zst, "compressed with zstd, so that its name must end in .zst"},
		"a spreadsheet":       {"a.csv", "PK\x03\x04\x14\x00\x00", "a ZIP archive or a spreadsheet"},
		"a long line":         {"a.csv", "a,b\n1,2\n1," + long + "\n", "line 3: a record of more than 16777216 bytes"},
		"a long quote":        {"a.csv", "a,b\n1,2\n\"" + strings.Repeat("x,y\n", 5<<20), "line 3: a record of more than 16777216 bytes; if none should be so long, a quote before it was never closed"},
		"a long object":       {"a.ndjson", "{}\n{\"a\":\"" + long + "\"}\n", "line 2: a record of more than 16777216 bytes"},
		"an empty .gz":        {"raw.csv.gz", "", "the file is empty, not even compressed"},
		"no gzip":             {"raw.csv.gz", "a,b\n1,2\n1,2\n1,2\n", "not compressed as .gz says"},
		"no zstd":             {"raw.csv.zst", "a,b\n1,2\n1,2\n1,2\n", "decompress: "},
		"cut gzip":            {"raw.csv.gz", gz[:len(gz)-20], "decompress: unexpected EOF"},
		"cut gzip sum":        {"raw.csv.gz", gz[:len(gz)-4], "decompress: unexpected EOF"},
		"cut zstd":            {"raw.csv.zst", zst[:len(zst)-5], "decompress: unexpected EOF"},
		"an empty .zst":       {"raw.csv.zst", "", "the file is empty"},
		"damaged gzip":        {"raw.csv.gz", gz[:len(gz)/2] + "xxxxxxxx" + gz[len(gz)/2+8:], "decompress: "},
		"more behind gzip":    {"raw.csv.gz", gz + "xxxxxxxxxxxxxxxxxxx", "decompress: gzip: invalid header"},
		"bomb of zeros":       {"bomb.csv.gz", strings.Repeat("\x00", 64<<20), "line 1: a NUL byte"},
		"bomb of one line":    {"bomb.csv.gz", strings.Repeat("x", 64<<20), "line 1: a record of more than 16777216 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), test.file)
			text := []byte(test.text)
			if strings.HasPrefix(test.file, "bomb") {
				text = compressed(t, test.file, test.text)
			}
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
			before := allocated()
			_, err := readers.Open(context.Background(), []string{path}, readers.Options{}, checked(t))
			wantError(t, err, path, test.want)
			if took, limit := allocated()-before, uint64(96<<20); took > limit {
				t.Errorf("took %d bytes of memory, want at most %d", took, limit)
			}
		})
	}
}

// TestCSVLeafErrors asks for columns that a header does not have once. A header
// may be data, so that no error shows it.
func TestCSVLeafErrors(t *testing.T) {
	twice := writeText(t, "twice.csv", "a,b,a\n1,2,3\n")
	in := open(t, checked(t), twice)
	_, err := in.Leaf(readers.Text, "a")
	wantError(t, err, twice, `unfit column: two columns are called "a"`)
	_, err = in.Rows()
	wantError(t, err, twice, "columns 1 and 3 of the header have one name")
	if got := column(t, in, leaf(t, in, readers.Text, "b")); !cmp.Equal(got, []any{"2"}) {
		t.Errorf("got %q of the column that is there once", got)
	}
	bare := writeText(t, "bare.csv", "ann@mail.example,x\nben@mail.example,y\n")
	_, err = open(t, checked(t), bare).Leaf(readers.Key, "email")
	wantError(t, err, bare, "no such column: email")
	if strings.Contains(err.Error(), "ann") {
		t.Errorf("got %v, which shows data", err)
	}
	other := writeText(t, "other.csv", "email;name\na;b\n")
	_, err = open(t, checked(t), other).Leaf(readers.Key, "email")
	wantError(t, err, other, `no such column: email; the header has no ',' between names, so another delimiter may be meant`)
	nameless := writeText(t, "nameless.csv", ",a\n0,1\n")
	_, err = open(t, checked(t), nameless).Rows()
	wantError(t, err, nameless, "column 1 of the header has no name")
	_, err = open(t, checked(t), nameless).Leaf(readers.Choice, "consents.idSpecific", readers.MapKey)
	wantError(t, err, nameless, "no such column")
}

// TestTextFiles reads files of one input that are not alike.
func TestTextFiles(t *testing.T) {
	first := writeText(t, "1.csv", "a,b\n1,x\n")
	turned := writeText(t, "2.csv.gz", "b,a\ny,2\n")
	less := writeText(t, "3.csv", "a\n3\n")
	in := open(t, checked(t), first, turned)
	if got := column(t, in, leaf(t, in, readers.Text, "a")); !cmp.Equal(got, []any{"1", "2"}) {
		t.Errorf("got %q from columns in another order", got)
	}
	_, err := in.Rows()
	wantError(t, err, turned, "its header is not that of "+first)
	for _, files := range [][]string{{first, less}, {less, first}} {
		_, err = open(t, checked(t), files...).Leaf(readers.Text, "b")
		wantError(t, err, less, "no column b, which other files of the input have")
	}
	mixed := writeText(t, "4.ndjson", "{}\n")
	_, err = readers.Open(context.Background(), []string{first, mixed}, readers.Options{}, checked(t))
	wantError(t, err, mixed, "NDJSON beside "+first+", which is CSV; an input has files of one format")
	_, err = readers.Open(context.Background(), []string{first}, readers.Options{Delimiter: '"'}, checked(t))
	wantError(t, err, first, "the delimiter cannot be a quote")
	parquet := write(t, "p.parquet", []person{{"p0", ""}})
	_, err = readers.Open(context.Background(), []string{parquet}, readers.Options{Delimiter: ';'}, checked(t))
	wantError(t, err, parquet, "it is read as Parquet, which has no delimiter")
	_, err = in.Metadata("as_of")
	wantError(t, err, first, "a text file has no metadata")
}

// TestTextParts reads a file of several parts, which begin where records do.
func TestTextParts(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,note\n")
	var want []any
	for i := range 200_000 {
		id := fmt.Sprintf("%032d", i)
		if want = append(want, id); i%3 == 0 {
			fmt.Fprintf(&text, "%s,\"a \"\"quote\"\"\nand a line\"\n", id)
		} else {
			fmt.Fprintf(&text, "%s,nothing\r\n", id)
		}
	}
	for _, name := range []string{"many.csv", "many.csv.gz", "many.csv.zst"} {
		in := open(t, checked(t), writeText(t, name, text.String()))
		table := in.Table(leaf(t, in, readers.Key, "id"))
		if n := table.NumParts(); (name == "many.csv") != (n > 1) {
			t.Errorf("%s: got %d parts", name, n)
		}
		testTable(t, table, int64(len(want)))
		if got := column(t, in, leaf(t, in, readers.Key, "id")); !cmp.Equal(got, want) {
			t.Errorf("%s: the rows are not those of the file, in order", name)
		}
		for _, row := range []int64{0, 1, 2, 99_999, 199_999} {
			want := fmt.Sprintf("line %d of %s", 2+row+(row+2)/3, in.Files()[0].Path)
			if got := in.Place(row); got != want {
				t.Errorf("row %d: got %q, want %q", row, got, want)
			}
		}
	}
}

// TestTextUneven reads records that are far shorter at first than they mostly are, so
// that a megabyte has more of them than there is room for, and the other way round.
func TestTextUneven(t *testing.T) {
	short, long := strings.Repeat("1,\n", 400_000), strings.Repeat("2,"+strings.Repeat("x", 20_000)+"\n", 100)
	for _, text := range []string{short + long, long + short} {
		in := open(t, checked(t), writeText(t, "a.csv", "a,b\n"+text))
		got := map[any]int{}
		most := int64(0)
		table := in.Table(leaf(t, in, readers.Text, "a"), leaf(t, in, readers.Text, "b"))
		err := eachRecord(table, func(r arrow.Record) {
			most = max(most, r.NumRows())
			for i := range int(r.NumRows()) {
				a, b := plain(r.Column(0), i), plain(r.Column(1), i)
				if a == "1" && b == nil || a == "2" && len(b.(string)) == 20_000 {
					got[a]++
				}
			}
		})
		if err != nil || got["1"] != 400_000 || got["2"] != 100 || most > 64<<10 {
			t.Errorf("got %v and records of up to %d rows, %v", got, most, err)
		}
	}
}

// TestTextWindows reads characters that stand across the windows of the reading.
func TestTextWindows(t *testing.T) {
	want := strings.Repeat("日", 1<<20)
	for shift := range 3 {
		in := open(t, checked(t), writeText(t, "a.csv", "a\n"+strings.Repeat("x", shift)+want+"\n"))
		if got := column(t, in, leaf(t, in, readers.Text, "a"))[0].(string); got[shift:] != want {
			t.Errorf("shifted by %d: got %d bytes, want %d", shift, len(got)-shift, len(want))
		}
	}
}

// TestPlace finds rows over all files.
func TestPlace(t *testing.T) {
	first, second := writeText(t, "1.csv", "\n\na\n1\n\n2\n"), writeText(t, "2.csv", "a\n\"3\n\"\n4\n")
	in := open(t, checked(t), first, second)
	for row, want := range []string{"line 4 of " + first, "line 6 of " + first, "line 2 of " + second, "line 4 of " + second, "row 0 behind the end"} {
		if got := in.Place(int64(row)); got != want {
			t.Errorf("row %d: got %q, want %q", row, got, want)
		}
	}
	parquet := write(t, "p.parquet", []person{{"p0", ""}, {"p1", ""}})
	if got, want := open(t, checked(t), parquet).Place(1), "row 1 of "+parquet; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTextChanges changes a file while it is read: the end of a part notices what
// its text does not show.
// TestTextGrows: a record longer than a window, and keys longer than the words that they are
// compared by, are read as any other.
func TestTextGrows(t *testing.T) {
	long := strings.Repeat("x", 300<<10)
	for _, key := range []string{"b", strings.Repeat("k", 20), strings.Repeat("k", 21), strings.Repeat("k", 22), strings.Repeat("k", 40)} {
		for file, text := range map[string]string{
			"a.csv":    "a," + key + ",c\n1,2,3\n1," + long + ",3\n1,2,3\n",
			"a.ndjson": fmt.Sprintf(`{"a":"1","%[1]s":"2","c":"3"}`+"\n"+`{"a":"1","%[1]s":"%[2]s","c":"3"}`+"\n"+`{"a":"1","%[1]s":"2","c":"3"}`+"\n", key, long),
		} {
			in := open(t, checked(t), writeText(t, file, text))
			for name, want := range map[string][]any{"a": {"1", "1", "1"}, key: {"2", long, "2"}, "c": {"3", "3", "3"}} {
				if got := column(t, in, leaf(t, in, readers.Key, name)); !slices.Equal(got, want) {
					t.Errorf("%s: the values of a key of %d bytes are others", file, len(name))
				}
			}
		}
	}
}

// TestTextWrongRecords: what is wrong is told of the first record that is, and of its first
// column, in whatever order columns are read.
func TestTextWrongRecords(t *testing.T) {
	for name, test := range map[string]struct {
		wrong map[int]string // by the number of the record
		want  string
	}{
		"one":                   {map[int]string{700: "x,2026-11-25"}, "line 702: column a: no time"},
		"the first":             {map[int]string{0: "2026-11-25,x"}, "line 2: column b: no time"},
		"a later column before": {map[int]string{500: "2026-11-25,x", 510: "x,2026-11-25"}, "line 502: column b: no time"},
		"both columns":          {map[int]string{500: "x,y"}, "line 502: column a: no time"},
	} {
		t.Run(name, func(t *testing.T) {
			var csv, ndjson strings.Builder
			csv.WriteString("a,b\n")
			ndjson.WriteString("\n")
			for i := range 1000 {
				record := test.wrong[i]
				if record == "" {
					record = "2026-11-24,2026-11-25T10:00:00Z"
				}
				a, b, _ := strings.Cut(record, ",")
				fmt.Fprintln(&csv, record)
				fmt.Fprintf(&ndjson, `{"a":"%s","b":"%s"}`+"\n", a, b)
			}
			for file, text := range map[string]string{"a.csv": csv.String(), "a.ndjson": ndjson.String()} {
				path := writeText(t, file, text)
				in := open(t, checked(t), path)
				table := in.Table(leaf(t, in, readers.Time, "b"), leaf(t, in, readers.Time, "a"))
				wantError(t, eachRecord(table, func(arrow.Record) {}), path, test.want)
			}
		})
	}
}

func TestTextChanges(t *testing.T) {
	const changed = "the file changed while the run read it"
	const plain, quoted, other = "a,b\n1,x\n2,y\n", "a,b\n\"1\",x\n2,y\n", "the file has other records than when it was opened"
	for name, test := range map[string]struct{ text, to, want string }{
		"another value": {plain, "a,b\n1,x\n2,z\n", changed},
		"a record more": {plain, "a,b\n1\n,x,2", other},
		"a record less": {plain, "a,b\n1,x,2,y\n", other},
		"a line within": {plain, "a,b\n1,x\n2\ny\n", other},
		"beside quotes": {quoted, "a,b\n\"1\",x\n2\ny\n", other},
	} {
		path := writeText(t, "a.csv", test.text)
		in := open(t, checked(t), path)
		table := in.Table(leaf(t, in, readers.Text, "b"))
		source := openPart(t, table, 0)
		if err := os.WriteFile(path, []byte(test.to), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Unix(1e9, 0)); err != nil {
			t.Fatal(err)
		}
		wantError(t, drain(source), path, test.want)
		source.Close()
		_, err := table.Open(0)
		wantError(t, err, path, changed)
		if got, want := in.Place(0), "an unknown line of "+path; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
