package writers

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// hostile is what a job file, a path or a value may hold.
const hostile = "\u202e</style></title><script>evil()</script>\"'><img src=http://evil.example onerror=evil()> javascript:evil() {{.}} \x00\xff"

func TestReportEscapesEverything(t *testing.T) {
	r := sampleReport()
	poison(reflect.ValueOf(r))
	// The names that the arithmetic goes by must still be those of the lists,
	// and the reasons those that quarantine.
	for i, l := range sampleReport().Summary.Lists {
		for j, reason := range l.Reasons {
			r.Summary.Lists[i].Reasons[j].Decision = reason.Decision
		}
	}
	text := page(t, r)
	checkMarkup(t, text)
	for _, char := range []string{"\u202e", "\x00", "\xff", "\ufffd"} {
		if bytes.Contains(text, []byte(char)) {
			t.Errorf("%q stands in the report unquoted", char)
		}
	}
}

// poison sets every text below v to a hostile one.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				poison(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.String:
		v.SetString(hostile)
	}
}

func TestReportMarkup(t *testing.T) { checkMarkup(t, page(t, sampleReport())) }

// What a report may be made of. Nothing here runs, loads or leads elsewhere.
var (
	elements = strings.Fields(`html head meta link title style body main header nav section article h1 h2 h3 h4 p ul ol li
		dl div dt dd table caption thead tbody tfoot tr th td figure figcaption pre code b span bdi a
		svg defs pattern rect circle line`)
	attributes = strings.Fields(`lang charset http-equiv content name rel href class id role aria-label aria-labelledby aria-hidden
		scope colspan data-label focusable width height x y x1 x2 y1 y2 cx cy r patternunits patterntransform`)
)

// checkMarkup holds a report against what every report must keep to: nothing
// loaded, nothing run, and a structure that a screen reader can follow.
func checkMarkup(t *testing.T, text []byte) {
	t.Helper()
	ids, links := map[string]bool{}, []string{}
	var heading, last string
	var style []byte
	policy := ""
	for z := html.NewTokenizer(bytes.NewReader(text)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			if !errors.Is(z.Err(), io.EOF) {
				t.Fatal(z.Err())
			}
			break
		}
		token := z.Token()
		if kind == html.TextToken && last == "style" {
			style = []byte(token.Data)
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			last = ""
			continue
		}
		attr := map[string]string{}
		for _, a := range token.Attr {
			attr[a.Key] = a.Val
			if !slices.Contains(attributes, a.Key) {
				t.Errorf("<%s> has attribute %s", token.Data, a.Key)
			}
		}
		checkElement(t, token.Data, last, attr)
		if id, has := attr["id"]; has {
			if ids[id] {
				t.Errorf("two elements have the id %q", id)
			}
			ids[id] = true
		}
		if token.Data == "a" {
			links = append(links, attr["href"])
		}
		if attr["http-equiv"] != "" {
			policy = attr["content"]
		}
		if len(token.Data) == 2 && token.Data[0] == 'h' && token.Data[1] <= '9' {
			if token.Data > heading && token.Data != "h1" && token.Data[1] != heading[1]+1 {
				t.Errorf("heading %s follows %s", token.Data, heading)
			}
			heading = token.Data
		}
		last = token.Data
	}
	for _, link := range links {
		if !strings.HasPrefix(link, "#") {
			t.Errorf("link to %q", link)
		}
	}
	digest := sha256.Sum256(style)
	if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'"; !strings.HasPrefix(policy, "default-src 'none'; ") || !strings.Contains(policy, want) {
		t.Errorf("policy is %q, want %q in it", policy, want)
	}
	if bytes.Contains(style, []byte("@import")) || bytes.Contains(bytes.ReplaceAll(style, []byte("url(#"), nil), []byte("url(")) {
		t.Error("style loads something")
	}
}

func checkElement(t *testing.T, name, before string, attr map[string]string) {
	t.Helper()
	if !slices.Contains(elements, name) && !(name == "title" && before == "svg") {
		t.Errorf("element <%s>", name)
	}
	switch {
	case name == "html" && attr["lang"] != "en":
		t.Error("no language")
	case name == "link" && attr["href"] != "data:,":
		t.Errorf("link to %q", attr["href"])
	case before == "table" && name != "caption":
		t.Errorf("<%s> stands where a table should have its caption", name)
	case name == "th" && attr["scope"] == "":
		t.Error("<th> without scope")
	case before == "svg" && name == "rect" && attr["class"] == "":
		t.Error("a mark without class")
	case name == "svg" && attr["aria-hidden"] == "" && attr["role"] != "img":
		t.Error("<svg> is neither an image nor hidden")
	}
}

// TestReportLinksLand makes sure that every link of the sample has a target.
func TestReportLinksLand(t *testing.T) {
	text := string(page(t, sampleReport()))
	for _, part := range strings.Split(text, `href="#`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		if !strings.Contains(text, ` id="`+id+`"`) {
			t.Errorf("no element has the id %s", id)
		}
	}
}
