package identity

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// readTable reads a table of testdata/identity. Cells may hold the escapes of
// Go strings. The first line names the columns.
func readTable(t testing.TB, name string, columns ...string) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "identity", name))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if got, want := lines[0], strings.Join(columns, "\t"); got != want {
		t.Fatalf("%s: columns %q, want %q", name, got, want)
	}
	var rows [][]string
	for i, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != len(columns) {
			t.Fatalf("%s:%d: %d cells, want %d", name, i+2, len(cells), len(columns))
		}
		for j, cell := range cells {
			if cells[j], err = strconv.Unquote(`"` + cell + `"`); err != nil {
				t.Fatalf("%s:%d: cell %d: %v", name, i+2, j+1, err)
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

func kindOf(t testing.TB, name string) Kind {
	t.Helper()
	for k := None; k <= Token; k++ {
		if k.String() == name {
			return k
		}
	}
	t.Fatalf("no kind %q", name)
	return None
}

func newTestNormalizer(t testing.TB, region string) *Normalizer {
	t.Helper()
	n, err := NewNormalizer(Options{Region: region})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// reporter is what *testing.T and *rapid.T have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// normalise returns the normal form of text and checks the laws that hold for
// every text.
func normalise(t reporter, n *Normalizer, k Kind, text string) (string, Status) {
	t.Helper()
	raw := []byte(text)
	const before = "before"
	out, status := n.AppendAddress([]byte(before), k, raw)
	if string(raw) != text {
		t.Errorf("%s %q: raw was changed to %q", k, text, raw)
	}
	form, found := strings.CutPrefix(string(out), before)
	if !found {
		t.Fatalf("%s %q: dst was changed to %q", k, text, out)
	}
	if status != Valid {
		if form != "" {
			t.Errorf("%s %q: %s, but %q was appended", k, text, status, form)
		}
		return "", status
	}
	again, status := n.AppendAddress(nil, k, []byte(form))
	if status != Valid || string(again) != form {
		t.Errorf("%s %q: normal form of %q is %q (%s), want itself", k, text, form, again, status)
	}
	return form, Valid
}

func TestSame(t *testing.T) {
	for _, row := range readTable(t, "same.tsv", "kind", "region", "a", "b", "note") {
		n, k := newTestNormalizer(t, row[1]), kindOf(t, row[0])
		a, statusA := normalise(t, n, k, row[2])
		b, statusB := normalise(t, n, k, row[3])
		if statusA != Valid || statusB != Valid || a != b {
			t.Errorf("%s: %s %q is %q (%s), %q is %q (%s), want the same",
				row[4], k, row[2], a, statusA, row[3], b, statusB)
		}
	}
}

func TestDifferent(t *testing.T) {
	for _, row := range readTable(t, "different.tsv", "kind", "region", "a", "b", "note") {
		n, k := newTestNormalizer(t, row[1]), kindOf(t, row[0])
		a, statusA := normalise(t, n, k, row[2])
		b, statusB := normalise(t, n, k, row[3])
		if statusA != Valid || statusB != Valid || a == b {
			t.Errorf("%s: %s %q is %q (%s), %q is %q (%s), want two valid ones that differ",
				row[4], k, row[2], a, statusA, row[3], b, statusB)
		}
	}
}

func TestMalformed(t *testing.T) {
	for _, row := range readTable(t, "malformed.tsv", "kind", "region", "value", "want", "note") {
		n, k := newTestNormalizer(t, row[1]), kindOf(t, row[0])
		form, got := normalise(t, n, k, row[2])
		if got.String() != row[3] {
			t.Errorf("%s: %s %q is %q (%s), want %s", row[4], k, row[2], form, got, row[3])
		}
	}
}
