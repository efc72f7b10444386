package writers

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"

	"optout/pipeline"
	"optout/pipeline/outputtest"
)

// TestCSVOutput holds CSV files against the contract of a sink, alone and beside
// a Parquet file of the same rows.
func TestCSVOutput(t *testing.T) {
	of := func() *parquet.Schema {
		return schema("rows", leaf("number", parquet.Int(64), &parquet.Plain), leaf("text", parquet.Optional(parquet.String()), &parquet.Plain))
	}
	for _, beside := range []bool{false, true} {
		err := outputtest.TestOutput(func() (outputtest.Subject, error) {
			path := filepath.Join(t.TempDir(), "file.csv")
			f, err := CreateCSV(path, of(), FileOptions{Mode: 0o600})
			if err != nil {
				return outputtest.Subject{}, err
			}
			out, other := pipeline.Output(f), (*ParquetFile)(nil)
			if beside {
				if other, err = CreateParquet(path+".parquet", of(), FileOptions{Mode: 0o600}); err != nil {
					return outputtest.Subject{}, err
				}
				out = Both(other, f)
			}
			return outputtest.Subject{
				Output: out,
				Commit: func() ([]outputtest.Row, error) {
					info, err := f.Commit()
					if err != nil {
						return nil, err
					}
					rows, err := readLines(path)
					if err == nil && info.Rows != int64(len(rows)) {
						err = fmt.Errorf("the file says %d rows and has %d", info.Rows, len(rows))
					}
					if other != nil {
						in, commitErr := other.Commit()
						if err = errors.Join(err, commitErr); in.Rows != info.Rows {
							err = errors.Join(err, fmt.Errorf("%d rows of Parquet beside %d of CSV", in.Rows, info.Rows))
						}
					}
					return rows, errors.Join(err, f.Close())
				},
				Abandon: func() error {
					err := f.Close()
					if other != nil {
						err = errors.Join(err, other.Close())
					}
					if _, left := os.Stat(path); !errors.Is(left, fs.ErrNotExist) {
						err = errors.Join(err, errors.New("something is left: "+fmt.Sprint(left)))
					}
					return errors.Join(err, f.Close())
				},
			}, nil
		})
		if err != nil {
			t.Errorf("beside Parquet %v: %v", beside, err)
		}
	}
}

func readLines(path string) (rows []outputtest.Row, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil || len(lines) == 0 || strings.Join(lines[0], " ") != "number text" {
		return nil, fmt.Errorf("%d lines, %w", len(lines), err)
	}
	rows = []outputtest.Row{}
	for _, line := range lines[1:] {
		n, err := strconv.ParseInt(line[0], 10, 64)
		if err != nil {
			return nil, err
		}
		rows = append(rows, outputtest.Row{Number: n, Text: line[1]})
	}
	return rows, nil
}

