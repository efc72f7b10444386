package readers_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
)

// TestValue makes fallback values in the stored type of each column, and none
// that the column could not hold.
func TestValue(t *testing.T) {
	in := open(t, checked(t), filepath.Join(interop, "list_pyarrow.parquet"))
	table, err := in.Rows()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ column, text, want string }{
		{"text", "dear customer", "dear customer"},
		{"text", "", ""},
		{"yes", "true", "true"},
		{"i32", "-7", "-7"},
		{"i64", "9223372036854775807", "9223372036854775807"},
		{"i8", "-128", "-128"},
		{"u32", "4294967295", "-1"}, // as it is stored
		{"f32", "0.5", "0.5"},
		{"f64", "1e300", "1e+300"},
	} {
		i := slices.Index(table.Columns(), test.column)
		a, err := table.Value(i, test.text)
		if err != nil {
			t.Errorf("column %s, %q: %v", test.column, test.text, err)
			continue
		}
		if got := fallback(a); a.Len() != 1 || got != test.want {
			t.Errorf("column %s, %q: got %q, want %q", test.column, test.text, got, test.want)
		}
		if err := eachRecord(table, func(r arrow.Record) {
			typ := r.Column(i).DataType()
			if d, ok := typ.(*arrow.DictionaryType); ok {
				typ = d.ValueType
			}
			if !arrow.TypeEqual(typ, a.DataType()) {
				t.Errorf("column %s: got type %s, want that of its records, %s", test.column, a.DataType(), typ)
			}
		}); err != nil {
			t.Error(err)
		}
		a.Release()
	}
	for _, test := range []struct{ column, text string }{
		{"yes", "oui"},
		{"i32", "2147483648"},
		{"i64", "1.5"},
		{"f64", "many"},
		{"i8", "128"},
		{"u8", "256"},
		{"u32", "-1"},
		{"u64", "18446744073709551616"},
		{"d18", "1.5"},
		{"day", "2026-01-01"},
		{"t_us", "2026-01-01"},
		{"ints", "1"},
		{"pair", "1"},
	} {
		i := slices.Index(table.Columns(), test.column)
		if a, err := table.Value(i, test.text); err == nil || !strings.Contains(err.Error(), test.column) {
			t.Errorf("column %s, %q: got %v, %v, want an error that names the column", test.column, test.text, a, err)
		}
	}
}

func fallback(a arrow.Array) string {
	if s, ok := plain(a, 0).(string); ok {
		return s
	}
	return a.ValueStr(0)
}
