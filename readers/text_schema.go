package readers

import (
	"reflect"

	"github.com/parquet-go/parquet-go"
)

// textSchema is the Parquet schema that the columns of text have in audiences.
type textSchema struct{ fields []parquet.Field }

// add adds a column that may be null.
func (s *textSchema) add(name string, n parquet.Node) binding {
	s.fields = append(s.fields, &textField{parquet.Optional(n), name})
	return binding{name: name, top: name, stored: n.Type()}
}

func (s *textSchema) root() parquet.Node { return &textRoot{parquet.Group{}, s.fields} }

// textRoot is a schema whose columns stay in order, which those of the library's
// own Group do not.
type textRoot struct {
	parquet.Node
	fields []parquet.Field
}

func (r *textRoot) Fields() []parquet.Field { return r.fields }

// textField is a column of it.
type textField struct {
	parquet.Node
	name string
}

func (f *textField) Name() string                           { return f.name }
func (f *textField) Value(base reflect.Value) reflect.Value { return base }
