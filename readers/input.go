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
// the order of the files.
type Input struct {
	files []*file
	mem   memory.Allocator
}

// FileInfo describes one file of an input.
type FileInfo struct {
	Path  string
	Bytes int64
	Rows  int64
}

// A Leaf is a column of an input, found in every one of its files.
type Leaf struct{ binding binding }

// Open reads and checks the footers of files. Nothing stays open. An error is a
// *FileError.
func Open(ctx context.Context, files []string, mem memory.Allocator) (*Input, error) {
	in := &Input{mem: mem}
	for _, path := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, err := openFile(path)
		if err != nil {
			return nil, err
		}
		in.files = append(in.files, f)
	}
	return in, nil
}

// NumRows is the number of rows of all files.
func (in *Input) NumRows() (n int64) {
	for _, f := range in.files {
		n += f.meta.NumRows
	}
	return n
}

// Files describes the files, in order.
func (in *Input) Files() []FileInfo {
	infos := make([]FileInfo, len(in.files))
	for i, f := range in.files {
		infos[i] = FileInfo{Path: f.path, Bytes: f.info.Size(), Rows: f.meta.NumRows}
	}
	return infos
}

// Metadata returns the value that each file's footer has under key.
func (in *Input) Metadata(key string) ([]string, error) {
	values := make([]string, len(in.files))
	for i, f := range in.files {
		value, ok := f.pq.Lookup(key)
		if !ok {
			return nil, &FileError{f.path, fmt.Errorf("the footer has no metadata %q", key)}
		}
		values[i] = value
	}
	return values, nil
}

// Leaf finds the column at path, one step an element (see MapKey, MapValue and
// Element for the insides of maps and lists), and checks that it can serve the
// role in every file. A step may also hold several names joined by dots. The
// error wraps ErrNoColumn where no file has such a column, and ErrColumnType
// where some lack it or have it in another type.
//
// Type returns the Arrow type of the column in records. A column below a list
// or a map is a List of Struct{level, value}, one list a row: every Parquet
// entry with its level, rep<<8 | def. With the role Stored, one inside a struct
// is a Struct{level, value}. Any other is a nullable value.
func (in *Input) Leaf(role Role, path ...string) (Leaf, error) {
	var steps []string
	for _, p := range path {
		steps = append(steps, strings.Split(p, ".")...)
	}
	b := binding{name: joinPath(path), role: role}
	var lacks *file
	for i, f := range in.files {
		leaf, err := f.leaf(steps)
		if errors.Is(err, ErrNoColumn) && (i == 0 || lacks != nil) {
			lacks = f
			continue
		}
		if err == nil && lacks != nil {
			f, err = lacks, ErrNoColumn
		}
		if errors.Is(err, ErrNoColumn) {
			err = fmt.Errorf("%w: no column %s, which other files of the input have", ErrColumnType, b.name)
		}
		if err != nil {
			return Leaf{}, &FileError{f.path, err}
		}
		if err := b.add(leaf); err != nil {
			return Leaf{}, &FileError{f.path, err}
		}
	}
	if lacks != nil {
		return Leaf{}, &FileError{lacks.path, fmt.Errorf("%w: %s", ErrNoColumn, b.name)}
	}
	return Leaf{b}, nil
}

func (f *file) leaf(steps []string) (*parquet.Column, error) {
	col, err := resolve(f.pq.Root(), steps)
	switch {
	case err != nil:
		return nil, err
	case col == nil:
		return nil, fmt.Errorf("%w: %s", ErrNoColumn, joinPath(steps))
	case !col.Leaf():
		return nil, fmt.Errorf("%w: %s is %s, not a single value", ErrColumnType, joinPath(steps), groupKind(col))
	}
	return col, nil
}

// groupKind names what stands where a leaf was expected.
func groupKind(col *parquet.Column) string {
	if key, _ := mapEntry(col); key != nil {
		return "a map"
	}
	if listElement(col) != nil {
		return "a list"
	}
	return "a struct with the fields " + strings.Join(fieldNames(col), ", ")
}

func fieldNames(col *parquet.Column) (names []string) {
	for _, c := range col.Columns() {
		names = append(names, c.Name())
	}
	return names
}

// add binds the column of one more file, which must agree with the others.
func (b *binding) add(leaf *parquet.Column) error {
	typ, err := typeFor(leaf, b.role)
	if err != nil {
		return err
	}
	shape := shapeOf(leaf, b.role)
	switch {
	case b.leaves == nil:
		b.typ, b.shape = typ, shape
	case !arrow.TypeEqual(typ, b.typ) || shape != b.shape:
		return fmt.Errorf("%w: %s is %s here and %s in %s", ErrColumnType, b.name, shape.typeOf(typ), b.shape.typeOf(b.typ), "the files before")
	case shape != flat && (leaf.MaxDefinitionLevel() != b.leaves[0].MaxDefinitionLevel() ||
		leaf.MaxRepetitionLevel() != b.leaves[0].MaxRepetitionLevel()):
		return fmt.Errorf("%w: %s is nested in another way than in the files before", ErrColumnType, b.name)
	}
	b.leaves = append(b.leaves, leaf)
	return nil
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

// Rows binds every leaf of the input as it is stored, in the order of the
// schema. The files must have the same schema.
func (in *Input) Rows() (*Table, error) {
	var columns []binding
	for i, f := range in.files {
		root := f.pq.Root()
		if i > 0 && !sameSchema(root, in.files[0].pq.Root()) {
			return nil, &FileError{f.path, fmt.Errorf("its schema is not that of %s; a send list needs one schema", in.files[0].path)}
		}
		for k, leaf := range leafColumns(root) {
			if i == 0 {
				columns = append(columns, binding{name: joinPath(leaf.Path())})
			}
			if err := columns[k].add(leaf); err != nil {
				return nil, &FileError{f.path, err}
			}
		}
	}
	return in.table(columns), nil
}

func sameSchema(a, b *parquet.Column) bool {
	if a.Leaf() != b.Leaf() || a.Optional() != b.Optional() || a.Repeated() != b.Repeated() || len(a.Columns()) != len(b.Columns()) {
		return false
	}
	if a.Leaf() {
		return parquet.EqualTypes(a.Type(), b.Type())
	}
	for i, child := range a.Columns() {
		if child.Name() != b.Columns()[i].Name() || !sameSchema(child, b.Columns()[i]) {
			return false
		}
	}
	return true
}

func (in *Input) table(columns []binding) *Table {
	t := &Table{files: in.files, columns: columns, mem: in.mem}
	row := int64(0)
	for i, f := range in.files {
		for g := range f.meta.RowGroups {
			rows := f.meta.RowGroups[g].NumRows
			if rows == 0 {
				continue
			}
			t.parts = append(t.parts, part{file: i, group: g, firstRow: row, rows: rows})
			row += rows
		}
	}
	return t
}
