package writers

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const magic = "PAR1"

// newFooter is the footer of a file without rows. The library makes it: how a
// schema is annotated is its business.
func newFooter(schema *parquet.Schema) (*format.FileMetaData, error) {
	var file bytes.Buffer
	w := parquet.NewWriter(&file, schema,
		parquet.CreatedBy("optout", "1", "0")) // fixed: the same rows give the same bytes
	if err := w.Close(); err != nil {
		return nil, err
	}
	f, err := parquet.OpenFile(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		return nil, err
	}
	footer := *f.Metadata()
	footer.RowGroups = nil
	return &footer, nil
}

// writeFooter writes the footer, its length and the magic number.
func writeFooter(w io.Writer, footer *format.FileMetaData) error {
	var text bytes.Buffer
	var protocol thrift.CompactProtocol
	if err := thrift.NewEncoder(protocol.NewWriter(&text)).Encode(footer); err != nil {
		return err
	}
	if text.Len() > math.MaxInt32 {
		return fmt.Errorf("a footer of %d bytes", text.Len())
	}
	tail := append(binary.LittleEndian.AppendUint32(nil, uint32(text.Len())), magic...)
	if _, err := w.Write(text.Bytes()); err != nil {
		return err
	}
	_, err := w.Write(tail)
	return err
}

// writeChunk writes a finished column chunk at an offset of the file and says
// where it is.
func writeChunk(w io.Writer, c *chunk, offset int64) (format.ColumnChunk, int64, error) {
	meta := format.ColumnMetaData{
		Type: format.Type(c.leaf.kind), PathInSchema: c.leaf.path, Codec: c.pages.codec.CompressionCodec(),
		NumValues: c.total, DataPageOffset: offset, Statistics: c.bounds.statistics(c.nulls),
	}
	if c.pages.coded {
		page, err := c.pages.dictionary(c.dict)
		if err != nil {
			return format.ColumnChunk{}, 0, err
		}
		if _, err := w.Write(page); err != nil {
			return format.ColumnChunk{}, 0, err
		}
		meta.DictionaryPageOffset = offset
		meta.DataPageOffset = offset + int64(len(page))
		meta.TotalCompressedSize = int64(len(page))
		meta.Encoding = append(meta.Encoding, format.RLEDictionary)
	}
	if c.pages.direct || c.pages.coded { // a dictionary is plain too
		meta.Encoding = append(meta.Encoding, format.Plain)
	}
	meta.Encoding = append(meta.Encoding, format.RLE) // of levels
	meta.TotalCompressedSize += c.pages.size
	meta.TotalUncompressedSize = c.pages.plain
	if err := c.pages.writeTo(w); err != nil {
		return format.ColumnChunk{}, 0, err
	}
	return format.ColumnChunk{FileOffset: 0, MetaData: meta}, meta.TotalCompressedSize, nil
}
