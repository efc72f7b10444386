package readers_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const malformed = "../testdata/malformed"

// TestMalformed reads files put together to lie: see the maker beside them.
func TestMalformed(t *testing.T) {
	const tooMany, another = "more values are encoded than there are entries", "another number of values than it claims"
	want := map[string]string{
		"footer_list_of_two_billion": "read footer: unexpected EOF",
		"footer_too_deep":            "it nests deeper than 32",
		"footer_with_a_signature":    "the footer holds 28 bytes more than its structure",
		"footer_too_short":           "read footer: unexpected EOF",
		"footer_of_empty_elements":   "more elements than its bytes can hold",
		"schema_too_deep":            "the schema nests deeper than 255",
		"schema_of_fewer_columns":    "fewer columns than its groups",
		"schema_of_more_columns":     "more columns than its groups",
		"schema_of_no_columns":       "the file has no columns",
		"schema_leaf_is_a_list":      "both a group and a value",
		"schema_decimal_of_doubles":  "is a decimal stored as DOUBLE",
		"schema_of_another_type":     "is INT64, in the schema DOUBLE",
		"schema_of_another_name":     "its path is not the schema's",
		"groups_without_columns":     "row group 1 has 0 columns, the schema has 1",
		"groups_of_other_rows":       "row group 0 claims 9 rows, the file 8",
		"groups_of_fewer_rows":       "the file claims 9 rows, its row groups 8",
		"groups_of_negative_rows":    "row group 0",
		"groups_share_their_pages":   "its bytes are also those of another column",
		"chunk_in_another_file":      "its data is said to be in another file",
		"chunk_of_lzo":               "compressed with LZO, which is not supported",
		"chunk_behind_the_end":       "do not lie among the pages",
		"chunk_in_the_footer":        "do not lie among the pages",
		"chunk_of_negative_size":     "do not lie among the pages",
		"chunk_of_other_values":      "it claims 7 values for 8 rows",
		"chunk_cut_short":            "the page claims 64 bytes, its chunk has 56 left",

		"delta_cut_short":              "unexpected EOF",
		"delta_of_fewer_values":        another,
		"delta_of_more_bytes":          another,
		"delta_blocks_of_none":         "blocks of 0 values",
		"delta_lengths_too_long":       "an impossible length",
		"delta_lengths_below_zero":     "an impossible length",
		"delta_lengths_left_over":      another,
		"delta_prefix_of_nothing":      "an impossible length",
		"delta_prefixes_of_all_memory": "it claims more than",
		"codes_of_two_billion":         "more than the limit of 16777216",
		"codes_out_of_range":           "a code of 2 in a dictionary of 2",
		"codes_left_over":              tooMany,
		"codes_missing":                "unexpected EOF",
		"codes_in_a_group_more":        tooMany,
		"codes_of_nulls":               tooMany,
		"codes_too_wide":               "dictionary codes of 33 bits",
		"codes_of_nothing":             "a code of 0 in a dictionary of 0",
		"codes_without_values":         "a page of dictionary codes without a dictionary",
		"dictionary_twice":             "a second one in the chunk",
		"dictionary_cut_short":         "dictionary: the page holds another number of values",
		"level_lost":                   "its pages hold 2 nulls, its statistics 1",
		"level_gained":                 "unexpected EOF",
		"level_too_high":               "levels are damaged",
		"levels_missing":               "levels are damaged: unexpected EOF",
		"text_too_long":                another,
		"text_left_over":               another,

		"page_of_missing_values": another,
		"page_of_more_values":    another,
		"page_of_values_over":    "the page claims 9 values, its chunk has 8 left",
		"page_of_bit_packing":    "encoded as BIT_PACKED, which is not supported",
		"page_of_wrong_checksum": "the checksum of a page is wrong",
		"page_too_deep":          "it nests deeper than 32",
		"pages_over":             "its pages hold more than the 8 values of the chunk",
		"pages_missing":          "read page header: unexpected EOF",
		"page2_of_other_rows":    "other numbers of rows and nulls than it claims",
		"page2_of_other_nulls":   "other numbers of rows and nulls than it claims",
		"page2_of_long_levels":   "the levels are longer than the page",
		"lists_of_missing_rows":  "its pages hold 4 rows, the row group 8",
		"lists_of_more_rows":     "more than the 8 values and 2 rows",
		"lists_start_in_a_row":   "does not start a row",
		"zstd_second_frame":      "decompressed size exceeds",
		"zstd_of_less":           "decompresses to another size than it claims",
		"snappy_of_less":         "decompresses to another size than it claims",
		"lz4_of_less":            "decompresses to another size than it claims",
		"zstd_claims_more":       "the page claims that 14 bytes become 268435456",
		"gzip_of_more":           "decompresses to another size than it claims",
		"gzip_of_less":           "unexpected EOF",
		"gzip_claims_more":       "the page claims that 27 bytes become 268435456",
	}
	others := map[string]bool{"two_columns_of_one_name": true, "codes_of_a_long_value": true} // have tests of their own
	paths, err := filepath.Glob(filepath.Join(malformed, "*.parquet"))
	if err != nil || len(paths) != len(want)+len(others) {
		t.Errorf("got %d files, %v, want %d", len(paths), err, len(want)+len(others))
	}
	for name, text := range want {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(malformed, name+".parquet")
			mem := checked(t)
			before := allocated()
			_, err := readAll(path, mem)
			wantError(t, err, path, text)
			if took, limit := allocated()-before, uint64(8<<20); took > limit {
				t.Errorf("took %d bytes of memory, want at most %d", took, limit)
			}
		})
	}
}

