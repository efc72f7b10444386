package readers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Footers and page headers are Thrift structs in the compact protocol
// (github.com/apache/thrift doc/specs/thrift-compact-protocol.md). The
// library's decoder believes the length of a list, and follows structs within
// structs as deep as they go, so that a few bytes can take all memory or all
// stack, which no recover catches. Hence a struct is measured here before it is
// decoded there.

const (
	maxThriftDepth = 32 // a footer nests about eight deep
	// minThriftElement is what a struct in a list takes at least, on average
	// over a footer: the least of Parquet's takes three bytes, most over seven.
	minThriftElement = 4
)

var errThrift = errors.New("its structure is damaged")

// measureThrift returns the length of the struct at the start of src. The error
// is io.ErrUnexpectedEOF where the struct goes on behind the end of src.
func measureThrift(src []byte) (int, error) {
	m := thriftMeasure{src: src, elements: len(src)/minThriftElement + 1}
	if err := m.structure(0); err != nil {
		return 0, err
	}
	return m.at, nil
}

type thriftMeasure struct {
	src      []byte
	at       int
	elements int // structs in lists that may still follow
}

// skip passes n bytes.
func (m *thriftMeasure) skip(n uint64) error {
	if n > uint64(len(m.src)-m.at) {
		return io.ErrUnexpectedEOF
	}
	m.at += int(n)
	return nil
}

func (m *thriftMeasure) byte() (byte, error) {
	if m.at == len(m.src) {
		return 0, io.ErrUnexpectedEOF
	}
	m.at++
	return m.src[m.at-1], nil
}

func (m *thriftMeasure) varint() (uint64, error) {
	v, n := binary.Uvarint(m.src[m.at:])
	switch {
	case n == 0:
		return 0, io.ErrUnexpectedEOF
	case n < 0:
		return 0, fmt.Errorf("%w: a number is too long", errThrift)
	}
	m.at += n
	return v, nil
}

func (m *thriftMeasure) structure(depth int) error {
	if depth > maxThriftDepth {
		return fmt.Errorf("%w: it nests deeper than %d", errThrift, maxThriftDepth)
	}
	for {
		head, err := m.byte()
		if err != nil {
			return err
		}
		if head == 0 {
			return nil
		}
		if head>>4 == 0 { // the field's number follows
			if _, err := m.varint(); err != nil {
				return err
			}
		}
		kind := head & 0xF
		if kind == 1 || kind == 2 { // true and false, which have no bytes of their own
			continue
		}
		if err := m.value(kind, depth); err != nil {
			return err
		}
	}
}

// value passes a value of a field or of a list.
func (m *thriftMeasure) value(kind byte, depth int) error {
	switch kind {
	case 1, 2, 3: // boolean, byte
		return m.skip(1)
	case 4, 5, 6: // integers
		_, err := m.varint()
		return err
	case 7: // double
		return m.skip(8)
	case 8: // binary, string
		n, err := m.varint()
		if err != nil {
			return err
		}
		return m.skip(n)
	case 9, 10:
		return m.list(depth)
	case 12:
		return m.structure(depth + 1)
	case 13: // UUID
		return m.skip(16)
	}
	// A map (11) is not in Parquet.
	return fmt.Errorf("%w: a value of unknown type %d", errThrift, kind)
}

func (m *thriftMeasure) list(depth int) error {
	head, err := m.byte()
	if err != nil {
		return err
	}
	n, kind := uint64(head>>4), head&0xF
	if n == 0xF {
		if n, err = m.varint(); err != nil {
			return err
		}
	}
	if n > uint64(len(m.src)-m.at) { // an element takes a byte at least
		return io.ErrUnexpectedEOF
	}
	if kind == 12 {
		if m.elements -= int(n); m.elements < 0 {
			return fmt.Errorf("%w: more elements than its bytes can hold", errThrift)
		}
	}
	if depth > maxThriftDepth {
		return fmt.Errorf("%w: it nests deeper than %d", errThrift, maxThriftDepth)
	}
	for range n {
		if err := m.value(kind, depth+1); err != nil {
			return err
		}
	}
	return nil
}
