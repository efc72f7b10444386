package readers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optout/readers"
)

// TestNDJSON reads keys wherever they stand in their objects.
func TestNDJSON(t *testing.T) {
	text := strings.Join([]string{
		`{"id":"p-1","email":"ann@mail.example","n":12345678901234567,"who":{"name":{"first":"Ann"}}}`,
		`  { "email" : null , "id" : "\u0070-2\n\"\\\/\ud83d\ude00\ud83d" , "other" : [1,{"id":"x"},[]] }` + "\r",
		"",
		" \t ",
		`{"n":5,"id":"","who":{"name":{}},"email":1.5551234E10}`,
		`{"who":{"name":null}}`,
		`{"who":null,"é":true,"e\u0301":false}`,
	}, "\n")
	for _, name := range []string{"list.ndjson", "list.jsonl", "list.ndjson.gz", "list.jsonl.zst"} {
		in := open(t, checked(t), writeText(t, name, text))
		table := in.Table(
			leaf(t, in, readers.Text, "id"), leaf(t, in, readers.Key, "email"), leaf(t, in, readers.Key, "n"),
			leaf(t, in, readers.Text, "who.name", "first"), leaf(t, in, readers.Flag, "é"), leaf(t, in, readers.Choice, "e\u0301"))
		testTable(t, table, 5)
		want := [][]any{
			{"p-1", "ann@mail.example", json.Number("12345678901234567"), "Ann", nil, nil},
			{"p-2\n\"\\/😀\uFFFD", nil, nil, nil, nil, nil},
			{"", "1.5551234E10", json.Number("5"), nil, nil, nil},
			{nil, nil, nil, nil, nil, nil},
			{nil, nil, nil, nil, true, "false"},
		}
		if got := allRows(t, table); !cmp.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		if got, want := in.Place(2), "line 5 of "+in.Files()[0].Path; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestNDJSONErrors reads lines that are no objects.
func TestNDJSONErrors(t *testing.T) {
	for text, want := range map[string]string{
		`[{"a":1}]`:              "line 2: not a JSON object",
		`"a"`:                    "line 2: not a JSON object",
		`{"a":1`:                 "line 2: no JSON: byte 7: neither a comma nor the end of the object, which ends too early",
		`{"a":"1}`:               "a string that is never closed",
		`{"a":"1\`:               "a string that is never closed",
		`{"a":1}}`:               "something behind the object",
		`{"a":1} {"a":2}`:        "something behind the object",
		`{"a":1,}`:               "a key that is no string",
		`{a:1}`:                  "a key that is no string",
		`{"a" 1}`:                "no colon behind a key",
		`{"a":}`:                 "no value",
		`{"a":nul}`:              "no value",
		`{"a":NaN}`:              "no value",
		`{"a":'1'}`:              "no value",
		`{"a":[1,]}`:             "no value",
		`{"a":[1 2]}`:            "neither a comma nor the end of the array",
		`{"a":01}`:               "a number that JSON does not have",
		`{"a":+1}`:               "no value",
		`{"a":1.}`:               "a number that JSON does not have",
		`{"a":.5}`:               "no value",
		`{"a":1e}`:               "a number that JSON does not have",
		`{"a":-}`:                "a number that JSON does not have",
		`{"a":"\x41"}`:           "an escape that JSON does not have",
		`{"a":"\u00g0"}`:         "an escape that JSON does not have",
		"{\"a\":\"\t\"}":         "a control character in a string",
		"{\"a\":\x00}":           "line 2: a NUL byte",
		"{\"a\":\"\xFC\"}":       "line 2: bytes that are not UTF-8",
		`{"a":1,"a":2}`:          "line 2: no JSON: byte 11: a key that the object has already",
		`{"a":1,"\u0061":2}`:     "a key that the object has already",
		`{"b":{"c":1,"c":null}}`: "a key that the object has already",
		`{"a":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`: "values nest deeper than 200",
		strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300):       "values nest deeper than 200",
	} {
		path := writeText(t, "a.ndjson", `{"a":"ann@mail.example"}`+"\n"+text+"\n")
		_, err := readers.Open(context.Background(), []string{path}, readers.Options{}, checked(t))
		wantError(t, err, path, want)
	}
	var many strings.Builder
	for i := range 10_001 {
		fmt.Fprintf(&many, "{\"ann%d@mail.example\":true}\n", i)
	}
	path := writeText(t, "many.ndjson", many.String())
	_, err := readers.Open(context.Background(), []string{path}, readers.Options{}, checked(t))
	wantError(t, err, path, "line 10001: more than 10000 different keys")
}

// TestNDJSONLeafErrors asks for keys that cannot serve.
func TestNDJSONLeafErrors(t *testing.T) {
	path := writeText(t, "a.ndjson", `{"text":"a","mixed":1,"flag":true,"list":[1],"map":{"k":{"v":1}},"a.b":1,"a":{"b":2},"half":{"x":1}}`+"\n"+
		`{"mixed":"b","half":"none"}`+"\n")
	in := open(t, checked(t), path)
	for _, test := range []struct {
		role readers.Role
		path []string
		want string
		is   error
	}{
		{readers.Text, []string{"absent"}, "no such column: absent", readers.ErrNoColumn},
		{readers.Text, []string{"map.absent"}, "no such column: map.absent", readers.ErrNoColumn},
		{readers.Text, []string{"text.absent"}, "no such column: text.absent", readers.ErrNoColumn},
		{readers.Text, []string{"absent", readers.MapKey}, "no such column", readers.ErrNoColumn},
		{readers.Text, []string{"map", readers.MapKey}, "is inside a map or a list, which are not read from NDJSON", readers.ErrColumnType},
		{readers.Text, []string{"list"}, "list has arrays, and is to be text", readers.ErrColumnType},
		{readers.Key, []string{"map"}, "map has objects, and is to be text, an integer or a UUID", readers.ErrColumnType},
		{readers.Key, []string{"flag"}, "flag has booleans, and is to be", readers.ErrColumnType},
		{readers.Flag, []string{"mixed"}, "mixed has numbers, and is to be a boolean", readers.ErrColumnType},
		{readers.Time, []string{"flag"}, "flag has booleans, and is to be a timestamp or a date", readers.ErrColumnType},
		{readers.Key, []string{"a.b"}, `two columns are called "a.b"`, readers.ErrColumnType},
		{readers.Key, []string{"half.x"}, "half is not an object in every record", readers.ErrColumnType},
	} {
		_, err := in.Leaf(test.role, test.path...)
		wantError(t, err, path, test.want)
		if !errors.Is(err, test.is) {
			t.Errorf("%q: got %v, want one that wraps %v", test.path, err, test.is)
		}
	}
	if got := column(t, in, leaf(t, in, readers.Text, "mixed")); !cmp.Equal(got, []any{"1", "b"}) {
		t.Errorf("got %q, want the text and the number as written", got)
	}
}

// TestNDJSONFiles reads files whose records have different keys, and none.
func TestNDJSONFiles(t *testing.T) {
	first, none, last := writeText(t, "1.ndjson", `{"id":"p-1"}`), writeText(t, "2.ndjson", "\n"), writeText(t, "3.ndjson", `{"id":"p-2","scope":"all"}`)
	in := open(t, checked(t), first, none, last)
	if got := column(t, in, leaf(t, in, readers.Text, "scope")); !cmp.Equal(got, []any{nil, "all"}) {
		t.Errorf("got %q, want what the file that has the key says", got)
	}
	empty := open(t, checked(t), none)
	testTable(t, empty.Table(leaf(t, empty, readers.Text, "anything")), 0)
	if _, err := empty.Leaf(readers.Text, "map", readers.MapKey); !errors.Is(err, readers.ErrNoColumn) {
		t.Errorf("got %v of a map in an empty file, want ErrNoColumn", err)
	}
	_, err := empty.Rows()
	wantError(t, err, none, "no record, so that its columns are not known")
}

// TestNDJSONRows keeps every key in the type that all its values have.
func TestNDJSONRows(t *testing.T) {
	text := strings.Join([]string{
		`{"id":"1","int":1,"long":9007199254740993,"huge":92233720368547758080,"num":1.5,"mix":1,"flag":true,"obj":{"a": 1},"part":"x","none":null,"exact":1.25}`,
		`{"id":"2","int":-20,"long":2,"huge":1,"num":2,"mix":"a\n","flag":false,"obj":[ ],"part":{"b":"\u0041"},"exact":9007199254740993}`,
		`{"zero":-0,"big":1e999}`,
		``,
	}, "\n")
	in := open(t, checked(t), writeText(t, "a.ndjson", text))
	key := leaf(t, in, readers.Key, "num")
	table, err := in.Rows()
	if err != nil {
		t.Fatal(err)
	}
	testTable(t, table, 3)
	n := func(s string) json.Number { return json.Number(s) }
	want := [][]any{
		{"1", n("1"), n("9007199254740993"), "92233720368547758080", n("1.5"), "1", true, `{"a": 1}`, `"x"`, nil, "1.25", nil, nil},
		{"2", n("-20"), n("2"), "1", n("2"), "a\n", false, "[ ]", `{"b":"\u0041"}`, nil, "9007199254740993", nil, nil},
		{nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, n("-0"), "1e999"},
	}
	if got := allRows(t, table); !cmp.Equal(got, want) {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, got))
	}
	var names, types []string
	for _, f := range table.Schema().Fields() {
		if names = append(names, f.Name()); f.Required() {
			t.Errorf("column %s is required", f.Name())
		}
		types = append(types, f.Type().String())
	}
	if got, want := strings.Join(names, " "), "id int long huge num mix flag obj part none exact zero big"; got != want {
		t.Errorf("got columns %s, want %s", got, want)
	}
	if got, want := strings.Join(types, " "), "STRING INT64 INT64 STRING DOUBLE STRING BOOLEAN STRING STRING STRING STRING DOUBLE STRING"; got != want {
		t.Errorf("got types %s, want %s", got, want)
	}
	// As a key the same numbers are text, and Find finds the column.
	if table, err = in.Rows(key); err != nil {
		t.Fatal(err)
	}
	rows := allRows(t, table)
	if c := table.Find(key); c != 4 || rows[0][c] != "1.5" || rows[1][c] != "2" {
		t.Errorf("got %q in column %d, want the numbers as they are written", rows, c)
	}
}
