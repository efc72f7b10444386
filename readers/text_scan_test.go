package readers

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"
)

// scanned is all that the first reading of a file finds out.
type scanned struct {
	Error, Digest, Keys string
	Rows                []int64
	Begins              []mark
}

// scanAs reads text cut into parts of so many bytes.
func scanAs(t testing.TB, name string, text []byte, threads int, partBytes int64) (s scanned) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	in := &Input{}
	add, err := in.start([]string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = add(context.Background(), path); err == nil {
		err = scanText(context.Background(), in.content.(textFormat), threads, partBytes)
	}
	if err != nil {
		return scanned{Error: strings.ReplaceAll(err.Error(), path, name)}
	}
	f := in.content.(textFormat).text()[0]
	s.Digest, s.Rows = hex.EncodeToString(f.sums.Sum(nil)), f.parts
	s.Begins = f.begins
	if j, ok := in.content.(*jsonFiles); ok {
		s.Keys = describeKeys(&j.root)
	}
	return s
}

func describeKeys(k *jsonKey) string {
	var keys []string
	for _, key := range k.keys {
		keys = append(keys, fmt.Sprintf("%q:%d%s", key.name, key.kinds, describeKeys(key)))
	}
	return "{" + strings.Join(keys, " ") + "}"
}

// FuzzTextScan reads text in stretches of a few bytes, where nearly every guess is
// tried: many threads find the same as one, which guesses nothing, and as many
// records as there are in one piece.
func FuzzTextScan(f *testing.F) {
	for _, text := range []string{
		"", "a", "a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n\r\n\r\n\r\n2,y\r\n", "\uFEFFa,b\n\"1\n2\",x\n\"\n\n\n\",\"\n\"\n3,y", "a\n\"\n\n\n1\n2\n3\n\n\n4\n\"\n5\n",
		"a,b\n\"1\n2,3\n4,5\n6,7\",8\n9\n", "a\n\"\n1\n2", "a,b\n1,2\n日本,語\n\"日\n本\",語\n", "a,b\n1,2\n3,\xFF\n", "a,b\n1,2\n3,4\n5,\x00\n",
		"a\n\n1\n\n2\n3\n\n\n4\n5\n\n6\n\n\n\n\n\n\n\n\n\n7\n8\n", "a,b\n1,2\n" + strings.Repeat("x", 100) + ",2\n3,4\n", "a,b\n1,2\n3\n4\n5,6\n",
	} {
		f.Add([]byte(text), uint8(7), false)
	}
	// A guess inside quotes, which finds no other end of them.
	f.Add([]byte("a,b\n"+strings.Repeat("1,x\n", 20)+"1,\""+strings.Repeat("y", 40)+"\n\"\n"+strings.Repeat("1,z\n", 200)), uint8(100), false)
	for _, text := range []string{
		"", "{}\n", "{\"a\":1}\n{\"b\":{\"c\":\"\"}}\n\n\n{\"a\":null,\"b\":{\"d\":[]}}\n{\"e\":true}", "{\"a\":1}\n{\"a\":1,\"a\":2}\n", "{\"a\":1}\n{\n{\"a\":1}\n",
		" {\"a\":1} \r\n\r\n\t{\"z\":1,\"a\":{\"y\":0}}\r\n{\"a\":{\"x\":1}}\r\n",
	} {
		f.Add([]byte(text), uint8(5), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, partBytes uint8, json bool) {
		if partBytes == 0 || len(text) > 4096 {
			return
		}
		name := "fuzz.csv"
		if json {
			name = "fuzz.ndjson"
		}
		want := scanAs(t, name, text, 1, int64(partBytes))
		if got := scanAs(t, name, text, 4, int64(partBytes)); !reflect.DeepEqual(got, want) {
			t.Errorf("on four threads: got %+v, want %+v", got, want)
		}
		for i, m := range want.Begins {
			if line := 1 + int64(bytes.Count(text[:m.offset], []byte("\n"))); m.line != line && want.Rows[i] > 0 {
				t.Errorf("part %d: got line %d, want %d", i, m.line, line)
			}
		}
		whole := scanAs(t, name, text, 1, 1<<30)
		if whole.Keys != want.Keys || (whole.Error == "") != (want.Error == "") {
			t.Errorf("got %+v, want %+v", want, whole)
		}
		if got, want := total(want.Rows), total(whole.Rows); got != want {
			t.Errorf("got %d rows, want %d", got, want)
		}
	})
}

