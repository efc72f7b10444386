package writers

import (
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// leafColumn is what encoding needs to know of a leaf of a file.
type leafColumn struct {
	path   []string
	kind   parquet.Kind
	width  int // bytes of a value; 0 for byte arrays and booleans
	maxRep int
	maxDef int
	shift  int // levels added because the top-level column was made optional
	words  bool
	order  order
}

// leafColumns lists the leaves of a schema.
func leafColumns(s *parquet.Schema) (leaves []leafColumn) {
	for _, f := range s.Fields() {
		shift := 0
		if c, ok := f.(*column); ok && c.optional {
			shift = 1
		}
		leaves = appendLeaves(leaves, f, leafColumn{path: []string{f.Name()}, shift: shift})
	}
	return leaves
}

// appendLeaves appends the leaves below n; above has what holds above it.
func appendLeaves(leaves []leafColumn, n parquet.Node, above leafColumn) []leafColumn {
	if !n.Required() {
		above.maxDef++
	}
	if n.Repeated() {
		above.maxRep++
	}
	if !n.Leaf() {
		for _, f := range n.Fields() {
			below := above
			below.path = append(slices.Clone(above.path), f.Name())
			leaves = appendLeaves(leaves, f, below)
		}
		return leaves
	}
	if above.kind = n.Type().Kind(); above.kind < 0 {
		above.kind = parquet.Int32 // a column that is always null, of which the library knows no kind
	}
	above.words = n.Encoding() != nil && isDictionary(n.Encoding())
	above.order = orderOf(n.Type())
	switch above.kind {
	case parquet.Int32, parquet.Float:
		above.width = 4
	case parquet.Int64, parquet.Double:
		above.width = 8
	case parquet.Int96:
		above.width = 12
	case parquet.FixedLenByteArray:
		above.width = n.Type().Length()
	}
	return append(leaves, above)
}

// order is how the values of a column compare, for its statistics.
type order uint8

const (
	orderNone order = iota // not defined, or not worth it: no least and greatest value
	orderInt32
	orderInt64
	orderBytes
)

// orderOf says how values of a type compare: the format's column order
// TYPE_DEFINED_ORDER. Floating-point numbers have none here, since NaN and the
// two zeros make bounds that readers disagree about.
func orderOf(t parquet.Type) order {
	var logical any
	if l := t.LogicalType(); l != nil {
		logical = l.Value
	}
	switch l := logical.(type) {
	case nil, *format.StringType, *format.EnumType, *format.DateType, *format.TimeType, *format.TimestampType:
	case *format.IntType:
		if !l.IsSigned {
			return orderNone
		}
	default:
		return orderNone
	}
	switch t.Kind() {
	case parquet.Int32:
		return orderInt32
	case parquet.Int64:
		return orderInt64
	case parquet.ByteArray:
		return orderBytes
	}
	return orderNone
}