// TestLongValueOften reads a page of six bytes that says the same four
// kilobytes sixteen million times. It is what the format allows, and comes a
// bounded record at a time.
func TestLongValueOften(t *testing.T) {
	const limit = 100 << 20
	in := open(t, checked(t), filepath.Join(malformed, "codes_of_a_long_value.parquet"))
	table, err := in.Rows()
	if err != nil {
		t.Fatal(err)
	}
	source := openPart(t, table, 0)
	defer source.Close()
	r, err := source.Next(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if size := r.Column(0).Data().Buffers()[1].Len(); r.NumRows() < 1000 || size > limit {
		t.Errorf("got %d rows with %d bytes, want at least 1000 and at most %d", r.NumRows(), size, limit)
	}
}

// TestFooterBombs opens footers that would take all memory or all stack, of
// which the latter ends the process.
func TestFooterBombs(t *testing.T) {
	element := func(name string, children int32) format.SchemaElement {
		e := format.SchemaElement{Name: name, RepetitionType: thrift.New(format.Optional)}
		if children > 0 {
			e.NumChildren = thrift.New(children)
		} else {
			e.Type = thrift.New(format.Int32)
		}
		return e
	}
	// A path for each of 20,000 nested groups is 200 million names.
	deep := format.FileMetaData{Version: 1}
	for range 20000 {
		deep.Schema = append(deep.Schema, element("n", 1))
	}
	deep.Schema = append(deep.Schema, element("leaf", 0))
	// Every column times every row group is ten billion chunks.
	wide := format.FileMetaData{Version: 1, Schema: []format.SchemaElement{element("root", 100000)}, RowGroups: make([]format.RowGroup, 100000)}
	for range 100000 {
		wide.Schema = append(wide.Schema, element("leaf", 0))
	}
	for name, test := range map[string]struct {
		footer []byte
		want   string
	}{
		"structs in structs": {bytes.Repeat([]byte{0x1C}, 16<<20), "it nests deeper than 32"},
		"lists in lists":     {append([]byte{0x19}, bytes.Repeat([]byte{0x19}, 16<<20)...), "it nests deeper than 32"},
		"groups in groups":   {encode(t, &deep), "the schema nests deeper than 255"},
		"columns and groups": {encode(t, &wide), "row group 0 has 0 columns, the schema has 100000"},
	} {
		text := append([]byte("PAR1"), test.footer...)
		text = append(binary.LittleEndian.AppendUint32(text, uint32(len(test.footer))), "PAR1"...)
		path := filepath.Join(t.TempDir(), strings.ReplaceAll(name, " ", "_"))
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		before := allocated()
		_, err := readAll(path, memory.NewGoAllocator())
		wantError(t, err, path, test.want)
		if took := allocated() - before; took > 256<<20 {
			t.Errorf("%s: took %d bytes of memory for a footer of %d", name, took, len(text))
		}
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	out, err := thrift.Marshal(new(thrift.CompactProtocol), v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
