package readers

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonCutter cuts records of NDJSON: one object a line. Lines of nothing but
// blanks are passed over.
type jsonCutter struct{}

func (jsonCutter) cut(w *window) (record []byte, at mark, err error) {
	for {
		end, err := w.line()
		if err != nil {
			return nil, at, err
		}
		text := w.text()
		at = w.next
		w.take(min(end+1, len(text)), 1)
		record = text[:end]
		if end == 0 || record[0] != '{' || record[end-1] != '}' {
			record = bytes.Trim(record, " \t\r")
		}
		if len(record) > 0 {
			return record, at, nil
		}
	}
}

// maxJSONDepth bounds how deep values nest.
const maxJSONDepth = 200

// jsonScanner reads a record and hands what the tree of keys wants to know to
// it. It holds the text to RFC 8259; what it does not know it still checks.
type jsonScanner struct {
	text    []byte
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

// record reads one object.
func (s *jsonScanner) record(text []byte, root *jsonKey) error {
	s.text, s.at = text, 0
	if c := s.peek(); c != '{' {
		return errors.New("not a JSON object; NDJSON has one on each line")
	}
	if err := s.object(root, 0); err != nil {
		return err
	}
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
	s.objects++
	number := s.objects
	if of != nil {
		of.next = 0
	}
	s.at++
	if s.peek() == '}' {
		s.at++
		return nil
	}
	for {
		key, err := s.key(of, number)
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
		switch s.peek() {
		case ',':
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return s.wrong("neither a comma nor the end of the object")
		}
	}
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

// quoted reads a string and returns what stands between its quotes. It looks at
// eight bytes at a time for the first that a string does not have as it is, which
// is a third of what bytes one by one cost; most strings end within the first or
// second eight, so that nothing is gained by instructions for more.
func (s *jsonScanner) quoted() (text []byte, escaped bool, err error) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	line, start := s.text, s.at+1
	at := start
	for {
		for ; at+8 <= len(line); at += 8 {
			x := binary.LittleEndian.Uint64(line[at:])
			quote, backslash := x^'"'*ones, x^'\\'*ones
			// A byte of these is high where the one above is what is looked for. Those behind
			// the first may be wrong: subtracting borrows from them.
			found := ((quote-ones)&^quote | (backslash-ones)&^backslash | (x-' '*ones)&^x) & highs
			if found != 0 {
				at += bits.TrailingZeros64(found) / 8
				break
			}
		}
		for at < len(line) && isPlain(line[at]) {
			at++
		}
		if at < len(line) && line[at] == '"' {
			s.at = at + 1
			return line[start:at], escaped, nil
		}
		s.at = at
		if at == len(line) {
			return nil, false, s.wrong("a string that is never closed")
		}
		if line[at] != '\\' {
			return nil, false, s.wrong("a control character in a string")
		}
		escaped = true
		if err := s.escape(); err != nil {
			return nil, false, err
		}
		at = s.at
	}
}

// isPlain reports whether a string has a byte as it is.
func isPlain(c byte) bool { return c != '"' && c != '\\' && c >= ' ' }

// escape passes a backslash and what belongs to it.
func (s *jsonScanner) escape() error {
	s.at++
	if s.at == len(s.text) {
		return s.wrong("a string that is never closed")
	}
	c := s.text[s.at]
	s.at++
	if c != 'u' {
		if bytes.IndexByte([]byte(`"\/bfnrt`), c) < 0 {
			return s.wrong("an escape that JSON does not have")
		}
		return nil
	}
	if _, ok := hex4(s.text[s.at:]); !ok {
		return s.wrong("an escape that JSON does not have")
	}
	s.at += 4
	return nil
}

// hex4 reads four hexadecimal digits.
func hex4(text []byte) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	v, err := strconv.ParseUint(string(text[:4]), 16, 16)
	return rune(v), err == nil && text[0] != '+'
}

// unescape is the text that is meant, valid until the next call. Half of a
// surrogate pair is no character and becomes U+FFFD.
func (s *jsonScanner) unescape(text []byte) []byte {
	out := s.scratch[:0]
	for len(text) > 0 {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			out = append(out, text...)
			break
		}
		out = append(out, text[:i]...)
		c := text[i+1]
		text = text[i+2:]
		switch c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, _ := hex4(text)
			text = text[4:]
			if utf16.IsSurrogate(r) {
				second := rune(utf8.RuneError)
				if bytes.HasPrefix(text, []byte(`\u`)) {
					second, _ = hex4(text[2:])
				}
				if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
					text = text[6:]
				}
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
	}
	s.scratch = out
	return out
}

// number reads a number and says what it is.
func (s *jsonScanner) number() (jsonKinds, error) {
	start := s.at
	if s.text[s.at] == '-' {
		s.at++
	}
	first := s.at
	digits := s.digits()
	if digits == 0 || digits > 1 && s.text[first] == '0' {
		return 0, s.wrong("a number that JSON does not have")
	}
	whole := true
	if s.is('.') {
		whole = false
		if s.at++; s.digits() == 0 {
			return 0, s.wrong("a number that JSON does not have")
		}
	}
	if s.is('e') || s.is('E') {
		whole = false
		if s.at++; s.is('+') || s.is('-') {
			s.at++
		}
		if s.digits() == 0 {
			return 0, s.wrong("a number that JSON does not have")
		}
	}
	return kindOfNumber(s.text[start:s.at], digits, whole), nil
}

func kindOfNumber(text []byte, digits int, whole bool) jsonKinds {
	switch {
	case !whole || string(text) == "-0":
		if _, err := strconv.ParseFloat(string(text), 64); err != nil {
			return jsonHuge
		}
		return jsonFraction
	case digits <= 15:
		return jsonInteger
	}
	if _, err := strconv.ParseInt(string(text), 10, 64); err != nil {
		return jsonHuge
	}
	return jsonLong
}

func (s *jsonScanner) is(c byte) bool { return s.at < len(s.text) && s.text[s.at] == c }

// digits passes digits and counts them.
func (s *jsonScanner) digits() (n int) {
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
		n++
	}
	return n
}
