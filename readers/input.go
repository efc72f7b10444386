package readers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

// ErrNoColumn is wrapped by the error for a column that a file does not have.
var ErrNoColumn = errors.New("no such column")

// ErrColumnType is wrapped by the error for a column of a type that cannot
// serve its role, or that the files of an input do not have alike.
var ErrColumnType = errors.New("unfit column")

// An Input is the files of one path, opened and checked, read as one table in
// the order of the files. All are of one format.
type Input struct {
	files   []*diskFile
	content content
	mem     memory.Allocator
}

// content is what the files of an input hold, read in the way of their format.
type content interface {
	// leaf finds the column at path for Input.Leaf.
	leaf(role Role, path []string) (binding, error)
	// rows binds every column for Input.Rows, with the schema that they have.
	rows(keys []Leaf) ([]binding, parquet.Node, error)
	// open starts reading a part of a file.
	open(file, part int, columns []binding, mem memory.Allocator) (records, error)
	// metadata is the value that a file has under key.
	metadata(file int, key string) (string, error)
	// place says where in a file a row stands.
	place(file int, row int64) string
}

// Options say how to read what a file does not say of itself.
type Options struct {
	// Delimiter stands between the fields of CSV; 0 for a tab in files called
	// .tsv and a comma in all others.
	Delimiter byte
	// Threads is how many read text at a time, at least one. What is read does not
	// depend on it.
	Threads int
}

// FileInfo describes one file of an input.
type FileInfo struct {
	Path  string
	Bytes int64
	Rows  int64
}

// A Leaf is a column of an input, found in every one of its files.
type Leaf struct{ binding binding }

// Open opens files and checks them: of Parquet the footer, of text every byte.
// Nothing stays open. Files of two formats are an error, which like all others is
// a *FileError.
func Open(ctx context.Context, files []string, o Options, mem memory.Allocator) (*Input, error) {
	in := &Input{mem: mem}
	add, err := in.start(files, o)
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, err := add(ctx, path)
		if err != nil {
			return nil, err
		}
		in.files = append(in.files, f)
	}
	if text, ok := in.content.(textFormat); ok {
		if err := scanText(ctx, text, o.Threads, partBytes); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// start makes the content for the format of the files, and returns what adds one
// to it.
func (in *Input) start(files []string, o Options) (add func(context.Context, string) (*diskFile, error), err error) {
	if len(files) == 0 {
		return nil, &FileError{"", ErrNoFiles}
	}
	first := formatOf(files[0])
	for _, path := range files[1:] {
		if f := formatOf(path); f != first {
			return nil, &FileError{path, fmt.Errorf("%s beside %s, which is %s; an input has files of one format", f, files[0], first)}
		}
	}
	if o.Delimiter != 0 && first != csvFormat {
		return nil, &FileError{files[0], fmt.Errorf("it is read as %s, which has no delimiter; CSV is told by .csv or .tsv at the end of a name", first)}
	}
	switch first {
	case csvFormat:
		c := &csvFiles{delimiter: o.Delimiter}
		in.content, add = c, c.add
	case jsonFormat:
		c := newJSONFiles()
		in.content, add = c, c.add
	case parquetFormat:
		c := &parquetFiles{}
		in.content, add = c, c.add
	}
	return add, nil
}

// NumRows is the number of rows of all files.
func (in *Input) NumRows() (n int64) {
	for _, f := range in.files {
		n += f.rows()
	}
	return n
}

// Files describes the files, in order.
func (in *Input) Files() []FileInfo {
	infos := make([]FileInfo, len(in.files))
	for i, f := range in.files {
		infos[i] = FileInfo{Path: f.path, Bytes: f.info.Size(), Rows: f.rows()}
	}
	return infos
}

// Metadata returns the value that each file's footer has under key. Text has no
// footer.
func (in *Input) Metadata(key string) (values []string, err error) {
	values = make([]string, len(in.files))
	for i, f := range in.files {
		if values[i], err = in.content.metadata(i, key); err != nil {
			return nil, &FileError{f.path, err}
		}
	}
	return values, nil
}

// Place says where a row stands, counted from zero over all files: by the line of
// a text file, counted from one, by the row of a Parquet file, counted from zero.
// It reads the part of a text file that has the row.
func (in *Input) Place(row int64) string {
	for i, f := range in.files {
		if n := f.rows(); row >= n {
			row -= n
			continue
		}
		return in.content.place(i, row) + " of " + f.path
	}
	return fmt.Sprintf("row %d behind the end", row)
}

// Leaf finds the column at path, one step an element (see MapKey, MapValue and
// Element for the insides of maps and lists), and checks that it can serve the
// role in every file. A step may also hold several names joined by dots. The
// error wraps ErrNoColumn where no file has such a column, and ErrColumnType
// where some lack it or have it in another type. In NDJSON a file has the columns
// of all files, since a record may leave out what is null; one without a single
// record says nothing and has every column.
//
// Type returns the Arrow type of the column in records. A column below a list
// or a map is a List of Struct{level, value}, one list a row: every Parquet
// entry with its level, rep<<8 | def. With the role Stored, one inside a struct
// is a Struct{level, value}. Any other is a nullable value. The columns of text
// are never below a list or a map, and only Rows has them as stored.
func (in *Input) Leaf(role Role, path ...string) (Leaf, error) {
	b, err := in.content.leaf(role, path)
	return Leaf{b}, err
}

// errLacks is the error of a file that lacks a column.
func errLacks(name string) error {
	return fmt.Errorf("%w: no column %s, which other files of the input have", ErrColumnType, name)
}

// splitPath parts the steps that hold several names joined by dots.
func splitPath(path []string) (steps []string) {
	for _, p := range path {
		steps = append(steps, strings.Split(p, ".")...)
	}
	return steps
}

// Name is the column's name as it was asked for.
func (l Leaf) Name() string { return l.binding.name }

// Type is the Arrow type of the column in records; see Input.Leaf. A column of
// type String or Binary may also arrive dictionary-encoded.
func (l Leaf) Type() arrow.DataType { return l.binding.shape.typeOf(l.binding.typ) }

// Repeated reports whether the column has a list of entries a row.
func (l Leaf) Repeated() bool { return l.binding.shape == repeated }

// MaxDefinition is the definition level of an entry that has a value.
func (l Leaf) MaxDefinition() int { return l.binding.leaves[0].MaxDefinitionLevel() }

// Table binds leaves of this input into a table whose records have them as
// columns, in that order.
func (in *Input) Table(leaves ...Leaf) *Table {
	columns := make([]binding, len(leaves))
	for i, l := range leaves {
		columns[i] = l.binding
	}
	return in.table(columns)
}

// Rows binds every column of the input as it is stored, in the order of the
// schema. The files must have the same schema. Keys are the columns among them
// that say whom a row is for: text that could be kept in several ways is kept so
// that they say the same here.
func (in *Input) Rows(keys ...Leaf) (*Table, error) {
	columns, schema, err := in.content.rows(keys)
	if err != nil {
		return nil, err
	}
	t := in.table(columns)
	t.schema = schema
	return t, nil
}

func (in *Input) table(columns []binding) *Table {
	t := &Table{files: in.files, content: in.content, columns: columns, mem: in.mem}
	row := int64(0)
	for i, f := range in.files {
		for k, rows := range f.parts {
			if rows == 0 {
				continue
			}
			t.parts = append(t.parts, part{file: i, number: k, firstRow: row, rows: rows})
			row += rows
		}
	}
	return t
}
