package readers

// endsAhead is of how many fields the ends are found at a time, if it is not one record that
// has more: enough for columns to be filled one after the other, few enough to stay in the
// cache.
const endsAhead = 1 << 10

// lines reads the records of a window that are lines, column by column: to go from
// column to column within each is a fifth of their reading (BenchmarkReadText). What is no
// such record, or blank, it leaves to read.
func (r *csvReader) lines(w *window, row, most int, limit int64) (rows int, err error) {
	for w.seen&seenSpecial == 0 && row+rows < most && w.next.offset < limit {
		n := r.findLines(w, min(most-row-rows, max(endsAhead/r.fields, 1)))
		if n == 0 {
			break
		}
		if n, err = r.addLines(w.buf, row+rows, n); err != nil {
			return 0, mark{line: w.next.line + int64(n)}.wrong(err)
		}
		rows += n
		w.take(int(r.ends[n*r.fields])+1-w.start, int64(n))
	}
	return rows, nil
}

// findLines lists the ends of the fields of the next records, and returns how many there
// are.
func (r *csvReader) findLines(w *window, most int) (n int) {
	if r.ends == nil {
		r.ends = make([]uint32, 1+max(endsAhead, r.fields)+blockBytes)
	}
	if w.start == w.end {
		return 0
	}
	r.ends[0] = uint32(w.start) - 1
	r.ends = w.ends.list(r.ends[:1], w.start, w.end, 1+most*r.fields)
	most = (len(r.ends) - 1) / r.fields
	for n < most && w.buf[r.ends[(n+1)*r.fields]] == '\n' && !isBlank(w.buf[r.ends[n*r.fields]+1]) {
		n++
	}
	if n > 0 && w.feeds.count(w.start, int(r.ends[n*r.fields])+1) != n {
		return 0 // a record has another line within
	}
	return n
}

// isBlank reports whether a line is blank that begins so. No other begins with a carriage
// return.
func isBlank(begin byte) bool { return begin == '\n' || begin == '\r' }

// addLines adds the fields that are wanted to their columns, as putAll does, whose call for
// each field would be a twentieth of the reading. It returns in how many records
// nothing is wrong; the error is that of the next.
func (r *csvReader) addLines(text []byte, row, n int) (right int, err error) {
	for number, columns := range r.wanted {
		for c := range columns {
			k := number
			for i := range n {
				field := text[r.ends[k]+1 : r.ends[k+1]]
				if k += r.fields; number == r.fields-1 {
					field = withoutReturn(field)
				}
				if len(field) == 0 {
					continue
				}
				if wrong := columns[c].add(row+i, field); wrong != nil {
					n, err = i, columns[c].fail(wrong)
					break
				}
			}
		}
	}
	return n, err
}
