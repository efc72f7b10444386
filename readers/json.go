package readers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/parquet-go/parquet-go"
)

// jsonFiles are the files of an input of NDJSON, and the keys of all of them.
type jsonFiles struct {
	files []*textFile
	jsonChecker
}

func newJSONFiles() *jsonFiles { return &jsonFiles{jsonChecker: *newJSONChecker()} }

func (j *jsonFiles) add(_ context.Context, path string) (*diskFile, error) {
	f, err := openText(path, signs{end: '"', special: '\\'}, func(*window) error { return nil })
	if err != nil {
		return nil, err
	}
	j.files = append(j.files, f)
	return f.diskFile, nil
}

func (j *jsonFiles) metadata(int, string) (string, error) { return "", errNoMetadata }

func (j *jsonFiles) place(file int, row int64) string { return j.files[file].place(&jsonCutter{}, row) }

// leaf finds a key among those of all files.
func (j *jsonFiles) leaf(role Role, path []string) (binding, error) {
	b := binding{name: joinPath(path), role: role, typ: textType(role), number: -1}
	steps := splitPath(path)
	// The parts of a map or a list have no names.
	in := slices.IndexFunc(steps, func(s string) bool { return s == MapKey || s == MapValue || s == Element })
	if j.isEmpty() && in < 0 {
		b.steps = steps
		return b, nil
	}
	if in >= 0 {
		steps = steps[:in]
	}
	ways, err := j.root.resolve(steps)
	switch {
	case err != nil:
	case len(ways) == 0:
		err = fmt.Errorf("%w: %s", ErrNoColumn, b.name)
	case in >= 0:
		err = fmt.Errorf("%w: %s is inside a map or a list, which are not read from NDJSON; write the input as Parquet", ErrColumnType, b.name)
	case len(ways) > 1:
		err = errTwice(b.name)
	default:
		err = b.bindKey(ways[0], &j.root)
	}
	if err != nil {
		return b, &FileError{j.files[0].path, err}
	}
	return b, nil
}

func (j *jsonFiles) isEmpty() bool { return len(j.root.keys) == 0 }

// bindKey binds the last of the keys on a way.
func (b *binding) bindKey(way []*jsonKey, root *jsonKey) error {
	for i, key := range way {
		b.steps = append(b.steps, key.name)
		if i < len(way)-1 && !key.kinds.only(jsonObject) {
			return fmt.Errorf("%w: %s is not an object in every record", ErrColumnType, joinPath(b.steps))
		}
	}
	if len(way) == 1 {
		b.number = slices.Index(root.keys, way[0])
	}
	kinds := way[len(way)-1].kinds
	if b.role == Stored {
		b.typ, b.whole, _ = storedJSON(kinds)
		return nil
	}
	if may := jsonRoles[b.role]; !kinds.only(may) {
		return fmt.Errorf("%w: %s has %s, and is to be %s", ErrColumnType, b.name, kinds&^(may|jsonNull), b.role)
	}
	if b.role == Key && kinds&^jsonNull != 0 && kinds.only(jsonInteger|jsonLong) {
		b.typ = arrow.PrimitiveTypes.Int64
	}
	return nil
}

// jsonRoles are the kinds of values that serve a role. Numbers are text as they
// are written: 1.5551234E10 is nobody's number, and will be found to be so.
var jsonRoles = map[Role]jsonKinds{
	Text: jsonText | jsonNumbers, Key: jsonText | jsonNumbers, Choice: jsonText | jsonNumbers | jsonBoolean,
	Time: jsonText | jsonNumbers, Flag: jsonText | jsonBoolean,
}

var jsonKindNames = []struct {
	kind jsonKinds
	name string
}{
	{jsonText, "text"},
	{jsonNumbers, "numbers"},
	{jsonBoolean, "booleans"},
	{jsonObject, "objects"},
	{jsonArray, "arrays"},
}

func (k jsonKinds) String() string {
	var names []string
	for _, n := range jsonKindNames {
		if k&n.kind != 0 {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, " and ")
}

// storedJSON says how the values of a key are kept: integers, numbers and
// booleans where there is nothing else; what nests as its JSON text; anything
// else as text, numbers as they are written.
func storedJSON(kinds jsonKinds) (typ arrow.DataType, whole bool, n parquet.Node) {
	switch kinds &^= jsonNull; {
	case kinds&jsonNested != 0:
		return arrow.BinaryTypes.Binary, true, parquet.String()
	case kinds == 0:
	case kinds.only(jsonInteger | jsonLong):
		return arrow.PrimitiveTypes.Int64, false, parquet.Leaf(parquet.Int64Type)
	case kinds.only(jsonInteger | jsonFraction):
		return arrow.PrimitiveTypes.Float64, false, parquet.Leaf(parquet.DoubleType)
	case kinds == jsonBoolean:
		return arrow.FixedWidthTypes.Boolean, false, parquet.Leaf(parquet.BooleanType)
	}
	return arrow.BinaryTypes.Binary, false, parquet.String()
}

// rows binds the keys at the top. One that says whom a row is for is kept as
// text, unless all of it is integers.
func (j *jsonFiles) rows(keys []Leaf) ([]binding, parquet.Node, error) {
	if j.isEmpty() {
		return nil, nil, &FileError{j.files[0].path, errors.New("no record, so that its columns are not known; write an empty send list as CSV or Parquet")}
	}
	for _, l := range keys {
		if l.binding.number < 0 {
			return nil, nil, &FileError{j.files[0].path, fmt.Errorf("%w: %s is inside an object; a send list in NDJSON has its keys at the top", ErrColumnType, l.binding.name)}
		}
	}
	var columns []binding
	var schema textSchema
	for i, key := range j.root.keys {
		if key.name == "" {
			return nil, nil, &FileError{j.files[0].path, fmt.Errorf("%w: a key has no name", ErrColumnType)}
		}
		typ, whole, node := storedJSON(key.kinds)
		if slices.ContainsFunc(keys, func(l Leaf) bool { return l.binding.number == i && l.binding.typ.ID() == arrow.STRING }) {
			typ, node = arrow.BinaryTypes.Binary, parquet.String()
		}
		b := schema.add(key.name, node)
		b.typ, b.whole, b.number, b.steps = typ, whole, i, []string{key.name}
		columns = append(columns, b)
	}
	return columns, schema.root(), nil
}
