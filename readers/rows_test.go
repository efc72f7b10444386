package readers_test

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// TestRows reads the send lists of all writers, which have every type, and what
// some writers do in ways of their own, as they are stored, and compares the
// values of each leaf row by row.
func TestRows(t *testing.T) {
	files := expected(t).Lists
	maps.Copy(files, expected(t).Quirks)
	for name, want := range files {
		t.Run(strings.TrimSuffix(name, ".parquet"), func(t *testing.T) {
			path := filepath.Join(interop, name)
			in := open(t, checked(t), path)
			table, err := in.Rows()
			if err != nil {
				t.Fatal(err)
			}
			if in.NumRows() != want.Rows || table.NumParts() != want.RowGroups {
				t.Errorf("got %d rows in %d parts, want %d in %d", in.NumRows(), table.NumParts(), want.Rows, want.RowGroups)
			}
			paths, types := leafPaths(t, path), leafTypes(table.Schema())
			got := make(map[string][][]any)
			err = eachRecord(table, func(r arrow.Record) {
				for c := range int(r.NumCols()) {
					leaf := strings.Join(paths[c], ".")
					for row := range int(r.NumRows()) {
						got[leaf] = append(got[leaf], stored(r.Column(c), row, types[c]))
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.Leaves, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func leafTypes(n parquet.Node) (types []parquet.Type) {
	if n.Leaf() {
		return []parquet.Type{n.Type()}
	}
	for _, f := range n.Fields() {
		types = append(types, leafTypes(f)...)
	}
	return types
}

// stored lists the values of a row that are not null, in the form of
// expected.json: see expect.py.
func stored(a arrow.Array, i int, typ parquet.Type) []any {
	values := []any{}
	switch a := a.(type) {
	case *array.List:
		start, end := a.ValueOffsets(i)
		for k := start; k < end; k++ {
			values = append(values, stored(a.ListValues(), int(k), typ)...)
		}
		return values
	case *array.Struct:
		return stored(a.Field(1), i, typ)
	}
	if a.IsNull(i) {
		return values
	}
	if d, ok := a.(*array.Dictionary); ok {
		return append(values, storedValue(d.Dictionary(), d.GetValueIndex(i), typ))
	}
	return append(values, storedValue(a, i, typ))
}

func storedValue(a arrow.Array, i int, typ parquet.Type) any {
	var logical any
	if l := typ.LogicalType(); l != nil {
		logical = l.Value
	}
	integer, isInteger := logical.(*format.IntType)
	unsigned := isInteger && !integer.IsSigned
	switch a := a.(type) {
	case *array.Boolean:
		return a.Value(i)
	case *array.Int32:
		if unsigned {
			return number(uint32(a.Value(i)))
		}
	case *array.Int64:
		if unsigned {
			return number(uint64(a.Value(i)))
		}
	case *array.Float32:
		return fmt.Sprintf("%08x", math.Float32bits(a.Value(i)))
	case *array.Float64:
		return fmt.Sprintf("%016x", math.Float64bits(a.Value(i)))
	case *array.Binary:
		return storedBytes(a.Value(i), logical, typ)
	case *array.FixedSizeBinary:
		return storedBytes(a.Value(i), logical, typ)
	}
	return json.Number(a.ValueStr(i))
}

func storedBytes(b []byte, logical any, typ parquet.Type) any {
	switch logical.(type) {
	case *format.DecimalType: // two's complement, greatest byte first
		n := new(big.Int).SetBytes(b)
		if b[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
		return json.Number(n.String())
	case *format.Float16Type:
		b = slices.Clone(b)
		slices.Reverse(b)
		return hex.EncodeToString(b)
	}
	if typ.Kind() == parquet.Int96 {
		nanos, day := int64(binary.LittleEndian.Uint64(b)), int64(binary.LittleEndian.Uint32(b[8:]))
		return number((day-2440588)*86400e9 + nanos)
	}
	if !utf8.Valid(b) {
		return "0x" + hex.EncodeToString(b)
	}
	return string(b)
}

func number[T uint32 | uint64 | int64](v T) json.Number {
	if v < 0 {
		return json.Number(strconv.FormatInt(int64(v), 10))
	}
	return json.Number(strconv.FormatUint(uint64(v), 10))
}
