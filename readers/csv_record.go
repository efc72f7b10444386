package readers

import "bytes"

// csvCutter cuts records of CSV: RFC 4180, with any delimiter, and with line feeds
// alone as ends of lines too. Lines without anything are passed over. What stands
// between quotes is kept to the byte.
type csvCutter struct {
	delimiter byte
	quoted    bool // the record has quotes
	start     int  // of the record, in the window's buffer
}

// cut finds the end of a record. Most have no quote: then it is that of the line.
func (c *csvCutter) cut(w *window) (record []byte, at mark, err error) {
	for {
		end, err := w.line()
		if err != nil {
			return nil, at, err
		}
		text := w.text()
		size := min(end+1, len(text))
		c.quoted = w.seen&seenSpecial != 0 && bytes.IndexByte(text[:end], '"') >= 0
		if c.quoted {
			return c.cutQuoted(w)
		}
		record = withoutReturn(text[:end])
		if w.returns && bytes.IndexByte(record, '\r') >= 0 {
			return nil, at, w.failed(faultReturn)
		}
		at, c.start = w.next, w.start
		w.take(size, 1)
		if len(record) > 0 {
			return record, at, nil
		}
	}
}

// withoutReturn is a line without the carriage return that may stand before its line
// feed.
func withoutReturn(line []byte) []byte {
	if last := len(line) - 1; last >= 0 && line[last] == '\r' {
		return line[:last]
	}
	return line
}

// cutQuoted reads on until the record with its quotes is whole.
func (c *csvCutter) cutQuoted(w *window) (record []byte, at mark, err error) {
	for {
		f := csvFields{record: w.text(), delimiter: c.delimiter}
		more := true
		for more {
			more = f.next()
		}
		switch {
		case f.fault == "" && (!f.open || w.ended):
			at = w.next
			record = w.text()[:f.end]
			w.take(f.size, int64(bytes.Count(w.text()[:f.size], []byte{'\n'})))
			return record, at, nil
		case f.fault != "" && f.fault != faultOpen || w.ended:
			return nil, at, w.failed(f.fault)
		}
		if err := w.more(); err != nil {
			return nil, at, err
		}
	}
}

const (
	faultOpen   = "a quote that is never closed"
	faultReturn = "a carriage return that ends no line; lines end in a line feed, with or without a carriage return before it"
	faultMiddle = "a quote in the middle of a field; a field with quotes is put in quotes, and those within are doubled"
	faultBehind = "text behind the closing quote of a field"
)

// csvFields goes through the fields of a record with quotes.
type csvFields struct {
	record    []byte // and what follows it
	delimiter byte
	end       int  // of the record, once next returned false
	size      int  // with the end of its line
	open      bool // it has no such end, or half of one

	field   []byte // as it stands, without the quotes around it
	doubled bool   // it has doubled quotes
	fault   string
	at      int // where the next field starts; -1 behind the last
}

// next finds the next field.
func (f *csvFields) next() bool {
	if f.at < 0 || f.fault != "" {
		return false
	}
	i := f.at
	if i < len(f.record) && f.record[i] == '"' {
		if i = f.closing(i + 1); f.fault != "" {
			return false
		}
		f.field = f.record[f.at+1 : i-1]
	} else {
		for i < len(f.record) && f.record[i] != f.delimiter && f.record[i] != '\n' && f.record[i] != '\r' {
			if f.record[i] == '"' {
				f.fault = faultMiddle
				return false
			}
			i++
		}
		f.field, f.doubled = f.record[f.at:i], false
	}
	return f.ends(i)
}

// closing finds the end of a quoted field that begins at i.
func (f *csvFields) closing(i int) int {
	f.doubled = false
	for {
		n := bytes.IndexByte(f.record[i:], '"')
		if n < 0 {
			f.fault = faultOpen
			return i
		}
		i += n + 1
		if i == len(f.record) || f.record[i] != '"' {
			return i
		}
		f.doubled = true
		i++
	}
}

// ends looks at what stands behind a field.
func (f *csvFields) ends(i int) bool {
	switch {
	case i == len(f.record):
		f.end, f.size, f.open, f.at = i, i, true, -1
	case f.record[i] == f.delimiter:
		f.at = i + 1
	case f.record[i] == '\n':
		f.end, f.size, f.at = i, i+1, -1
	case f.record[i] != '\r':
		f.fault = faultBehind
		return false
	case i+1 == len(f.record):
		f.end, f.size, f.open, f.at = i, i+1, true, -1
	case f.record[i+1] == '\n':
		f.end, f.size, f.at = i, i+2, -1
	default:
		f.fault = faultReturn
		return false
	}
	return true
}

// text is the field as it is meant.
func (f *csvFields) text() []byte {
	if !f.doubled {
		return f.field
	}
	return bytes.ReplaceAll(f.field, []byte(`""`), []byte(`"`))
}
