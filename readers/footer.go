package readers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const (
	magic = "PAR1"
	// footerTrailer is the footer's length (four bytes) and the magic number.
	footerTrailer = 8
	// maxFixedLength is the library's limit of a fixed-length value.
	maxFixedLength = 1<<15 - 1
)

// checkFooter refuses, before the library sees it, a footer that cannot be
// true: the library would allocate whatever it claims. It returns where in the
// file the footer starts.
func checkFooter(r io.ReaderAt, size int64) (start int64, err error) {
	start, err = findFooter(r, size)
	if err != nil {
		return 0, err
	}
	text := make([]byte, size-footerTrailer-start)
	if _, err := r.ReadAt(text, start); err != nil {
		return 0, noEOF(err)
	}
	n, err := measureThrift(text)
	if err != nil {
		return 0, fmt.Errorf("read footer: %w", err)
	}
	var meta format.FileMetaData
	var proto thrift.CompactProtocol
	if err := thrift.Unmarshal(&proto, text[:n], &meta); err != nil {
		return 0, fmt.Errorf("read footer: %w", err)
	}
	if meta.EncryptionAlgorithm.Value != nil {
		return 0, errEncrypted
	}
	if n != len(text) {
		return 0, fmt.Errorf("the footer holds %d bytes more than its structure", len(text)-n)
	}
	return start, checkTree(&meta)
}

// findFooter reads the ends of the file.
func findFooter(r io.ReaderAt, size int64) (start int64, err error) {
	if size == 0 {
		return 0, errors.New("the file is empty")
	}
	if size < int64(len(magic))+footerTrailer {
		return 0, errors.New("not a Parquet file: too short")
	}
	var head [4]byte
	var tail [footerTrailer]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return 0, noEOF(err)
	}
	if _, err := r.ReadAt(tail[:], size-footerTrailer); err != nil {
		return 0, noEOF(err)
	}
	switch {
	case string(tail[4:]) == "PARE" || string(head[:]) == "PARE":
		return 0, errEncrypted
	case string(head[:]) != magic:
		return 0, errors.New("not a Parquet file")
	case string(tail[4:]) != magic:
		return 0, errors.New("the Parquet footer is missing: the file is truncated, or was still being written")
	}
	n := int64(binary.LittleEndian.Uint32(tail[:]))
	if n > size-footerTrailer-int64(len(magic)) {
		return 0, fmt.Errorf("the footer claims %d bytes in a file of %d", n, size)
	}
	return size - footerTrailer - n, nil
}

var errEncrypted = errors.New("encrypted Parquet is not supported")

// checkTree holds the schema, a tree laid flat, and the number of columns of
// each row group against each other: the library reserves memory for their
// product, and for the square of the depth.
func checkTree(meta *format.FileMetaData) error {
	var types []format.Type // of the leaves
	var open []int32        // children still to come, of each group that is not complete
	for i := range meta.Schema {
		e := &meta.Schema[i]
		children := int32(0)
		if e.NumChildren.Valid {
			children = e.NumChildren.V
		}
		switch {
		case i > 0 && len(open) == 0:
			return errors.New("the schema has more columns than its groups")
		case e.Type.Valid && (i == 0 || children != 0 || saysGroup(e)):
			return fmt.Errorf("the schema has a column %q that is both a group and a value", e.Name)
		case !e.Type.Valid && (children < 0 || children == 0 && i > 0):
			return fmt.Errorf("the schema has a group %q of %d columns", e.Name, children)
		}
		if i > 0 {
			open[len(open)-1]--
		}
		if e.Type.Valid {
			if err := checkLeaf(e); err != nil {
				return fmt.Errorf("column %q %w", e.Name, err)
			}
			types = append(types, e.Type.V)
		} else {
			open = append(open, children)
		}
		if len(open) > parquet.MaxColumnDepth {
			return fmt.Errorf("the schema nests deeper than %d", parquet.MaxColumnDepth)
		}
		for len(open) > 0 && open[len(open)-1] == 0 {
			open = open[:len(open)-1]
		}
	}
	switch {
	case len(open) > 0:
		return errors.New("the schema has fewer columns than its groups")
	case len(types) == 0:
		return errors.New("the file has no columns")
	}
	for g := range meta.RowGroups {
		columns := meta.RowGroups[g].Columns
		if len(columns) != len(types) {
			return fmt.Errorf("row group %d has %d columns, the schema has %d", g, len(columns), len(types))
		}
		for c := range columns {
			if got := columns[c].MetaData.Type; got != types[c] && !isEncrypted(&columns[c]) {
				return fmt.Errorf("row group %d, column %d is %s, in the schema %s", g, c, got, types[c])
			}
		}
	}
	return nil
}

// checkLeaf looks for types that make the library panic.
func checkLeaf(e *format.SchemaElement) error {
	_, logical := e.LogicalType.Value.(*format.DecimalType)
	decimal := logical || e.ConvertedType.Valid && e.ConvertedType.V == deprecated.Decimal
	switch e.Type.V {
	case format.Boolean, format.Int96, format.Float, format.Double:
		if decimal {
			return fmt.Errorf("is a decimal stored as %s", e.Type.V)
		}
	case format.Int32, format.Int64, format.ByteArray:
	case format.FixedLenByteArray:
		if n := e.TypeLength.V; n < 1 || n > maxFixedLength {
			return fmt.Errorf("has values of %d bytes, which is not supported", n)
		}
	default:
		return fmt.Errorf("has the unknown type %s", e.Type.V)
	}
	return nil
}

func isEncrypted(c *format.ColumnChunk) bool {
	return c.CryptoMetadata.Value != nil || c.EncryptedColumnMetadata != nil
}

// saysGroup reports whether a column is annotated as a list, a map or the like.
func saysGroup(e *format.SchemaElement) bool {
	switch e.LogicalType.Value.(type) {
	case *format.MapType, *format.ListType, *format.VariantType:
		return true
	}
	switch e.ConvertedType.V {
	case deprecated.Map, deprecated.MapKeyValue, deprecated.List:
		return e.ConvertedType.Valid
	}
	return false
}
