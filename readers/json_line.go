package readers

import "bytes"

// lines reads the records of a window that are lines and begin with an object, as rows from
// one on: not the row most, and none that begins at the limit. None has an escape or, where
// text is checked, a control character. A line's end is not looked for first, since
// that of the object mostly is where it is.
func (s *jsonScanner) lines(w *window, root *jsonKey, row, most int, limit int64) (rows int, err error) {
	if w.seen&seenSpecial != 0 || w.seen&seenControl != 0 && w.checked != unchecked {
		return 0, nil
	}
	text, at := w.buf[:w.end], w.start
	whole := at + bytes.LastIndexByte(text[at:], '\n') // lines end there
	s.ends, s.plain = w.ends, true
	for at <= whole && text[at] == '{' && row+rows < most && w.next.offset+int64(at-w.start) < limit {
		s.row = row + rows
		size, err := s.line(text[at:whole+1], at, root)
		if err != nil {
			return 0, mark{line: w.next.line + int64(rows)}.wrong(err)
		}
		at += size
		rows++
	}
	w.take(at-w.start, int64(rows))
	return rows, nil
}

// line reads the object that some lines begin with, and returns the size of its line.
func (s *jsonScanner) line(text []byte, start int, root *jsonKey) (size int, err error) {
	s.text, s.start, s.at = text, start, 1
	number := s.begin(root)
	ended, err := s.texts(root, number)
	if err != nil {
		return 0, err
	}
	if ended && text[s.at] == '\n' {
		return s.at + 1, nil
	}
	s.endLine()
	switch {
	case ended:
	case s.at == 1:
		s.at = 0
		err = s.object(root, 0)
	default:
		err = s.members(root, number, 0)
	}
	if err == nil {
		err = s.finish()
	}
	return len(s.text) + 1, err
}

// endLine finds the end of the line where text has several.
func (s *jsonScanner) endLine() {
	if end := bytes.IndexByte(s.text, '\n'); end >= 0 {
		s.text = s.text[:end]
	}
}

// texts reads members of an object as long as each is the text of the key that is
// expected, and reports whether the object ended. That is what logs are made of,
// and to look for nothing else saves half of their reading (BenchmarkReadText).
// It stops before the first member that is another.
func (s *jsonScanner) texts(of *jsonKey, object int64) (ended bool, err error) {
	for of.next < len(of.keys) {
		text, key := s.text, of.keys[of.next]
		from := s.at + key.opening.size
		if !key.opening.begins(text, s.at) {
			if from = key.opens(text, s.at); from == 0 {
				return false, nil
			}
			key.opening = newOpening(text[s.at:from])
		}
		end := s.ends.next(s.start+from) - s.start
		if end >= len(text) || text[end] != '"' || key.object == object {
			return false, nil
		}
		of.next++
		key.object = object
		key.kinds |= jsonText
		s.at = end + 1
		if key.columns != nil {
			if err := key.put(s.row, jsonText, text[from:end], text[from-1:s.at]); err != nil {
				return false, err
			}
		}
		if s.at < len(text) && text[s.at] == ',' {
			s.at++
			continue
		}
		if s.at < len(text) && text[s.at] == '}' {
			s.at++
			return true, nil
		}
		s.endLine()
		if ended, err := s.behind(); ended || err != nil {
			return ended, err
		}
	}
	return false, nil
}
