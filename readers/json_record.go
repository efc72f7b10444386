package readers

import (
	"bytes"
	"encoding/binary"
)

// jsonCutter cuts records of NDJSON: one object a line. Lines of nothing but
// blanks are passed over.
type jsonCutter struct {
	plain bool // the record has neither a backslash nor, where text is checked, a control character
	start int  // of the record, in the window's buffer
}

func (c *jsonCutter) cut(w *window) (record []byte, at mark, err error) {
	for {
		end, err := w.line()
		if err != nil {
			return nil, at, err
		}
		text := w.text()
		at, record = w.next, text[:end]
		c.start = w.start
		w.take(min(end+1, len(text)), 1)
		if end == 0 || record[0] != '{' || record[end-1] != '}' {
			record = bytes.TrimLeft(record, " \t\r")
			c.start += end - len(record)
			record = bytes.TrimRight(record, " \t\r")
		}
		if len(record) > 0 {
			c.plain = (w.seen&seenSpecial == 0 || bytes.IndexByte(record, '\\') < 0) &&
				(w.seen&seenControl == 0 || w.checked == unchecked || !hasControl(record))
			return record, at, nil
		}
	}
}

// hasControl reports whether text has a control character. It does not stop at
// one, since there is hardly ever any.
func hasControl(text []byte) bool {
	const blanks, highs = 0x2020202020202020, 0x8080808080808080
	var found uint64
	for ; len(text) >= 32; text = text[32:] {
		a, b := binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:])
		c, d := binary.LittleEndian.Uint64(text[16:]), binary.LittleEndian.Uint64(text[24:])
		found |= (a-blanks)&^a | (b-blanks)&^b | (c-blanks)&^c | (d-blanks)&^d
	}
	for ; len(text) >= 8; text = text[8:] {
		// A byte below a blank borrows from the high bit, which bytes that are not ASCII
		// have too; what it borrows from those above is noise, but there is one.
		x := binary.LittleEndian.Uint64(text)
		found |= (x - blanks) &^ x
	}
	for _, c := range text {
		if c < ' ' {
			return true
		}
	}
	return found&highs != 0
}
