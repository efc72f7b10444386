package main

import (
	"bytes"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// encodings are files whose page is not what its encoding makes of it.
func encodings() map[string][]byte {
	const ints, strings = format.Int64, format.ByteArray
	one := func(typ format.Type, e format.Encoding, body []byte) []byte {
		f := file{typ: typ, rows: 8, pages: [][]byte{page(8, e, body)}}
		return f.bytes()
	}
	coded := func(n int32, values []byte, count int32, body []byte) []byte {
		f := file{typ: strings, rows: int64(n), dict: dictionary(count, values), pages: [][]byte{page(n, format.RLEDictionary, body)}}
		return f.bytes()
	}
	// Its statistics count one null.
	optional := func(e format.Encoding, body ...[]byte) []byte {
		f := file{typ: strings, kind: format.Optional, rows: 8, dict: dictionary(2, text("y", "n")), pages: [][]byte{page(8, e, slices.Concat(body...))}}
		f.change = func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].MetaData.Statistics.NullCount = 1 }
		return f.bytes()
	}
	wide := deltas(0, 1, 3, 6, 10, 15, 21, 28)
	const many = 1 << 16
	prefixes := slices.Concat(
		deltas(repeated(many, 0, 8192)...), deltas(repeated(many, 8192, 0)...), bytes.Repeat([]byte("x"), 8192))
	shared := file{typ: strings, codec: format.Zstd, rows: many, pages: [][]byte{
		compressed(many, format.DeltaByteArray, len(prefixes), zstdOf(prefixes))}}
	twice := file{typ: strings, rows: 8, dict: dictionary(1, text("y")), pages: [][]byte{dictionary(1, text("n")), page(8, format.RLEDictionary, run(8, 0))}}
	return map[string][]byte{
		// The library fills up a page that is cut short with what its buffer held.
		"delta_cut_short":       one(ints, format.DeltaBinaryPacked, wide[:len(wide)-1000]),
		"delta_of_fewer_values": one(ints, format.DeltaBinaryPacked, deltas(1, 2, 3, 4, 5, 6, 7)),
		"delta_of_more_bytes":   one(ints, format.DeltaBinaryPacked, append(deltas(repeated(8, 1, 2)...), 1)),
		"delta_blocks_of_none":  one(ints, format.DeltaBinaryPacked, []byte{0, 0, 8, 0}),
		"delta_lengths_too_long": one(strings, format.DeltaLengthByteArray,
			append(deltas(repeated(8, 1, 2)...), "abcdefgh"...)),
		"delta_lengths_below_zero": one(strings, format.DeltaLengthByteArray,
			append(deltas(1, 1, 1, 1, 1, 1, 1, -1), "abcdef\x00"...)),
		"delta_lengths_left_over": one(strings, format.DeltaLengthByteArray,
			append(deltas(repeated(8, 1, 1)...), "abcdefghi"...)),
		"delta_prefix_of_nothing": one(strings, format.DeltaByteArray,
			slices.Concat(deltas(repeated(8, 3, 0)...), deltas(repeated(8, 1, 1)...), []byte("abcdefgh"))),
		// Half a gigabyte of shared prefixes.
		"delta_prefixes_of_all_memory": shared.bytes(),
		// Sixteen million times the same four kilobytes, in a page of six bytes.
		"codes_of_a_long_value": long(),
		"codes_of_two_billion":  coded(1<<31-1, text("y"), 1, run(1<<31-1, 0)),
		"codes_out_of_range":    coded(8, text("y", "n"), 2, run(8, 2)),
		"codes_left_over":       coded(8, text("y", "n"), 2, run(9, 1)),
		"codes_missing":         coded(8, text("y", "n"), 2, run(7, 1)),
		"codes_in_a_group_more": coded(8, text("y", "n"), 2, append([]byte{1, 40<<1 | 1}, make([]byte, 40)...)),
		"codes_of_nulls":        optional(format.RLEDictionary, levels(8<<1, 0), []byte{1, 0x03, 0xAA}),
		"codes_too_wide":        coded(8, text("y", "n"), 2, append([]byte{33}, make([]byte, 40)...)),
		"codes_of_nothing":      coded(8, nil, 0, run(8, 0)),
		"codes_without_values":  one(strings, format.RLEDictionary, run(8, 0)),
		"dictionary_twice":      twice.bytes(),
		"dictionary_cut_short":  coded(8, text("y", "n")[:8], 2, run(8, 0)),
		// One level more became null: all codes behind it would move by a row.
		"level_lost":     optional(format.RLEDictionary, levels(0x03, 0xFA), []byte{1, 0x03, 0x2A}),
		"level_gained":   optional(format.RLEDictionary, levels(0x03, 0xFF), []byte{1, 7 << 1, 1}),
		"level_too_high": optional(format.Plain, levels(16, 3), text("y", "n", "y", "n", "y", "n", "y", "n")),
		"levels_missing": optional(format.Plain, levels(), text("y", "n", "y", "n", "y", "n", "y", "n")),
		"text_too_long":  one(strings, format.Plain, append(text("a", "b", "c", "d", "e", "f", "g"), 0xFF, 0xFF, 0xFF, 0x7F)),
		"text_left_over": one(strings, format.Plain, text("a", "b", "c", "d", "e", "f", "g", "h", "i")),
	}
}

func long() []byte {
	const width = 4096
	f := file{typ: format.FixedLenByteArray, rows: 1 << 24, dict: dictionary(1, make([]byte, width)),
		pages: [][]byte{page(1<<24, format.RLEDictionary, run(1<<24, 0))}}
	f.change = func(m *format.FileMetaData) { m.Schema[1].TypeLength = thrift.New[int32](width) }
	return f.bytes()
}
