package main

import (
	"fmt"

	"github.com/parquet-go/parquet-go"
)

// named is a group with the annotation of a list or a map but other names
// inside than the library would give.
type named struct {
	parquet.Group
	like parquet.Node
}

func (n named) Type() parquet.Type { return n.like.Type() }

func listWith(inner string, of parquet.Node) parquet.Node {
	return opt(named{parquet.Group{inner: parquet.Repeated(of)}, parquet.List(text())})
}

func mapWith(inner string, value parquet.Node) parquet.Node {
	return opt(named{
		parquet.Group{inner: parquet.Repeated(parquet.Group{"key": parquet.String(), "value": value})},
		parquet.Map(parquet.String(), text())})
}

// legacyShapes has lists and maps as older writers nested and named them:
// github.com/apache/parquet-format LogicalTypes.md, "Backward-compatibility
// rules".
func legacyShapes() parquet.Group {
	number := parquet.Int(32)
	return parquet.Group{
		"profile_id": parquet.String(),
		"email":      text(),
		"avro":       listWith("array", number),
		"avro_pair":  listWith("array", parquet.Group{"x": opt(number), "y": text()}),
		"avro_one":   listWith("array", parquet.Group{"x": opt(number)}),
		"bare_pair":  listWith("element", parquet.Group{"x": opt(number), "y": text()}),
		"thrift":     listWith("thrift_tuple", number),
		"thrift_one": listWith("thrift_one_tuple", parquet.Group{"x": opt(number)}),
		"hive":       listWith("bag", parquet.Group{"array_element": opt(number)}),
		"bare":       parquet.Repeated(number),
		"hive_map":   mapWith("map", opt(number)),
		"entry_map":  mapWith("entries", opt(parquet.Group{"x": opt(number), "deep": listWith("bag", parquet.Group{"array_element": text()})})),
	}
}

func shaped(i int) row {
	numbers := []any{[]any{int32(i), int32(-i)}, []any{}, nil}[i%3]
	deep := []any{[]any{"a", nil}, []any{}, nil}[i%3]
	r := keys(i)
	r["profile_id"] = fmt.Sprintf("p-%04d", i)
	r["avro"], r["thrift"], r["bare"] = numbers, numbers, numbers
	r["bare_pair"] = []any{[]any{row{"x": nil, "y": "b"}, row{"x": int32(i), "y": nil}}, []any{}, nil}[i%3]
	r["avro_pair"] = []any{[]any{row{"x": int32(i), "y": "a"}, row{"x": nil, "y": nil}}, nil, []any{}}[i%3]
	r["avro_one"], r["thrift_one"] = numbers, numbers // wrap makes groups of one field
	r["hive"] = ints[i%5]
	r["hive_map"] = counts[i%4]
	r["entry_map"] = []any{row{"k": row{"x": int32(i), "deep": deep}, "l": nil}, row{}, nil, row{"m": row{"x": nil, "deep": nil}}}[i%4]
	return r
}

// bareBytes is text of a writer that says nothing about it.
func bareBytes() parquet.Group {
	bytes := parquet.Leaf(parquet.ByteArrayType)
	return parquet.Group{
		"profile_id": bytes,
		"email":      opt(bytes),
		"val":        opt(parquet.Encoded(bytes, &parquet.RLEDictionary)),
		"raw":        opt(parquet.Leaf(parquet.FixedLenByteArrayType(3))),
	}
}

func bare(i int) row {
	r := keys(i)
	r["val"] = []any{"y", "n", nil}[i%3]
	if i%4 != 1 {
		r["raw"] = parquet.FixedLenByteArrayValue([]byte{byte(i), 0, 255})
	}
	return r
}
