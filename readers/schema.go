package readers

import (
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// Steps of a path that stand for the parts of a map or a list, whatever its
// writer called the groups inside.
const (
	MapKey   = "*key"
	MapValue = "*value"
	Element  = "*element"
)

// resolve finds the column at path below root. A step is a field name, with or
// without the prefix "xdm:", or MapKey, MapValue or Element. A name that itself
// holds dots is found as well. It returns nil where there is no such column.
func resolve(root *parquet.Column, path []string) (*parquet.Column, error) {
	if len(path) == 0 {
		return root, nil
	}
	switch path[0] {
	case MapKey, MapValue:
		key, value := mapEntry(root)
		if path[0] == MapValue {
			key = value
		}
		if key == nil {
			return nil, fmt.Errorf("column %s is not a map", joinPath(root.Path()))
		}
		return resolve(key, path[1:])
	case Element:
		element := listElement(root)
		if element == nil {
			return nil, fmt.Errorf("column %s is not a list", joinPath(root.Path()))
		}
		return resolve(element, path[1:])
	}
	for n := 1; n <= len(path); n++ {
		child, err := field(root, strings.Join(path[:n], "."))
		if err != nil {
			return nil, err
		}
		if child == nil {
			continue
		}
		return resolve(child, path[n:])
	}
	return nil, nil
}

// field finds a child by name; the prefix of the XDM namespace is optional.
func field(group *parquet.Column, name string) (found *parquet.Column, err error) {
	for _, child := range group.Columns() {
		if !sameField(child.Name(), name) {
			continue
		}
		if found != nil {
			return nil, errTwice(name)
		}
		found = child
	}
	return found, nil
}

// sameField reports whether two names are the same but for the prefix of the XDM
// namespace.
func sameField(a, b string) bool {
	return strings.TrimPrefix(a, "xdm:") == strings.TrimPrefix(b, "xdm:")
}

// errTwice says that a name is that of two columns, of which none may be chosen.
func errTwice(name string) error {
	return fmt.Errorf("%w: two columns are called %q", ErrColumnType, name)
}

// mapEntry returns the key and value of a map. Writers call the repeated group
// key_value, map or entries; the format fixes only its shape.
func mapEntry(col *parquet.Column) (key, value *parquet.Column) {
	children := col.Columns()
	if len(children) != 1 || !children[0].Repeated() || len(children[0].Columns()) != 2 {
		return nil, nil
	}
	entry := children[0].Columns()
	return entry[0], entry[1]
}

// listElement returns the element of a list by the format's rules for two and
// three levels: github.com/apache/parquet-format LogicalTypes.md, "Lists".
func listElement(col *parquet.Column) *parquet.Column {
	if col.Repeated() { // a bare repeated field is a list of itself
		return col
	}
	children := col.Columns()
	if len(children) != 1 || !children[0].Repeated() {
		return nil
	}
	repeated := children[0]
	if repeated.Leaf() || len(repeated.Columns()) != 1 ||
		repeated.Name() == "array" || repeated.Name() == col.Name()+"_tuple" {
		return repeated
	}
	return repeated.Columns()[0]
}

// leafColumns lists the leaves below root in the order of the file's columns.
func leafColumns(root *parquet.Column) (leaves []*parquet.Column) {
	if root.Leaf() {
		return []*parquet.Column{root}
	}
	for _, child := range root.Columns() {
		leaves = append(leaves, leafColumns(child)...)
	}
	return leaves
}

func joinPath(path []string) string { return strings.Join(path, ".") }
