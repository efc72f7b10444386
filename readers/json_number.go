package readers

import "strconv"

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
