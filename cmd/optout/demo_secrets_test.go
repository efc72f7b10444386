package main

import (
	"index/suffixarray"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
)

// TestDemoShowsNobody searches all that a run tells of, but the audiences and
// the quarantine, for the addresses of its lists.
func TestDemoShowsNobody(t *testing.T) {
	r := firstRun(t)
	var told strings.Builder
	told.WriteString(r.stdout + r.stderr)
	for _, name := range []string{"report.html", "summary.json", "manifest.json"} {
		text, err := os.ReadFile(filepath.Join(r.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		told.Write(text)
	}
	files := []string{"summary.parquet"}
	for _, l := range r.summary.Lists {
		files = append(files, filepath.Join("ledger", l.Name, "part-00000.parquet"))
	}
	for _, name := range files {
		rows, err := openInput(t, filepath.Join(r.dir, name)).Rows()
		if err != nil {
			t.Fatal(err)
		}
		eachRecord(t, rows, func(record arrow.Record) {
			for _, c := range record.Columns() {
				told.WriteString(c.String())
			}
		})
	}
	index := suffixarray.New([]byte(strings.ToLower(told.String())))
	if len(index.Lookup([]byte("opt_out_identity"), 1)) == 0 {
		t.Fatal("the ledgers were not read")
	}
	addresses := 0
	for list, column := range map[string]string{
		"black_friday.parquet": "email", "black_friday_members": "contact.email", "flash_sale.parquet": "mobile", "order_updates.parquet": "device_token",
		"back_in_stock.parquet": "email",
	} {
		for _, row := range cells(t, demoDir("lists", list), column) {
			for _, form := range forms(row[0]) {
				addresses++
				if len(index.Lookup([]byte(form), 1)) > 0 {
					t.Errorf("an address of %s, of the form %q, stands where it must not", list, form)
				}
			}
		}
	}
	if addresses < 3000 {
		t.Errorf("only %d addresses searched for", addresses)
	}
}

// forms are spellings of an address to search for. What is too short to be one
// may stand anywhere.
func forms(address string) (all []string) {
	address = strings.ToLower(strings.TrimSpace(address))
	if len(address) < 6 || address == "unknown" || address == "(null)" {
		return nil
	}
	all = []string{address}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, address)
	if !strings.ContainsAny(address, "@:") && len(digits) > 9 {
		all = append(all, digits[len(digits)-9:])
	}
	return all
}

// TestDemoIsPrivate makes sure that only their owner can read what was
// published.
func TestDemoIsPrivate(t *testing.T) {
	err := filepath.WalkDir(firstRun(t).out, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := os.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
