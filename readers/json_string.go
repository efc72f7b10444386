package readers

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a string and returns what stands between its quotes. Wherever the
// next quote is the end, it is found by the instructions that compare 32 bytes at a
// time: a loop has an end that the processor cannot foretell.
func (s *jsonScanner) quoted() (text []byte, escaped bool, err error) {
	s.at++
	if !s.plain {
		return s.quotedAny()
	}
	start := s.at
	n := bytes.IndexByte(s.text[start:], '"')
	if n < 0 {
		s.at = len(s.text)
		return nil, false, s.wrong("a string that is never closed")
	}
	s.at = start + n + 1
	return s.text[start : start+n], false, nil
}

// quotedAny reads on behind the quote that opens any string.
func (s *jsonScanner) quotedAny() (text []byte, escaped bool, err error) {
	start := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return s.text[start : s.at-1], escaped, nil
		case c == '\\':
			escaped = true
			if err := s.escape(); err != nil {
				return nil, false, err
			}
		case c < ' ':
			return nil, false, s.wrong("a control character in a string")
		default:
			s.at++
		}
	}
	return nil, false, s.wrong("a string that is never closed")
}

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
