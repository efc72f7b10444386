package jobs

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxNodes bounds what aliases can unfold a job file to.
const maxNodes = 100_000

// decoder fills the types of a job file from YAML nodes. The YAML library stops
// at the first duplicate key and names Go types; this one goes on to the end,
// knows the place of every key and says what was expected in the user's words.
type decoder struct {
	mistakes
	nodes int
}

// decode fills v, which must be settable, from n. Key is its place.
func (d *decoder) decode(n *yaml.Node, v reflect.Value, key string) {
	if d.tooMany(n, key) {
		return
	}
	n = resolve(n)
	d.at[key] = position{n.Line, n.Column}
	if n.Style&yaml.TaggedStyle != 0 && !slices.Contains(plainTags, n.ShortTag()) {
		d.blind[key] = true
		d.addAt(d.at[key], key, fmt.Sprintf("tags like %s are not supported", n.Tag))
		return
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" && v.Kind() != reflect.Pointer {
		d.wrong(n, key, "a value")
		return
	}
	if v.CanAddr() {
		if s, ok := v.Addr().Interface().(interface{ parse(string) error }); ok {
			d.scalar(n, key, s.parse)
			return
		}
	}
	if v.CanAddr() && n.Kind == yaml.ScalarNode {
		if s, ok := v.Addr().Interface().(interface{ single(string) error }); ok {
			d.scalar(n, key, s.single)
			return
		}
	}
	if w, ok := v.Interface().(word); ok && v.Kind() == reflect.String {
		d.scalar(n, key, func(text string) error {
			known, err := oneOf(text, w.words())
			v.SetString(known)
			return err
		})
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" {
			d.wrong(n, key, "a value")
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(n, v.Elem(), key)
	case reflect.String:
		d.scalar(n, key, func(text string) error { v.SetString(text); return nil })
	case reflect.Bool:
		d.scalar(n, key, func(text string) error {
			yes, err := strconv.ParseBool(text)
			switch {
			case err == nil && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
				return fmt.Errorf("%q is a text; write it without quotes", text)
			case err != nil || n.ShortTag() != "!!bool":
				return fmt.Errorf("%q is neither true nor false", text)
			}
			v.SetBool(yes)
			return nil
		})
	case reflect.Struct:
		d.mapping(n, v, key)
	case reflect.Slice:
		d.list(n, v, key)
	case reflect.Map:
		d.dictionary(n, v, key)
	}
}

// plainTags say what a value is anyhow.
var plainTags = []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq", "!!timestamp"}

// tooMany counts a node, and notes when there are more than a job can need.
func (d *decoder) tooMany(n *yaml.Node, key string) bool {
	d.nodes++
	if d.nodes == maxNodes+1 {
		d.addAt(position{n.Line, n.Column}, key, "the file unfolds to more than a job file can need; remove aliases")
	}
	return d.nodes > maxNodes
}

// resolve returns what an alias stands for, and any other node itself.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func (d *decoder) scalar(n *yaml.Node, key string, parse func(string) error) {
	if n.Kind != yaml.ScalarNode {
		d.wrong(n, key, "a single value")
		return
	}
	if err := parse(n.Value); err != nil {
		d.addAt(position{n.Line, n.Column}, key, err.Error())
	}
}

func (d *decoder) wrong(n *yaml.Node, key, want string) {
	found := map[yaml.Kind]string{yaml.MappingNode: "keys with values", yaml.SequenceNode: "a list"}[n.Kind]
	if found == "" {
		found = fmt.Sprintf("%q", n.Value)
		if n.Value == "" || n.ShortTag() == "!!null" {
			found = "nothing"
		}
	}
	d.blind[key] = true
	d.addAt(position{n.Line, n.Column}, key, "expected "+want+", found "+found)
}

// mapping fills a struct. Unknown keys are mistakes, and so is a key that
// stands twice.
func (d *decoder) mapping(n *yaml.Node, v reflect.Value, key string) {
	fields := map[string]reflect.Value{}
	one := map[string]bool{}
	collectFields(v, fields, one)
	d.pairs(n, key, func(name string, place position, value *yaml.Node) {
		field, known := fields[name]
		if !known && d.full() {
			d.more++ // do not look for the key that was meant
			return
		}
		if !known {
			d.at[join(key, name)] = place
			d.addAt(place, join(key, name), unknownKey(name, fields))
			return
		}
		if one[name] && resolve(value).Kind == yaml.MappingNode {
			value = &yaml.Node{Kind: yaml.SequenceNode, Line: value.Line, Column: value.Column, Content: []*yaml.Node{value}}
		}
		d.decode(value, field, join(key, name))
	})
}

// pairs calls each for the keys of a mapping.
func (d *decoder) pairs(n *yaml.Node, key string, each func(name string, place position, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, key, "keys with values")
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, place := n.Content[i], position{n.Content[i].Line, n.Content[i].Column}
		if d.tooMany(k, key) {
			return
		}
		if k.Kind != yaml.ScalarNode {
			d.addAt(place, key, "a key must be a single value")
			continue
		}
		if line, again := first[k.Value]; again {
			d.addAt(place, join(key, k.Value), fmt.Sprintf("the key stands twice, first on line %d", line))
			continue
		}
		first[k.Value] = k.Line
		each(k.Value, place, n.Content[i+1])
	}
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, key string) {
	if n.Kind != yaml.SequenceNode {
		d.wrong(n, key, "a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.decode(item, v.Index(i), fmt.Sprintf("%s[%d]", key, i))
	}
}

func (d *decoder) dictionary(n *yaml.Node, v reflect.Value, key string) {
	v.Set(reflect.MakeMap(v.Type()))
	d.pairs(n, key, func(name string, _ position, value *yaml.Node) {
		item := reflect.New(v.Type().Elem()).Elem()
		d.decode(value, item, join(key, name))
		v.SetMapIndex(reflect.ValueOf(name), item)
	})
}

// collectFields lists the fields of a struct by their keys, those of inlined
// structs too.
func collectFields(v reflect.Value, fields map[string]reflect.Value, one map[string]bool) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			collectFields(v.Field(i), fields, one)
		case name != "":
			fields[name] = v.Field(i)
			one[name] = f.Tag.Get("job") == "one"
		}
	}
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

func unknownKey(name string, fields map[string]reflect.Value) string {
	if name == "<<" {
		return "merge keys are not supported; an alias can stand for a whole value"
	}
	var known []string
	for k := range fields {
		known = append(known, k)
	}
	slices.Sort(known)
	return "unknown key" + suggest(name, known)
}
