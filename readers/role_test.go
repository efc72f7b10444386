package readers_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optout/readers"
)

// flatRoles says which roles each column of the flat files can serve, beside
// Stored.
var flatRoles = map[string][]readers.Role{
	"key":          {readers.Text, readers.Key, readers.Choice},
	"key_int":      {readers.Key, readers.Choice},
	"key_uuid":     {readers.Key},
	"email_opt_in": {readers.Flag, readers.Choice},
	"val":          {readers.Text, readers.Key, readers.Choice},
	"t_ms":         {readers.Time},
	"t_us":         {readers.Time},
	"t_ns":         {readers.Time},
	"n":            {readers.Key, readers.Choice},
	"d":            nil,
	"f":            nil,
}

// TestFlatValues reads every column of every codec, page version and encoding
// in every role.
func TestFlatValues(t *testing.T) {
	want := expected(t).Flat
	for _, name := range want.Files {
		t.Run(strings.TrimSuffix(name, ".parquet"), func(t *testing.T) {
			in := open(t, checked(t), filepath.Join(interop, name))
			for col, roles := range flatRoles {
				for _, role := range roles {
					got := column(t, in, leaf(t, in, role, col))
					if diff := cmp.Diff(pick(want.Rows, col), got); diff != "" {
						t.Errorf("column %s as %s (-want +got):\n%s", col, role, diff)
					}
				}
			}
		})
	}
}

// TestRolesRefuse makes sure that a column of another type is refused, never
// converted.
func TestRolesRefuse(t *testing.T) {
	in := open(t, checked(t), filepath.Join(interop, "flat_snappy_v1_dict.parquet"))
	all := []readers.Role{readers.Text, readers.Key, readers.Choice, readers.Time, readers.Flag}
	for col, roles := range flatRoles {
		for _, role := range all {
			_, err := in.Leaf(role, col)
			fits := false
			for _, r := range roles {
				fits = fits || r == role
			}
			var file *readers.FileError
			switch {
			case fits && err != nil:
				t.Errorf("column %s as %s: got %v, want no error", col, role, err)
			case !fits && (!errors.As(err, &file) || !errors.Is(err, readers.ErrColumnType) || !strings.Contains(err.Error(), col)):
				t.Errorf("column %s as %s: got %v, want a *FileError with ErrColumnType that names the column", col, role, err)
			}
		}
	}
}

// TestRequiredValues guards against a bug of parquet-go v0.26.4 and v0.27.0,
// which lost required booleans beside a converted column.
func TestRequiredValues(t *testing.T) {
	want := expected(t).Required
	for _, name := range want.Files {
		in := open(t, checked(t), filepath.Join(interop, name))
		table := map[string]readers.Role{
			"profile_id": readers.Key, "opted_in": readers.Flag, "n": readers.Key, "confirmed": readers.Choice, "t": readers.Time,
		}
		for col, role := range table {
			got := column(t, in, leaf(t, in, role, col))
			if diff := cmp.Diff(pick(want.Rows, col), got); diff != "" {
				t.Errorf("%s, column %s (-want +got):\n%s", name, col, diff)
			}
		}
	}
}

// TestUnsignedValues reads unsigned integers above the signed range, which
// DuckDB delta-encodes as the wider numbers they are.
func TestUnsignedValues(t *testing.T) {
	for name, rows := range expected(t).Unsigned {
		in := open(t, checked(t), filepath.Join(interop, name))
		for i, col := range []string{"u32", "u64"} {
			var want []any
			for _, row := range rows {
				want = append(want, row[i])
			}
			if diff := cmp.Diff(want, column(t, in, leaf(t, in, readers.Key, col))); diff != "" {
				t.Errorf("%s, column %s (-want +got):\n%s", name, col, diff)
			}
		}
	}
}

// TestTextWithoutAnnotation reads byte arrays of a writer that does not say
// that they are text.
func TestTextWithoutAnnotation(t *testing.T) {
	const name = "list_parquetgo_bare.parquet"
	in := open(t, checked(t), filepath.Join(interop, name))
	want := flatten(expected(t).Lists[name].Leaves["val"])
	for _, role := range []readers.Role{readers.Text, readers.Key, readers.Choice} {
		if diff := cmp.Diff(want, column(t, in, leaf(t, in, role, "val"))); diff != "" {
			t.Errorf("as %s (-want +got):\n%s", role, diff)
		}
	}
}

// flatten makes one value a row, nil for none.
func flatten(rows [][]any) (values []any) {
	for _, row := range rows {
		if len(row) == 0 {
			values = append(values, nil)
		} else {
			values = append(values, row[0])
		}
	}
	return values
}

// pick takes one column.
func pick(rows []map[string]any, name string) (values []any) {
	for _, row := range rows {
		values = append(values, row[name])
	}
	return values
}
