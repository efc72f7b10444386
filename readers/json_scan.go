package readers

import (
	"bytes"
	"errors"
	"fmt"
)

// maxJSONDepth bounds how deep values nest.
const maxJSONDepth = 200

// jsonScanner reads a record and hands what the tree of keys wants to know to
// it. It holds the text to RFC 8259; what it does not know it still checks.
type jsonScanner struct {
	text    []byte
	ends    places // the quotes of the text
	start   int    // of the text, there
	plain   bool   // strings end with the next quote, and have nothing to object to
	at      int
	row     int   // of the record
	objects int64 // that were begun, so that a key can tell one from the next
	learn   bool  // new keys are added to the tree
	more    int   // how many may still be
	scratch []byte
}

// errJSON is wrapped by the errors of text that is no JSON.
var errJSON = errors.New("no JSON")

// wrong makes an error of what stands at the place that was reached. It shows the
// place, never the text.
func (s *jsonScanner) wrong(what string) error {
	if s.at >= len(s.text) {
		what += ", which ends too early"
	}
	return fmt.Errorf("%w: byte %d: %s", errJSON, s.at+1, what)
}

// record reads one object, which was cut off a window.
func (s *jsonScanner) record(text []byte, c *jsonCutter, w *window, root *jsonKey) error {
	s.text, s.ends, s.start, s.plain, s.at = text, w.ends, c.start, c.plain, 0
	if c := s.peek(); c != '{' {
		return errors.New("not a JSON object; NDJSON has one on each line")
	}
	if err := s.object(root, 0); err != nil {
		return err
	}
	return s.finish()
}

// finish makes sure that nothing is behind the object.
func (s *jsonScanner) finish() error {
	if s.space(); s.at < len(s.text) {
		return s.wrong("something behind the object; NDJSON has one on each line")
	}
	return nil
}

func (s *jsonScanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// peek passes blanks and returns the byte behind them, 0 at the end. Mostly there
// are none.
func (s *jsonScanner) peek() byte {
	if s.at < len(s.text) && s.text[s.at] > ' ' {
		return s.text[s.at]
	}
	return s.peekBehind()
}

func (s *jsonScanner) peekBehind() byte {
	s.space()
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// object reads an object whose keys are below one in the tree, which is nil where
// nobody asks for them.
func (s *jsonScanner) object(of *jsonKey, depth int) error {
	if depth > maxJSONDepth {
		return s.wrong(fmt.Sprintf("values nest deeper than %d", maxJSONDepth))
	}
	number := s.begin(of)
	s.at++
	if s.peek() == '}' {
		s.at++
		return nil
	}
	return s.members(of, number, depth)
}

// begin begins an object, and returns its number.
func (s *jsonScanner) begin(of *jsonKey) (number int64) {
	s.objects++
	if of != nil {
		of.next = 0
	}
	return s.objects
}

// members reads members of an object to its end.
func (s *jsonScanner) members(of *jsonKey, object int64, depth int) error {
	for {
		if s.plain && of != nil {
			if ended, err := s.texts(of, object); ended || err != nil {
				return err
			}
		}
		key, err := s.key(of, object)
		if err != nil {
			return err
		}
		if s.peek() != ':' {
			return s.wrong("no colon behind a key")
		}
		s.at++
		if err := s.value(key, depth); err != nil {
			return err
		}
		if ended, err := s.behind(); ended || err != nil {
			return err
		}
	}
}

// behind reads what stands behind a member, and reports whether the object ended.
func (s *jsonScanner) behind() (ended bool, err error) {
	switch s.peek() {
	case ',':
		s.at++
		return false, nil
	case '}':
		s.at++
		return true, nil
	}
	return false, s.wrong("neither a comma nor the end of the object")
}

// key reads a key and finds it in the tree.
func (s *jsonScanner) key(of *jsonKey, object int64) (*jsonKey, error) {
	if of != nil {
		if key := of.expected(s.text[s.at:]); key != nil && key.object != object {
			s.at += len(key.quoted)
			key.object = object
			return key, nil
		}
	}
	if s.peek() != '"' {
		return nil, s.wrong("a key that is no string")
	}
	name, escaped, err := s.quoted()
	if err != nil || of == nil {
		return nil, err
	}
	if escaped {
		name = s.unescape(name)
	}
	key := of.find(name)
	if key == nil && !s.learn {
		return nil, nil
	}
	if key == nil {
		if s.more--; s.more < 0 {
			return nil, fmt.Errorf("more than %d different keys; keys must be names of columns, not data", maxJSONKeys)
		}
		key = of.add(string(name))
	}
	if key.object == object {
		return nil, s.wrong("a key that the object has already")
	}
	key.object = object
	return key, nil
}

// value reads any value.
func (s *jsonScanner) value(key *jsonKey, depth int) (err error) {
	c := s.peek()
	start := s.at
	kind := jsonKinds(0)
	text, escaped := []byte(nil), false
	switch {
	case c == '"':
		kind = jsonText
		text, escaped, err = s.quoted()
	case c == '{':
		kind = jsonObject
		err = s.object(key, depth+1)
	case c == '[':
		kind = jsonArray
		err = s.array(depth + 1)
	case c == '-' || c >= '0' && c <= '9':
		kind, err = s.number()
		text = s.text[start:s.at]
	case c == 't' && s.literal("true"), c == 'f' && s.literal("false"):
		kind = jsonBoolean
		text = s.text[start:s.at]
	case c == 'n' && s.literal("null"):
		kind = jsonNull
	default:
		err = s.wrong("no value")
	}
	if err != nil || key == nil {
		return err
	}
	key.kinds |= kind
	if key.columns == nil || kind == jsonNull {
		return nil
	}
	if escaped {
		text = s.unescape(text)
	}
	return key.put(s.row, kind, text, s.text[start:s.at])
}

// array reads an array. Nobody asks for what is in it.
func (s *jsonScanner) array(depth int) error {
	if depth > maxJSONDepth {
		return s.wrong(fmt.Sprintf("values nest deeper than %d", maxJSONDepth))
	}
	s.at++
	if s.peek() == ']' {
		s.at++
		return nil
	}
	for {
		if err := s.value(nil, depth); err != nil {
			return err
		}
		switch s.peek() {
		case ',':
			s.at++
		case ']':
			s.at++
			return nil
		default:
			return s.wrong("neither a comma nor the end of the array")
		}
	}
}

func (s *jsonScanner) literal(word string) bool {
	if !bytes.HasPrefix(s.text[s.at:], []byte(word)) {
		return false
	}
	s.at += len(word)
	return true
}