func total(parts []int64) (n int64) {
	for _, rows := range parts {
		n += rows
	}
	return n
}

// TestTextScanGuesses reads a file of full size in which most line feeds stand
// between quotes, and one whose last record is wrong.
func TestTextScanGuesses(t *testing.T) {
	var text bytes.Buffer
	text.WriteString("id,note\n")
	for i := range 120_000 {
		fmt.Fprintf(&text, "%08d,\"one\nor, \"\"another\"\"\n%s\n\"\r\n", i, strings.Repeat("line,with\n", i%20))
	}
	want := scanAs(t, "notes.csv", text.Bytes(), 1, partBytes)
	if total(want.Rows) != 120_000 || len(want.Rows) < 3 {
		t.Fatalf("got %d rows in %d parts, want 120000 in some", total(want.Rows), len(want.Rows))
	}
	for _, threads := range []int{2, 5} {
		if got := scanAs(t, "notes.csv", text.Bytes(), threads, partBytes); !reflect.DeepEqual(got, want) {
			t.Errorf("%d threads: got %+v, want %+v", threads, got, want)
		}
	}
	lines := bytes.Count(text.Bytes(), []byte("\n"))
	text.WriteString("1,2,3\n")
	for _, threads := range []int{1, 2, 5} {
		got := scanAs(t, "notes.csv", text.Bytes(), threads, partBytes).Error
		if want := fmt.Sprintf("notes.csv: line %d: 3 fields, the header has 2", lines+1); !strings.Contains(got, want) {
			t.Errorf("%d threads: got %q, want %q", threads, got, want)
		}
	}
}

// TestTextScanParts: a part begins with the first record behind a multiple of its
// bytes.
func TestTextScanParts(t *testing.T) {
	for name, record := range map[string]string{"a.csv": "1,2,3\n", "q.csv": "1,\"2\",3\r\n", "a.ndjson": "{\"a\":1}\n"} {
		for _, threads := range []int{1, 4} {
			got := scanAs(t, name, []byte(strings.Repeat(record, 5000)), threads, 100)
			for i, m := range got.Begins[1:] {
				if over := m.offset - 100*int64(i+1); over < 0 || over >= int64(len(record)) {
					t.Fatalf("%s, %d threads: part %d begins at %d", name, threads, i+1, m.offset)
				}
			}
		}
	}
}

// TestTextScanFaults: the fault that stands first in a file is the one that is
// found, with its line.
func TestTextScanFaults(t *testing.T) {
	for name, test := range map[string]struct{ record, wrong string }{
		"a.csv":    {"1,2,3\n", "1,2\n"},
		"a.ndjson": {"{\"a\":1}\n", "{\"a\":}\n"},
	} {
		text := strings.Repeat(test.record, 7003) + test.wrong + strings.Repeat(test.record, 7003) + test.wrong
		for _, threads := range []int{1, 2, 7} {
			got := scanAs(t, name, []byte(text), threads, 100).Error
			if want := name + ": line 7004: "; !strings.HasPrefix(got, want) {
				t.Errorf("%d threads: got %q, want %q", threads, got, want)
			}
		}
	}
}

