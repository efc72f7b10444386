package readers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/google/go-cmp/cmp"

	"optout/readers"
)

// TestWords: a column of text is the same however many words it has and wherever they
// stand, and comes as codes as long as they are few.
func TestWords(t *testing.T) {
	repeat := func(n int, words ...string) (all []string) {
		for i := range n {
			all = append(all, words[i%len(words)])
		}
		return all
	}
	var many []string
	for i := range 40_000 {
		many = append(many, fmt.Sprint("word ", i*i%1000))
	}
	for name, test := range map[string]struct {
		words []string // "" is null
		coded bool
	}{
		"few":                     {repeat(9000, "email", "sms", "", "push"), true},
		"none":                    {repeat(3, ""), true},
		"none before and behind":  {append(repeat(5000, ""), append(repeat(5, "x"), repeat(5000, "")...)...), true},
		"one":                     {[]string{"x"}, true},
		"alike":                   {repeat(900, "a", "aa", "aaaaaaaab", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaac", "aaaaaaa", "b"), true},
		"as many as there may be": {repeat(900, strings.Split("a b c d e f g h i j k l m n o p", " ")...), true},
		"one more":                {repeat(900, strings.Split("a b c d  e f g h i j k l m n o p q", " ")...), false},
		"many":                    {many, false},
		"many behind few":         {append(repeat(50_000, "few", "", "of them"), many...), false},
		"long":                    {repeat(900, "x", "", strings.Repeat("y", 65)), false},
		"as long as may be":       {repeat(900, "x", "", strings.Repeat("y", 64)), true},
	} {
		t.Run(name, func(t *testing.T) {
			var csv, ndjson strings.Builder
			csv.WriteString("id,word\n")
			var want []any
			for i, word := range test.words {
				fmt.Fprintf(&csv, "%d,%s\n", i, word)
				if word == "" {
					fmt.Fprintf(&ndjson, `{"id":%d}`+"\n", i)
					want = append(want, nil)
					continue
				}
				fmt.Fprintf(&ndjson, `{"id":%d,"word":"%s"}`+"\n", i, word)
				want = append(want, word)
			}
			if name == "none" {
				ndjson.WriteString(`{"id":3,"word":null}` + "\n")
			}
			for file, text := range map[string]string{"words.csv": csv.String(), "words.ndjson": ndjson.String()} {
				in := open(t, checked(t), writeText(t, file, text))
				l := leaf(t, in, readers.Text, "word")
				got := column(t, in, l)
				if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", file, diff)
				}
				if coded := lastIsCoded(t, in.Table(l)); coded != test.coded {
					t.Errorf("%s: coded is %v", file, coded)
				}
			}
		})
	}
}

// lastIsCoded reports whether the last record of a table has codes.
func lastIsCoded(t *testing.T, table *readers.Table) (coded bool) {
	t.Helper()
	err := eachRecord(table, func(record arrow.Record) { coded = record.Column(0).DataType().ID() == arrow.DICTIONARY })
	if err != nil {
		t.Fatal(err)
	}
	return coded
}
