package readers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
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
	leaves := 0
	var open []int32 // children still to come, of each group that is not complete
	for i := range meta.Schema {
		e := &meta.Schema[i]
		children := int32(0)
		if e.NumChildren.Valid {
			children = e.NumChildren.V
		}
		switch {
		case i > 0 && len(open) == 0:
			return errors.New("the schema has more columns than its groups")
		case e.Type.Valid && (i == 0 || children != 0):
			return fmt.Errorf("the schema has a column %q that is both a group and a value", e.Name)
		case !e.Type.Valid && (children < 0 || children == 0 && i > 0):
			return fmt.Errorf("the schema has a group %q of %d columns", e.Name, children)
		}
		if e.Type.Valid && parquet.Kind(e.Type.V) == parquet.FixedLenByteArray && (e.TypeLength.V < 1 || e.TypeLength.V > maxFixedLength) {
			return fmt.Errorf("column %q has values of %d bytes, which is not supported", e.Name, e.TypeLength.V)
		}
		if i > 0 {
			open[len(open)-1]--
		}
		if e.Type.Valid {
			leaves++
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
	case leaves == 0:
		return errors.New("the file has no columns")
	}
	for g := range meta.RowGroups {
		if n := len(meta.RowGroups[g].Columns); n != leaves {
			return fmt.Errorf("row group %d has %d columns, the schema has %d", g, n, leaves)
		}
	}
	return nil
}