// TestTextScanFiles reads files of which some end before the first does, some are
// compressed, and one is wrong.
func TestTextScanFiles(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	add := func(name, text string) {
		var out bytes.Buffer
		w := io.WriteCloser(nopCloser{&out})
		if strings.HasSuffix(name, ".gz") {
			w = gzip.NewWriter(&out)
		}
		fmt.Fprint(w, text)
		w.Close()
		paths = append(paths, filepath.Join(dir, name))
		if err := os.WriteFile(paths[len(paths)-1], out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	rows := int64(0)
	for i := range 40 {
		n := 1 + i*i*7919%2000
		if i == 0 {
			n = 400_000
		}
		name := fmt.Sprintf("%02d.ndjson", i)
		if i%3 == 1 {
			name += ".gz"
		}
		add(name, strings.Repeat(fmt.Sprintf("{\"id\":\"%d\",\"k%02d\":true}\n", i, i), n))
		rows += int64(n)
	}
	for _, threads := range []int{1, 2, 8} {
		in, err := Open(context.Background(), paths, Options{Threads: threads}, memory.NewGoAllocator())
		if err != nil {
			t.Fatal(err)
		}
		if got := in.NumRows(); got != rows {
			t.Errorf("%d threads: got %d rows, want %d", threads, got, rows)
		}
		for i, key := range in.content.(*jsonFiles).root.keys[1:] {
			if want := fmt.Sprintf("k%02d", i); key.name != want {
				t.Errorf("%d threads: got key %s, want %s", threads, key.name, want)
			}
		}
	}
	add("wrong.ndjson", "{}\n\n{]\n")
	add("later.ndjson", "{]\n")
	for _, threads := range []int{1, 2, 8} {
		_, err := Open(context.Background(), paths, Options{Threads: threads}, memory.NewGoAllocator())
		if want := paths[40] + ": line 3: "; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d threads: got %v, want %s", threads, err, want)
		}
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := scanText(cancelled, newJSONFiles(), 2, partBytes); err != nil {
		t.Errorf("got %v of no files", err)
	}
	j := newJSONFiles()
	if _, err := j.add(cancelled, paths[0]); err != nil {
		t.Fatal(err)
	}
	if err := scanText(cancelled, j, 2, partBytes); !errors.Is(err, context.Canceled) || errors.As(err, new(*FileError)) {
		t.Errorf("got %v, want context.Canceled alone", err)
	}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// TestTextScanKeys: keys have the order in which they stand in the file, and those
// of all stretches together may be too many.
func TestTextScanKeys(t *testing.T) {
	record := func(i int) string { return fmt.Sprintf("{\"k%d\":{\"v\":%d},\"of\":%d}\n", i, i, i) }
	var text bytes.Buffer
	var want []string
	n := 0
	for ; n < (maxJSONKeys-1)/2; n++ {
		text.WriteString(record(n))
		want = append(want, fmt.Sprintf(`"k%d":%d{"v":%d{}}`, n, jsonObject, jsonInteger))
	}
	want = slices.Insert(want, 1, fmt.Sprintf(`"of":%d{}`, jsonInteger))
	for _, threads := range []int{1, 4} {
		got := scanAs(t, "keys.ndjson", text.Bytes(), threads, 64)
		if got.Error != "" || got.Keys != "{"+strings.Join(want, " ")+"}" {
			t.Errorf("%d threads: got %q and %d bytes of keys, or in another order than they have in the file", threads, got.Error, len(got.Keys))
		}
	}
	text.WriteString(record(n))
	for _, threads := range []int{1, 4} {
		got := scanAs(t, "keys.ndjson", text.Bytes(), threads, 64).Error
		if want := fmt.Sprintf("line %d: more than %d different keys", n+1, maxJSONKeys); !strings.Contains(got, want) {
			t.Errorf("%d threads: got %q, want %q", threads, got, want)
		}
	}
}

// TestWindowsApart: a part hands its buffer on once, however often it is closed, and
// nobody reads in it any more.
func TestWindowsApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("a\n"+strings.Repeat("value\n", windowBytes)), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := Open(t.Context(), []string{path}, Options{Threads: 2}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	f := in.content.(*csvFiles).files[0]
	open := func() *textSource {
		s, err := f.openPart(0)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := open()
	if err := first.close(); err != nil {
		t.Fatal(err)
	}
	_ = first.close() // which may say that the file is closed already
	second, third := open(), open()
	defer second.close()
	defer third.close()
	if first.window != nil || &second.buf[0] == &third.buf[0] {
		t.Error("two parts read into one buffer")
	}
}

// breaking is a format that cannot join what two threads found.
type breaking struct{ *csvFiles }

func (breaking) join(checker) bool { panic("somebody@example.com") }

// TestTextScanBreaks: a bug where stretches are joined is an error of the file, on
// whatever thread.
func TestTextScanBreaks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("a\n"+strings.Repeat("value\n", 10_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &csvFiles{}
	if _, err := c.add(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s := breaking{c}
	scan := &textScan{format: s, files: s.text()}
	scan.stretches = []stretch{{apart: true, read: true, from: s.files[0].joined, checker: s.checker(0)}}
	scan.join(t.Context(), &scan.stretches[0])
	if err := scan.err; err == nil || !strings.Contains(err.Error(), path+": the file is damaged") || strings.Contains(err.Error(), "somebody") {
		t.Errorf("got %v", err)
	}
}
