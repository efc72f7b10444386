package parquettest

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// column is a column, or a field of a struct, as a Go type for the library.
type column struct {
	name   string
	typ    reflect.Type
	option string // of the library's tag
	fields []column
}

// day counts days since 1970. The library takes *time.Time for a date too, and
// writes it wrong (v0.32.0).
type day int32

// scalar returns the type of a single value by its name.
func scalar(name string) (typ reflect.Type, option string, ok bool) {
	switch name {
	case "string":
		return reflect.TypeFor[string](), "", true
	case "bool":
		return reflect.TypeFor[bool](), "", true
	case "int32":
		return reflect.TypeFor[int32](), "", true
	case "int64":
		return reflect.TypeFor[int64](), "", true
	case "double":
		return reflect.TypeFor[float64](), "", true
	case "timestamp":
		return reflect.TypeFor[time.Time](), ",timestamp(microsecond)", true
	case "date":
		return reflect.TypeFor[day](), ",date", true
	}
	return nil, "", false
}

// parseColumn reads name:type.
func parseColumn(text string) (column, error) {
	name, typ, _ := strings.Cut(text, ":")
	c := column{name: name}
	typ, required := strings.CutSuffix(typ, "!")
	if of, option, ok := scalar(typ); ok {
		c.typ, c.option = of, option
		if !required {
			c.typ = reflect.PointerTo(of)
		}
		return c, nil
	}
	kind, inner, _ := strings.Cut(typ, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	if !closed || kind != "list" && kind != "map" {
		return column{}, fmt.Errorf("column %s: unknown type %q", name, typ)
	}
	element, err := parseElement(inner)
	if err != nil {
		return column{}, fmt.Errorf("column %s: %w", name, err)
	}
	if kind == "list" {
		c.typ, c.option = reflect.SliceOf(element), ",optional,list"
		return c, nil
	}
	c.typ, c.option = reflect.MapOf(reflect.TypeFor[string](), element), ",optional"
	return c, nil
}

// parseElement reads what a list or a map holds.
func parseElement(text string) (reflect.Type, error) {
	var parts []string
	depth, start := 0, 0
	for i, r := range text {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			parts, start = append(parts, text[start:i]), i+1
		}
	}
	parts = append(parts, text[start:])
	if !strings.Contains(parts[0], ":") || strings.ContainsAny(parts[0][:strings.Index(parts[0], ":")], "(") {
		c, err := parseColumn("element:" + strings.TrimSuffix(text, "!") + "!")
		return c.typ, err
	}
	columns, err := parseColumns(parts)
	if err != nil {
		return nil, err
	}
	return structOf(columns), nil
}

// parseColumns reads columns and joins those that are fields of one struct.
func parseColumns(texts []string) (all []column, err error) {
	for _, text := range texts {
		name, typ, ok := strings.Cut(text, ":")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q is no column: write it as name:type", text)
		}
		c, err := parseColumn(name[strings.LastIndex(name, ".")+1:] + ":" + typ)
		if err != nil {
			return nil, err
		}
		steps := strings.Split(name, ".")
		into := &all
		for _, step := range steps[:len(steps)-1] {
			into = &group(into, step).fields
		}
		*into = append(*into, c)
	}
	return all, nil
}

// group returns the struct of a name, a new one behind the others where there is
// none.
func group(in *[]column, name string) *column {
	for i := range *in {
		if (*in)[i].name == name && (*in)[i].typ == nil {
			return &(*in)[i]
		}
	}
	*in = append(*in, column{name: name})
	return &(*in)[len(*in)-1]
}

// structOf makes a Go type of columns, in their order.
func structOf(columns []column) reflect.Type {
	var fields []reflect.StructField
	for i, c := range columns {
		if c.typ == nil {
			c.typ = reflect.PointerTo(structOf(c.fields))
		}
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("C%d", i), Type: c.typ,
			Tag: reflect.StructTag(fmt.Sprintf(`parquet:"%s%s" json:"%s"`, c.name, c.option, c.name)),
		})
	}
	return reflect.StructOf(fields)
}
