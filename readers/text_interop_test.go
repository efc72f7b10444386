package readers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"optout/readers"
)

// textRows are the rows of the text files in interop: see text.py there.
func textRows() (rows [][]any) {
	notes := []any{"plain", nil, `a "quote"`, "a, comma; and more", "two\nlines", "two\r\nlines", " blanks ", "ümlaut 日本 😀", "'", "\\ and \t"}
	start := time.Date(2026, 11, 1, 8, 30, 0, 0, time.UTC)
	for i := range 40 {
		row := []any{fmt.Sprintf("p-%03d", i), notes[i%len(notes)], strconv.Itoa(i * 1_000_000_007), nil, nil}
		if i%7 == 3 {
			row[2] = nil
		}
		if i%5 != 4 {
			row[3] = start.Add(time.Duration(i) * 1001 * time.Millisecond).Format("2006-01-02T15:04:05.000000Z")
		}
		if i%3 != 2 {
			row[4] = i%2 == 0
		}
		rows = append(rows, row)
	}
	return rows
}

// TestTextOfOthers reads text that other tools wrote.
func TestTextOfOthers(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(interop, "text_*"))
	if err != nil || len(files) < 18 {
		t.Fatalf("got %d files, %v, want at least 18", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			o := readers.Options{}
			switch {
			case strings.Contains(path, "semicolon"):
				o.Delimiter = ';'
			case strings.Contains(path, "pipe"):
				o.Delimiter = '|'
			}
			in, err := readers.Open(context.Background(), []string{path}, o, checked(t))
			if err != nil {
				t.Fatal(err)
			}
			table := in.Table(
				leaf(t, in, readers.Key, "id"), leaf(t, in, readers.Text, "note"), leaf(t, in, readers.Key, "count"),
				leaf(t, in, readers.Time, "at"), leaf(t, in, readers.Flag, "flag"))
			testTable(t, table, 40)
			got := allRows(t, table)
			for _, row := range got {
				if n, ok := row[2].(json.Number); ok {
					row[2] = n.String()
				}
			}
			if diff := cmp.Diff(textRows(), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			rows, err := in.Rows()
			if strings.Contains(path, "index") {
				wantError(t, err, path, "column 1 of the header has no name")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			testTable(t, rows, 40)
		})
	}
}
