package main

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// A file is one column of one row group, put together byte by byte, so that any
// part of it can say what is not so.
type file struct {
	typ    format.Type
	kind   format.FieldRepetitionType
	codec  format.CompressionCodec
	rows   int64
	values int64  // 0: one a row
	dict   []byte // dictionary page, header and all
	pages  [][]byte
	change func(*format.FileMetaData) // of the footer, at the end
}

func (f *file) bytes() []byte {
	out := []byte("PAR1")
	chunk := format.ColumnMetaData{
		Type: f.typ, Encoding: []format.Encoding{format.Plain}, PathInSchema: []string{"profile_id"}, Codec: f.codec,
		NumValues: cmp.Or(f.values, f.rows), TotalUncompressedSize: 1 << 20, DataPageOffset: int64(len(out) + len(f.dict)),
	}
	if f.dict != nil {
		chunk.DictionaryPageOffset = int64(len(out))
	}
	pages := slices.Concat(append([][]byte{f.dict}, f.pages...)...)
	chunk.TotalCompressedSize = int64(len(pages))
	meta := format.FileMetaData{
		Version: 1, NumRows: f.rows,
		Schema: []format.SchemaElement{
			{Name: "schema", NumChildren: thrift.New[int32](1)},
			{Name: "profile_id", Type: thrift.New(f.typ), RepetitionType: thrift.New(f.kind)},
		},
		RowGroups: []format.RowGroup{{NumRows: f.rows, TotalByteSize: int64(len(pages)), Columns: []format.ColumnChunk{{MetaData: chunk}}}},
	}
	if f.change != nil {
		f.change(&meta)
	}
	return finish(append(out, pages...), marshal(&meta))
}

// finish appends the footer and its length.
func finish(out, footer []byte) []byte {
	out = append(out, footer...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(footer)))
	return append(out, "PAR1"...)
}

func marshal(v any) []byte {
	out, err := thrift.Marshal(new(thrift.CompactProtocol), v)
	if err != nil {
		panic("encode: " + err.Error())
	}
	return out
}

// page is a data page of version 1 and its header.
func page(n int32, e format.Encoding, body []byte) []byte { return compressed(n, e, len(body), body) }

// compressed is a page whose body claims to become size bytes.
func compressed(n int32, e format.Encoding, size int, body []byte) []byte {
	return append(marshal(&format.PageHeader{
		Type: format.DataPage, CompressedPageSize: int32(len(body)), UncompressedPageSize: int32(size),
		DataPageHeader: thrift.New(format.DataPageHeader{
			NumValues: n, Encoding: e, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
		}),
	}), body...)
}

// page2 is a page of version 2, whose levels take the given bytes of its body.
func page2(n, nulls, rows, levels int32, body []byte) []byte {
	return append(marshal(&format.PageHeader{
		Type: format.DataPageV2, CompressedPageSize: int32(len(body)), UncompressedPageSize: int32(len(body)),
		DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{
			NumValues: n, NumNulls: nulls, NumRows: rows, Encoding: format.Plain, DefinitionLevelsByteLength: levels,
		}),
	}), body...)
}

func dictionary(n int32, body []byte) []byte {
	return append(marshal(&format.PageHeader{
		Type: format.DictionaryPage, CompressedPageSize: int32(len(body)), UncompressedPageSize: int32(len(body)),
		DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{NumValues: n, Encoding: format.Plain}),
	}), body...)
}

// run is n times the same dictionary code of one byte.
func run(n uint64, code byte) []byte { return append(binary.AppendUvarint([]byte{8}, n<<1), code) }

// deltas delta-encodes integers, in blocks of 128 of one width.
func deltas(values ...int64) []byte {
	out := binary.AppendUvarint(nil, 128)
	out = binary.AppendUvarint(out, 1)
	out = binary.AppendUvarint(out, uint64(len(values)))
	out = binary.AppendVarint(out, values[0])
	for block := values; len(block) > 1; block = block[min(128, len(block)-1):] {
		n := min(128, len(block)-1)
		least, most := block[1]-block[0], block[1]-block[0]
		for i := range n {
			least, most = min(least, block[i+1]-block[i]), max(most, block[i+1]-block[i])
		}
		out = binary.AppendVarint(out, least)
		if least == most {
			out = append(out, 0)
			continue
		}
		out = append(out, 64)
		for i := range 128 {
			d := int64(0)
			if i < n {
				d = block[i+1] - block[i] - least
			}
			out = binary.LittleEndian.AppendUint64(out, uint64(d))
		}
	}
	return out
}

// repeated is first and then n-1 times the rest.
func repeated(n int, first, rest int64) []int64 {
	values := slices.Repeat([]int64{rest}, n)
	values[0] = first
	return values
}

// levels are definition levels after their length.
func levels(runs ...byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(runs))), runs...)
}

// text is plain byte arrays.
func text(values ...string) (out []byte) {
	for _, v := range values {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(v)))
		out = append(out, v...)
	}
	return out
}
