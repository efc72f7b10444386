package readers_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"optout/readers"
)

// FuzzCSV holds the reading of CSV against encoding/csv: what it refuses is
// refused here, what it reads is read alike. Only two things differ: a carriage
// return within quotes is kept here, and outside of them refused.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,x\n", "a,b\r\n\"1\",\"x\"\r\n", "a,b\n\"1,\n\",\"\"\"\"\n", "a\n\n1\n", "\uFEFFa,b\n,\n", "a,b\n\"", "a,b\n1\"2,3",
		"a,b\n\"1\"2,3\n", "a,b\r1,2", "\"a\n", "a,b\n1,2\r", "a,b\n\"1\",2\r",
		"a\n1\n\n2\n\r\n\r\n3\n", "a,b\n1,x\n\n\n2,y\n\r\n3,z\n",
	} {
		f.Add([]byte(text), byte(','))
		f.Add([]byte(strings.ReplaceAll(text, ",", ";")), byte(';'))
	}
	f.Fuzz(func(t *testing.T, text []byte, delimiter byte) {
		if delimiter >= utf8.RuneSelf || bytes.IndexByte([]byte("\"\r\n\x00"), delimiter) >= 0 {
			return
		}
		want, refused := oracleCSV(text, delimiter)
		path := filepath.Join(t.TempDir(), "fuzz.csv")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		mem := &counted{Allocator: memory.NewGoAllocator()}
		in, err := readers.Open(context.Background(), []string{path}, readers.Options{Delimiter: delimiter}, mem)
		if (err != nil) != (refused != "") {
			t.Fatalf("got %v, want it refused for %q", err, refused)
		}
		if err != nil {
			return
		}
		table, err := in.Rows()
		if header := want[0]; err != nil && (slices.Contains(header, "") || len(unique(header)) < len(header)) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		got := allRows(t, table)
		if len(got) != len(want)-1 || int64(len(got)) != in.NumRows() {
			t.Fatalf("got %d rows, want %d", len(got), len(want)-1)
		}
		for i, row := range got {
			for k, value := range row {
				if text, _ := value.(string); text != want[i+1][k] || (value == nil) != (text == "") {
					t.Errorf("row %d, field %d: got %q, want %q", i, k, value, want[i+1][k])
				}
			}
		}
		if mem.live != 0 {
			t.Errorf("kept %d bytes", mem.live)
		}
	})
}

func unique(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}

// oracleCSV reads text with encoding/csv. Carriage returns, which it drops, are
// hidden from it behind another character.
func oracleCSV(text []byte, delimiter byte) (rows [][]string, refused string) {
	const hidden = "\uE000"
	plain := bytes.TrimPrefix(text, []byte("\uFEFF"))
	if bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) || bytes.Contains(text, []byte(hidden)) {
		return nil, "no text"
	}
	shown := hideReturns(string(plain), hidden)
	r := csv.NewReader(strings.NewReader(shown))
	r.Comma = rune(delimiter)
	rows, err := r.ReadAll()
	switch {
	case err != nil:
		return nil, err.Error()
	case len(rows) == 0:
		return nil, "empty"
	case strings.HasPrefix(string(text), "PAR1") || strings.HasPrefix(string(text), "PK\x03\x04"):
		return nil, "another kind of file"
	}
	for i := range rows {
		for k := range rows[i] {
			rows[i][k] = strings.ReplaceAll(rows[i][k], hidden, "\r")
		}
	}
	if strings.Contains(outsideQuotes(shown), hidden) {
		return nil, "a carriage return outside of quotes"
	}
	return rows, ""
}

