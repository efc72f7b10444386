package readers_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"optout/readers"
)

// write makes a Parquet file and returns its path.
func write[T any](t testing.TB, name string, rows []T, options ...parquet.WriterOption) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := parquet.WriteFile(path, rows, options...); err != nil {
		t.Fatal(err)
	}
	return path
}

type person struct {
	ID    string `parquet:"profile_id"`
	Email string `parquet:"email,optional"`
}

// wantError checks that an error names the file and says what it should.
func wantError(t *testing.T, err error, file, text string) {
	t.Helper()
	var fileErr *readers.FileError
	if !errors.As(err, &fileErr) || fileErr.File != file || !strings.Contains(err.Error(), text) {
		t.Errorf("got %v, want a *FileError of %s with %q", err, file, text)
	}
}

func TestLeafErrors(t *testing.T) {
	consents := filepath.Join(interop, "consents_pyarrow.parquet")
	spark := filepath.Join(interop, "list_spark.parquet")
	bare := filepath.Join(interop, "list_parquetgo_bare.parquet")
	for _, test := range []struct {
		file string
		role readers.Role
		path []string
		want string
		is   error
	}{
		{consents, readers.Text, []string{"profile"}, "profile", readers.ErrNoColumn},
		{consents, readers.Choice, []string{"consents.marketing.email.value"}, "consents.marketing.email.value", readers.ErrNoColumn},
		{consents, readers.Choice, []string{"consents.marketing.email"}, "a struct with the fields val, time, reason, subscriptions", readers.ErrColumnType},
		{consents, readers.Choice, []string{"consents.idSpecific"}, "a map", readers.ErrColumnType},
		{consents, readers.Choice, []string{"consents", readers.MapValue}, "not a map", nil},
		{consents, readers.Choice, []string{"profile_id", readers.Element}, "not a list", nil},
		{consents, readers.Choice, []string{"profile_id", "val"}, "profile_id.val", readers.ErrNoColumn},
		{spark, readers.Text, []string{"ints"}, "a list", readers.ErrColumnType},
		{spark, readers.Flag, []string{"text"}, "not a boolean", readers.ErrColumnType},
		{spark, readers.Time, []string{"text"}, "not a timestamp", readers.ErrColumnType},
		{spark, readers.Key, []string{"d18"}, "not text, an integer or a UUID", readers.ErrColumnType},
		{bare, readers.Key, []string{"raw"}, "not text, an integer or a UUID", readers.ErrColumnType},
		{spark, readers.Key, []string{"f64"}, "not text, an integer or a UUID", readers.ErrColumnType},
	} {
		in := open(t, checked(t), test.file)
		_, err := in.Leaf(test.role, test.path...)
		wantError(t, err, test.file, test.want)
		if test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("%q: got %v, want one that wraps %v", test.path, err, test.is)
		}
	}
}

// TestLeafNames finds columns by dotted names, with and without the prefix of
// the XDM namespace.
func TestLeafNames(t *testing.T) {
	type val struct {
		Val string `parquet:"xdm:val"`
	}
	type row struct {
		Dotted string `parquet:"home.email"`
		Email  val    `parquet:"xdm:email"`
	}
	for _, path := range []string{
		write(t, "names.parquet", []row{{"dotted", val{"y"}}}),
		writeText(t, "names.ndjson", `{"home.email":"dotted","xdm:email":{"xdm:val":"y"}}`),
	} {
		in := open(t, checked(t), path)
		for want, paths := range map[string][][]string{
			"dotted": {{"home.email"}, {"home", "email"}, {"xdm:home.email"}},
			"y":      {{"email.val"}, {"xdm:email", "val"}, {"xdm:email.xdm:val"}},
		} {
			for _, p := range paths {
				if got := column(t, in, leaf(t, in, readers.Text, p...)); !cmp.Equal(got, []any{want}) {
					t.Errorf("%s, %q: got %q, want %q", path, p, got, want)
				}
			}
		}
	}
}

// TestLeafTwice refuses to choose between two columns of one name.
func TestLeafTwice(t *testing.T) {
	type row struct {
		Bare   string `parquet:"val"`
		Prefix string `parquet:"xdm:val"`
	}
	type nested struct {
		Bare   struct{ A string } `parquet:"email"`
		Prefix row                `parquet:"xdm:email"`
	}
	for _, test := range []struct{ path, column, want string }{
		{write(t, "twice.parquet", []row{{"y", "n"}}), "val", "val"},
		{write(t, "twice.parquet", []nested{{}}), "email.val", "email"},
		{writeText(t, "twice.ndjson", `{"val":"y","xdm:val":"n"}`), "val", "val"},
		{writeText(t, "twice.ndjson", `{"val":"y"}`+"\n"+`{"xdm:val":"n"}`), "xdm:val", "xdm:val"},
		{writeText(t, "twice.ndjson", `{"email":{"a":"y"},"xdm:email":{"val":"n"}}`), "email.val", "email"},
		{writeText(t, "twice.ndjson", `{"email":{"val":"y","xdm:val":"n"}}`), "email.val", "val"},
		{filepath.Join("..", "testdata", "malformed", "two_columns_of_one_name.parquet"), "email_opt_in", "email_opt_in"},
	} {
		_, err := open(t, checked(t), test.path).Leaf(readers.Choice, test.column)
		wantError(t, err, test.path, "unfit column: two columns are called \""+test.want+"\"")
	}
}

