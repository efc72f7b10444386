package readers

import (
	"errors"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/parquet-go/parquet-go"
)

// binding is a column of a table, found in each file.
type binding struct {
	name   string
	role   Role
	typ    arrow.DataType
	shape  shape
	number int // of the column in the schema of the first file

	// Of a table made by Rows.
	top    string       // the column of the schema that it belongs to
	stored parquet.Type // what is stored

	leaves []*parquet.Column // of Parquet, one a file
	fields []int             // of CSV: the number of the field in each file
	steps  []string          // of NDJSON
	whole  bool              // of NDJSON: the JSON text of whatever is there
}

// leaf finds the column at path in every file.
func (p *parquetFiles) leaf(role Role, path []string) (binding, error) {
	steps := splitPath(path)
	b := binding{name: joinPath(path), role: role}
	var lacks *file
	for i, f := range p.files {
		leaf, err := f.leaf(steps)
		if errors.Is(err, ErrNoColumn) && (i == 0 || lacks != nil) {
			lacks = f
			continue
		}
		if err == nil && lacks != nil {
			f, err = lacks, ErrNoColumn
		}
		if errors.Is(err, ErrNoColumn) {
			err = errLacks(b.name)
		}
		if err != nil {
			return b, &FileError{f.path, err}
		}
		if err := b.add(leaf); err != nil {
			return b, &FileError{f.path, err}
		}
	}
	if lacks != nil {
		return b, &FileError{lacks.path, fmt.Errorf("%w: %s", ErrNoColumn, b.name)}
	}
	return b, nil
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
		b.typ, b.shape, b.number = typ, shape, leaf.Index()
	case !arrow.TypeEqual(typ, b.typ) || shape != b.shape:
		return fmt.Errorf("%w: %s is %s here and %s in %s", ErrColumnType, b.name, shape.typeOf(typ), b.shape.typeOf(b.typ), "the files before")
	case shape != flat && (leaf.MaxDefinitionLevel() != b.leaves[0].MaxDefinitionLevel() ||
		leaf.MaxRepetitionLevel() != b.leaves[0].MaxRepetitionLevel()):
		return fmt.Errorf("%w: %s is nested in another way than in the files before", ErrColumnType, b.name)
	}
	b.leaves = append(b.leaves, leaf)
	return nil
}

// rows binds the leaves of the schema, which all files must share.
func (p *parquetFiles) rows([]Leaf) ([]binding, parquet.Node, error) {
	var columns []binding
	first := p.files[0]
	for i, f := range p.files {
		root := f.pq.Root()
		if i > 0 && !sameSchema(root, first.pq.Root()) {
			return nil, nil, &FileError{f.path, fmt.Errorf("its schema is not that of %s; a send list needs one schema", first.path)}
		}
		for k, leaf := range leafColumns(root) {
			if i == 0 {
				columns = append(columns, binding{name: joinPath(leaf.Path()), top: leaf.Path()[0], stored: leaf.Type()})
			}
			if err := columns[k].add(leaf); err != nil {
				return nil, nil, &FileError{f.path, err}
			}
		}
	}
	next := 0
	return columns, annotate(first.pq.Root(), first.meta.Schema, &next), nil
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
