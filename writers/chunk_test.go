package writers

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

// textRecord is one column of text; "-" is null.
func textRecord(texts ...string) arrow.Record {
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{{Name: "a", Type: arrow.BinaryTypes.String, Nullable: true}}, nil))
	defer b.Release()
	for _, text := range texts {
		if text == "-" {
			b.Field(0).AppendNull()
		} else {
			b.Field(0).(*array.StringBuilder).Append(text)
		}
	}
	return b.NewRecord()
}

// TestNullInRequired: a null for a column that may have none would move all
// values behind it up a row.
func TestNullInRequired(t *testing.T) {
	f, err := CreateParquet(filepath.Join(t.TempDir(), "f"), schema("f", leaf("a", parquet.String(), &parquet.Plain)), FileOptions{Mode: 0o600})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := f.Group()
	defer g.Close()
	if err := g.Write(textRecord("x", "-", "y"), nil); !errors.Is(err, errNullInRequired) {
		t.Errorf("got %v, want %v", err, errNullInRequired)
	}
}

// TestLargeDictionary: values that do not repeat leave the dictionary as soon as
// it is too large, not only when a page of codes is.
func TestLargeDictionary(t *testing.T) {
	f, err := CreateParquet(filepath.Join(t.TempDir(), "f"), schema("f", leaf("a", parquet.String(), &parquet.RLEDictionary)), FileOptions{Mode: 0o600})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := f.Group().(*parquetGroup)
	defer g.Close()
	for i := range 20 {
		texts := make([]string, 1000)
		for k := range texts {
			texts[k] = fmt.Sprint(i, " ", k, strings.Repeat("x", 500))
		}
		if err := g.Write(textRecord(texts...), nil); err != nil {
			t.Fatal(err)
		}
	}
	c := g.groups[0].chunks[0]
	if size, most := len(c.dict.plain), 2*dictionaryMax; size > most || c.words != nil || !c.pages.direct {
		t.Errorf("the dictionary has %d bytes, at most %d; coded still: %v", size, most, c.words != nil)
	}
}

// TestPersonalTwice: a personal column named twice is optional all the same, and
// a required struct is no personal column.
func TestPersonalTwice(t *testing.T) {
	list := schema("list", leaf("name", parquet.String(), &parquet.Plain))
	s, err := AudienceSchema(list, []string{"name", "name"})
	if err != nil {
		t.Fatal(err)
	}
	if name := s.Fields()[0]; !name.Optional() || name.Required() {
		t.Errorf("the column is optional %v, required %v", name.Optional(), name.Required())
	}
	nested := parquet.Group{"p": parquet.Group{"city": parquet.Optional(parquet.String())}}
	if _, err := AudienceSchema(nested, []string{"p"}); err == nil {
		t.Error("a required struct was taken for a personal column")
	}
}