// TestCells writes text that a spreadsheet could take for something else.
func TestCells(t *testing.T) {
	for text, want := range map[string]string{
		"":                `""`,
		"plain":           "plain",
		"a b":             "a b",
		" a":              `" a"`,
		"a ":              `"a "`,
		"a,b":             `"a,b"`,
		`a "b"`:           `"a ""b"""`,
		"a\nb":            "\"a\nb\"",
		"a\r\nb":          "\"a\r\nb\"",
		"=1+1":            `"'=1+1"`,
		`=HYPERLINK("x")`: `"'=HYPERLINK(""x"")"`,
		"@SUM(A1)":        `"'@SUM(A1)"`,
		"+SUM(A1)":        `"'+SUM(A1)"`,
		"-2+3+cmd|' /C'":  `"'-2+3+cmd|' /C'"`,
		"\t=1":            "\"'\t=1\"",
		"\r=1":            "\"'\r=1\"",
		"\n=1":            "\"'\n=1\"",
		"＝1+1":            `"'＝1+1"`,
		"＋1":              `"'＋1"`,
		"+":               `"'+"`,
		"-":               `"'-"`,
		"--1":             `"'--1"`,
		"+1-800":          `"'+1-800"`,
		"-1.":             `"'-1."`,
		"-.5":             `"'-.5"`,
		"+33612340001":    "+33612340001", // a number is no formula
		"-1.50":           "-1.50",
		"1=1":             "1=1",
		"a@mail.example":  "a@mail.example",
		"ümlaut 日本":       "ümlaut 日本",
	} {
		if got := string(appendText(nil, []byte(text))); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// TestCSVTypes writes a value of every type, and null.
func TestCSVTypes(t *testing.T) {
	fixed := func(v ...byte) arrow.Array {
		b := array.NewFixedSizeBinaryBuilder(memory.DefaultAllocator, &arrow.FixedSizeBinaryType{ByteWidth: len(v)})
		b.Append(v)
		b.AppendNull()
		return b.NewArray()
	}
	int32s := func(v int32) arrow.Array {
		b := array.NewInt32Builder(memory.DefaultAllocator)
		b.Append(v)
		b.AppendNull()
		return b.NewArray()
	}
	int64s := func(v int64) arrow.Array {
		b := array.NewInt64Builder(memory.DefaultAllocator)
		b.Append(v)
		b.AppendNull()
		return b.NewArray()
	}
	double := func(v float64) arrow.Array {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		b.Append(v)
		b.AppendNull()
		return b.NewArray()
	}
	float := func(v float32) arrow.Array {
		b := array.NewFloat32Builder(memory.DefaultAllocator)
		b.Append(v)
		b.AppendNull()
		return b.NewArray()
	}
	flag := func(v bool) arrow.Array {
		b := array.NewBooleanBuilder(memory.DefaultAllocator)
		b.Append(v)
		b.AppendNull()
		return b.NewArray()
	}
	binary := func(v string) arrow.Array {
		b := array.NewBinaryBuilder(memory.DefaultAllocator, arrow.BinaryTypes.Binary)
		b.AppendString(v)
		b.AppendNull()
		return b.NewArray()
	}
	for _, tt := range []struct {
		node  parquet.Node
		array arrow.Array
		want  string
	}{
		{parquet.String(), binary("x"), "x"},
		{parquet.Enum(), binary("x"), "x"},
		{parquet.JSON(), binary(`{"a":1}`), `"{""a"":1}"`},
		{parquet.Leaf(parquet.ByteArrayType), binary("x"), "x"},
		{parquet.Leaf(parquet.BooleanType), flag(true), "true"},
		{parquet.Int(32), int32s(-7), "-7"},
		{parquet.Int(64), int64s(math.MinInt64), "-9223372036854775808"},
		{parquet.Uint(32), int32s(-1), "4294967295"},
		{parquet.Uint(64), int64s(-1), "18446744073709551615"},
		{parquet.Leaf(parquet.DoubleType), double(0.1), "0.1"},
		{parquet.Leaf(parquet.DoubleType), double(1e21), "1e+21"},
		{parquet.Leaf(parquet.FloatType), float(0.1), "0.1"},
		{parquet.Date(), int32s(20782), "2026-11-25"},
		{parquet.Date(), int32s(-1), "1969-12-31"},
		{parquet.Timestamp(parquet.Millisecond), int64s(1795608000123), "2026-11-25T12:00:00.123Z"},
		{parquet.Timestamp(parquet.Microsecond), int64s(-1), "1969-12-31T23:59:59.999999Z"},
		{parquet.TimestampAdjusted(parquet.Nanosecond, false), int64s(1795608000000000001), "2026-11-25T12:00:00.000000001"},
		{parquet.Decimal(2, 9, parquet.Int32Type), int32s(-5), "-0.05"},
		{parquet.Decimal(0, 9, parquet.Int32Type), int32s(120), "120"},
		{parquet.Decimal(3, 18, parquet.Int64Type), int64s(1234567), "1234.567"},
		{parquet.Decimal(1, 4, parquet.FixedLenByteArrayType(2)), fixed(0xFF, 0xF6), "-1.0"},
		{parquet.UUID(), fixed(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), "00010203-0405-0607-0809-0a0b0c0d0e0f"},
	} {
		s := schema("one", leaf("a", parquet.Int(32), &parquet.Plain), leaf("=v", parquet.Optional(tt.node), &parquet.Plain))
		got, err := writeCSV(t, s, int32s2(1, 2), tt.array)
		if want := "a,\"'=v\"\r\n1," + tt.want + "\r\n2,\r\n"; err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", tt.node.Type(), got, err, want)
		}
	}
	// A row of nothing must not be a line of nothing.
	got, err := writeCSV(t, schema("one", leaf("v", parquet.Optional(parquet.String()), &parquet.Plain)), binary("x"))
	if want := "v\r\nx\r\n\"\"\r\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	_, err = writeCSV(t, schema("one", leaf("v", parquet.Optional(parquet.String()), &parquet.Plain)), binary("\xFF"))
	if err == nil || !strings.Contains(err.Error(), "column v: bytes that are not UTF-8") {
		t.Errorf("got %v, want an error that names the column", err)
	}
}

func int32s2(v ...int32) arrow.Array {
	b := array.NewInt32Builder(memory.DefaultAllocator)
	b.AppendValues(v, nil)
	return b.NewArray()
}

func writeCSV(t *testing.T, s *parquet.Schema, columns ...arrow.Array) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.csv")
	f, err := CreateCSV(path, s, FileOptions{Mode: 0o600})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var fields []arrow.Field
	for i, c := range columns {
		fields = append(fields, arrow.Field{Name: s.Fields()[i].Name(), Type: c.DataType(), Nullable: true})
	}
	g := f.Group()
	if err := g.Write(array.NewRecord(arrow.NewSchema(fields, nil), columns, 2), nil); err != nil {
		return "", err
	}
	if err := g.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	return string(text), err
}

// TestCSVRefuses refuses columns that CSV has no words for.
func TestCSVRefuses(t *testing.T) {
	for want, node := range map[string]parquet.Node{
		`column "v" is nested, which CSV cannot have`:     parquet.List(parquet.String()),
		`column "v" is nested, which CSV cannot have `:    parquet.Group{"a": parquet.String()},
		`column "v" is nested, which CSV cannot have  `:   parquet.Repeated(parquet.String()),
		`column "v" is INT96, which CSV has no words for`: parquet.Leaf(parquet.Int96Type),
	} {
		err := CheckCSV(schema("one", keep("v", node)))
		if err == nil || err.Error() != strings.TrimSpace(want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
