package jobs

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema of the job file, for editors.
func Schema() ([]byte, error) {
	r := jsonschema.Reflector{
		FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, ExpandedStruct: true, Anonymous: true,
		Mapper: scalarSchema,
	}
	s := r.Reflect(&Job{})
	s.Title = "optout job"
	describe(s, reflect.TypeFor[Job](), s.Definitions, map[reflect.Type]bool{})
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

// scalarSchema is the schema of the types that read themselves from one text.
func scalarSchema(t reflect.Type) *jsonschema.Schema {
	v := reflect.New(t)
	if w, ok := v.Elem().Interface().(word); ok && t.Kind() == reflect.String {
		return wordSchema(w)
	}
	if _, ok := v.Interface().(interface{ parse(string) error }); !ok {
		return nil
	}
	if n, ok := v.Elem().Interface().(interface{ most() int }); ok {
		return &jsonschema.Schema{Type: "integer", Minimum: "0", Maximum: json.Number(strconv.Itoa(n.most()))}
	}
	p, _ := v.Elem().Interface().(interface{ pattern() string })
	if p == nil || p.pattern() == "" {
		// YAML reads what is not in quotes as a number or a boolean.
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "number"}, {Type: "boolean"}}}
	}
	return &jsonschema.Schema{Type: "string", Pattern: p.pattern()}
}

func wordSchema(w word) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, name := range w.words() {
		s.Enum = append(s.Enum, name)
	}
	return s
}

// describe adds what the doc and job tags say: a sentence on every key, and a
// single value in place of a list where one will do.
func describe(s *jsonschema.Schema, t reflect.Type, definitions jsonschema.Definitions, done map[reflect.Type]bool) {
	if done[t] {
		return
	}
	done[t] = true
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if options == "inline" {
			delete(done, f.Type) // its keys stand in several types
			describe(s, f.Type, definitions, done)
			continue
		}
		if name == "" || s.Properties == nil {
			continue
		}
		property, ok := s.Properties.Get(name)
		if !ok {
			continue
		}
		described := *property
		if described.Ref != "" { // what stands beside a reference counts since draft 2019-09
			described = jsonschema.Schema{Ref: property.Ref}
		}
		if _, ok := reflect.New(f.Type).Interface().(interface{ single(string) error }); ok {
			described = jsonschema.Schema{AnyOf: []*jsonschema.Schema{wordSchema(reflect.Zero(f.Type).Interface().(word)), property}}
		}
		if f.Tag.Get("job") == "one" {
			described = jsonschema.Schema{AnyOf: []*jsonschema.Schema{property, property.Items}}
		}
		described.Description = f.Tag.Get("doc")
		s.Properties.Set(name, &described)
		if inner := element(f.Type); inner.Kind() == reflect.Struct && definitions[inner.Name()] != nil {
			describe(definitions[inner.Name()], inner, definitions, done)
		}
	}
}

// element is the type inside pointers, lists and maps.
func element(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	return t
}