// TestFilesDiffer reads files of one input that do not agree.
func TestFilesDiffer(t *testing.T) {
	type number struct {
		ID int64 `parquet:"profile_id"`
	}
	type short struct {
		Email string `parquet:"email,optional"`
	}
	type wrapped struct {
		ID []person `parquet:"profile_id,list"`
	}
	type required struct {
		ID    string `parquet:"profile_id"`
		Email string `parquet:"email"`
	}
	first := write(t, "first.parquet", []person{{"p1", "a@example.com"}})
	for name, second := range map[string]string{
		"another type":  write(t, "number.parquet", []number{{1}}),
		"a column less": write(t, "short.parquet", []short{{"b@example.com"}}),
		"a list":        write(t, "wrapped.parquet", []wrapped{{[]person{{"p2", ""}}}}),
	} {
		in := open(t, checked(t), first, second)
		_, err := in.Leaf(readers.Key, "profile_id")
		wantError(t, err, second, "")
		if !errors.Is(err, readers.ErrColumnType) {
			t.Errorf("%s: got %v, want ErrColumnType", name, err)
		}
		_, err = in.Rows()
		wantError(t, err, second, "its schema is not that of "+first)
	}
	// A column that may be null in one file only is the same column to a rule,
	// but not to a writer that keeps the schema.
	second := write(t, "required.parquet", []required{{"p2", "b@example.com"}})
	in := open(t, checked(t), first, second)
	if got := column(t, in, leaf(t, in, readers.Text, "email")); !cmp.Equal(got, []any{"a@example.com", "b@example.com"}) {
		t.Errorf("got %q from an optional and a required column", got)
	}
	_, err := in.Rows()
	wantError(t, err, second, "its schema is not that of "+first)
}

// TestFilesInOrder numbers the rows of several files through.
func TestFilesInOrder(t *testing.T) {
	rows := []person{{"p0", ""}, {"p1", ""}, {"p2", ""}, {"p3", ""}, {"p4", ""}}
	first := write(t, "first.parquet", rows[:3], parquet.MaxRowsPerRowGroup(2))
	empty := write(t, "empty.parquet", rows[:0])
	last := write(t, "last.parquet", rows[3:])
	in := open(t, checked(t), first, empty, last)
	table := in.Table(leaf(t, in, readers.Key, "profile_id"))
	testTable(t, table, 5)
	var starts []int64
	for part := range table.NumParts() {
		starts = append(starts, table.FirstRow(part))
	}
	if want := []int64{0, 2, 3}; !slices.Equal(starts, want) {
		t.Errorf("got parts that start at %d, want %d", starts, want)
	}
	var got []any
	err := eachRecord(table, func(r arrow.Record) {
		for i := range int(r.NumRows()) {
			got = append(got, plain(r.Column(0), i))
		}
	})
	if want := []any{"p0", "p1", "p2", "p3", "p4"}; err != nil || !cmp.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if got := in.Files(); len(got) != 3 || got[1].Rows != 0 || got[2].Path != last || got[2].Bytes == 0 {
		t.Errorf("got files %+v", got)
	}
}

// TestEmpty reads files without rows: of no row group, of an empty one, and of
// an empty one between others.
func TestEmpty(t *testing.T) {
	for name, want := range expected(t).Empty {
		in := open(t, checked(t), filepath.Join(interop, name))
		if in.NumRows() != want {
			t.Errorf("%s: got %d rows, want %d", name, in.NumRows(), want)
		}
		table, err := in.Rows()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		testTable(t, table, want)
	}
}

func TestMetadata(t *testing.T) {
	path := write(t, "meta.parquet", []person{{"p", ""}}, parquet.KeyValueMetadata("as_of", "2026-11-01"))
	in := open(t, checked(t), path)
	if got, err := in.Metadata("as_of"); err != nil || !slices.Equal(got, []string{"2026-11-01"}) {
		t.Errorf("got %q, %v", got, err)
	}
	_, err := in.Metadata("absent")
	wantError(t, err, path, `no metadata "absent"`)
}
