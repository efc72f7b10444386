package main

import (
	"bytes"
	"compress/gzip"
	"slices"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// pages are files whose pages are not of the number, the size or the bytes that
// they claim.
func pages() map[string][]byte {
	eight := page(8, format.Plain, make([]byte, 64))
	of := func(codec format.CompressionCodec, rows int64, pages ...[]byte) []byte {
		f := file{typ: format.Int64, codec: codec, rows: rows, pages: pages}
		return f.bytes()
	}
	lists := func(rows int64, repetitions byte) []byte {
		body := slices.Concat(levels(0x03, repetitions), levels(8<<1, 1), make([]byte, 64))
		f := file{typ: format.Int64, kind: format.Repeated, rows: rows, values: 8, pages: [][]byte{page(8, format.Plain, body)}}
		return f.bytes()
	}
	checksum := marshal(&format.PageHeader{
		Type: format.DataPage, CompressedPageSize: 64, UncompressedPageSize: 64, CRC: 1,
		DataPageHeader: thrift.New(format.DataPageHeader{NumValues: 8}),
	})
	return map[string][]byte{
		// The library hands out what a pooled buffer held before.
		"page_of_missing_values": of(format.Uncompressed, 8, page(8, format.Plain, make([]byte, 56))),
		"page_of_more_values":    of(format.Uncompressed, 8, page(8, format.Plain, bytes.Repeat([]byte{1}, 72))),
		"page_of_values_over":    of(format.Uncompressed, 8, page(9, format.Plain, make([]byte, 72))),
		"page_of_bit_packing":    of(format.Uncompressed, 8, page(8, format.BitPacked, make([]byte, 64))),
		"page_of_wrong_checksum": of(format.Uncompressed, 8, append(checksum, make([]byte, 64)...)),
		"page_too_deep":          of(format.Uncompressed, 8, bytes.Repeat([]byte{0x1C}, 200)),
		"pages_over":             of(format.Uncompressed, 8, eight, eight),
		"pages_missing":          of(format.Uncompressed, 16, eight),
		"page2_of_other_rows":    of(format.Uncompressed, 8, page2(8, 0, 7, 0, make([]byte, 64))),
		"page2_of_other_nulls":   of(format.Uncompressed, 8, page2(8, 1, 8, 0, make([]byte, 64))),
		"page2_of_long_levels":   of(format.Uncompressed, 8, page2(8, 0, 8, 65, make([]byte, 64))),
		"lists_of_missing_rows":  lists(8, 0xAA), // every second entry starts a row
		"lists_of_more_rows":     lists(2, 0xAA),
		"lists_start_in_a_row":   lists(4, 0x55),
		// What grows without end when it is decompressed.
		"zstd_second_frame": of(format.Zstd, 8, compressed(8, format.Plain, 64, slices.Concat(zstdOf(make([]byte, 64)), zstdOf(make([]byte, 64<<20))))),
		"zstd_claims_more":  of(format.Zstd, 8, compressed(8, format.Plain, 256<<20, zstdOf(make([]byte, 64)))),
		"zstd_of_less":      of(format.Zstd, 8, compressed(8, format.Plain, 64, zstdOf(make([]byte, 63)))),
		"snappy_of_less":    of(format.Snappy, 8, compressed(8, format.Plain, 64, snappy.Encode(nil, make([]byte, 63)))),
		"lz4_of_less":       of(format.Lz4Raw, 8, compressed(8, format.Plain, 64, append([]byte{0xF0, 63 - 15}, make([]byte, 63)...))),
		"gzip_of_more":      of(format.Gzip, 8, compressed(8, format.Plain, 64, gzipOf(1<<20))),
		"gzip_of_less":      of(format.Gzip, 8, compressed(8, format.Plain, 64, gzipOf(63))),
		"gzip_claims_more":  of(format.Gzip, 8, compressed(8, format.Plain, 256<<20, gzipOf(64))),
	}
}

func zstdOf(b []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic("compress: " + err.Error())
	}
	return w.EncodeAll(b, nil)
}

func gzipOf(n int) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(make([]byte, n)); err != nil {
		panic("compress: " + err.Error())
	}
	if err := w.Close(); err != nil {
		panic("compress: " + err.Error())
	}
	return out.Bytes()
}