// hideReturns replaces the carriage returns that end no line: all within quotes,
// and outside of them those without a line feed behind. Quotes toggle, as they do
// in text that is well-formed.
func hideReturns(text, hidden string) string {
	var out strings.Builder
	quoted := false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
			out.WriteByte(c)
		case c == '\r' && (quoted || i+1 < len(text) && text[i+1] != '\n'):
			out.WriteString(hidden)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

func outsideQuotes(text string) string {
	parts := strings.Split(text, `"`)
	var out []string
	for i := 0; i < len(parts); i += 2 {
		out = append(out, parts[i])
	}
	return strings.Join(out, "")
}

// FuzzNDJSON holds the reading of one object against encoding/json: alone, or
// behind one whose keys it is then expected to have.
func FuzzNDJSON(f *testing.F) {
	for _, text := range []string{
		`{"a":1}`, `{"a":"x\u00e9\n","b":null}`, `{"a":{"b":[1,2,{"c":true}]}}`, `{"a":1,"a":2}`, `{"a":-0.5e+10}`, `{}`, ` { } `,
		`{"a":"\ud83d\ude00\ud83d"}`, `{"":1}`, `{"a":tru}`, `{"a":1e400}`, `{"a":"` + "\x7F" + `"}`, `[]`, `{"a":"\uDE00\uD83D"}`,
	} {
		f.Add([]byte(text), false)
		f.Add([]byte(text), true)
	}
	for _, text := range []string{
		`{"a" "1","b":"2"}`, `{"a":"1" "b":"2"}`, `{"a":"1","b":"2`, `{"a": "1", "b": "2"}`, `{"a":"1","a":"2"}`, `{"a":"1","b":"2","a":"3"}`, `{"b":"2","a":"1"}`,
		`{"b":"2","a":"1","b":"3"}`, `{"b":2,"a":1,"b":3}`,
		`{"a":"1",}`, `{"a":"1","b":"2"}}`, ` {"a":"1","b":"2"}`, `         {"a":"ab","b":"2"}`, "\t{\"a\":\"1\",\"b\":\"2\"} ", `{"a":"`, `{"a":`, `{"a"`, `{"a":"\n","b":"\""}`, `{"a":"` + "\t" + `"}`, `{"a":"1",  "b" : 2 , "c":"3"}`, `{"a":{"a":"1","b":"2"},"b":"3"}`,
	} {
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, behind bool) {
		if bytes.IndexByte(text, '\n') >= 0 || len(text) > 4096 {
			return
		}
		want, refused := oracleJSON(text)
		path := filepath.Join(t.TempDir(), "fuzz.ndjson")
		first := ""
		if behind {
			if bytes.HasPrefix(text, []byte("\uFEFF")) {
				return // no mark there
			}
			first = `{"a":"x","b":"y"}` + "\n"
		}
		if err := os.WriteFile(path, append([]byte(first), text...), 0o644); err != nil {
			t.Fatal(err)
		}
		mem := &counted{Allocator: memory.NewGoAllocator()}
		in, err := readers.Open(context.Background(), []string{path}, readers.Options{}, mem)
		if (err != nil) != (refused != "") {
			t.Fatalf("got %v, want it refused for %q", err, refused)
		}
		if err != nil || in.NumRows() == 0 {
			return
		}
		if want == nil && in.NumRows() == 1 {
			return // a line of blanks behind the first
		}
		for name, value := range want {
			checkKey(t, in, name, value)
		}
		if mem.live != 0 {
			t.Errorf("kept %d bytes", mem.live)
		}
	})
}

// checkKey compares the text of a key with what encoding/json read.
func checkKey(t *testing.T, in *readers.Input, name string, value any) {
	t.Helper()
	l, err := in.Leaf(readers.Choice, name)
	var want any
	switch value := value.(type) {
	case nil:
	case string:
		want = value
	case json.Number:
		want = value.String()
	case bool:
		want = map[bool]string{true: "true", false: "false"}[value]
	default:
		if err == nil {
			t.Errorf("got a leaf of a nested value")
		}
		return
	}
	if err != nil {
		if !errors.Is(err, readers.ErrColumnType) || !strings.Contains(err.Error(), "two columns") && !strings.Contains(err.Error(), "map") {
			t.Error(err)
		}
		return
	}
	if got := column(t, in, l); len(got) == 0 || !cmp.Equal(got[len(got)-1], want) {
		t.Errorf("got %q, want %q at the end", got, want)
	}
}

// oracleJSON reads one object, and refuses a key that stands twice in an object
// that is in no array.
func oracleJSON(text []byte) (object map[string]any, refused string) {
	if bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) {
		return nil, "no text"
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if len(bytes.Trim(text, " \t\r")) == 0 {
		return nil, ""
	}
	if bytes.HasPrefix(text, []byte("PAR1")) || !json.Valid(text) {
		return nil, "no JSON"
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&object); err != nil || object == nil {
		return nil, "no object"
	}
	d = json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if refused := walkJSON(d, 0, false); refused != "" {
		return nil, refused
	}
	return object, ""
}

// walkJSON goes through the tokens of one value.
func walkJSON(d *json.Decoder, depth int, inArray bool) string {
	token, err := d.Token()
	if errors.Is(err, io.EOF) || err != nil {
		return "no JSON"
	}
	open, ok := token.(json.Delim)
	if !ok {
		return ""
	}
	if depth > 200 {
		return "too deep"
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return "no JSON"
			}
			if name := key.(string); seen[name] && !inArray {
				return "a key twice"
			} else {
				seen[name] = true
			}
		}
		if refused := walkJSON(d, depth+1, inArray || open == '['); refused != "" {
			return refused
		}
	}
	_, _ = d.Token()
	return ""
}
