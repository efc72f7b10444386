package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"optout/jobs"
)

// schema is what the test needs of a JSON Schema.
type schema struct {
	Ref        string             `json:"$ref"`
	Defs       map[string]*schema `json:"$defs"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Items      *schema            `json:"items"`
	AnyOf      []*schema          `json:"anyOf"`
	Additional any                `json:"additionalProperties"`
	Default    any                `json:"default"`
	Enum       []string           `json:"enum"`
}

func TestEveryKeyOfAJobIsDocumented(t *testing.T) {
	text, err := jobs.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var job schema
	if err := json.Unmarshal(text, &job); err != nil {
		t.Fatal(err)
	}
	found := sections(readPages(t)["docs/job-file.md"])
	extra := map[string][][]string{} // rows that are no key
	for heading, text := range found {
		extra[heading] = rows(text)
	}
	// Objects of one kind are described once, where they stand highest.
	type object struct {
		path string
		*schema
	}
	queue, queued := []object{{"The job", &job}}, map[string]bool{}
	for ; len(queue) > 0; queue = queue[1:] {
		path, at := queue[0].path, queue[0].schema
		for _, key := range slices.Sorted(maps.Keys(at.Properties)) {
			property, documented := at.Properties[key], false
			for heading, text := range found {
				if heading != path && !strings.Contains(heading, "`"+path+"`") {
					continue
				}
				for _, row := range rows(text) {
					if code(row[0]) != key {
						continue
					}
					documented = true
					extra[heading] = slices.DeleteFunc(extra[heading], func(r []string) bool { return code(r[0]) == key })
					checkKey(t, path+"."+key, property, slices.Contains(at.Required, key), row)
				}
			}
			if !documented {
				t.Errorf("docs/job-file.md: %q has no row for %q", path, key)
			}
			if name := definition(property); job.Defs[name] != nil && !queued[name] {
				queued[name] = true
				queue = append(queue, object{strings.TrimPrefix(path+"."+key, "The job."), job.Defs[name]})
			}
		}
	}
	for heading, left := range extra {
		for _, row := range left {
			t.Errorf("docs/job-file.md: %q has a row for %s, which is no key there", heading, row[0])
		}
	}
}

// checkKey checks the row of a key: its name, type, default and meaning.
func checkKey(t *testing.T, key string, property *schema, required bool, row []string) {
	t.Helper()
	if len(row) != 4 || slices.Contains(row, "") {
		t.Errorf("docs/job-file.md: %s: want key, type, default and meaning, got %q", key, row)
		return
	}
	if required && row[2] != "required" {
		t.Errorf("docs/job-file.md: %s is required, the default is given as %q", key, row[2])
	}
	if d := property.Default; d != nil && !strings.Contains(row[2], fmt.Sprint(d)) {
		t.Errorf("docs/job-file.md: %s: the default is %v, given as %q", key, d, row[2])
	}
	for _, word := range property.Enum {
		if !strings.Contains(row[2]+row[3], "`"+word+"`") {
			t.Errorf("docs/job-file.md: %s: the word %q is missing", key, word)
		}
	}
}

// definition names the object behind a property, "" for none.
func definition(s *schema) string {
	if s == nil {
		return ""
	}
	if s.Ref != "" {
		return strings.TrimPrefix(s.Ref, "#/$defs/")
	}
	if object, ok := s.Additional.(map[string]any); ok {
		ref, _ := object["$ref"].(string)
		return strings.TrimPrefix(ref, "#/$defs/")
	}
	for _, one := range s.AnyOf {
		if name := definition(one); name != "" {
			return name
		}
	}
	return definition(s.Items)
}
