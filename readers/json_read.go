package readers

import "github.com/apache/arrow/go/v15/arrow/memory"

// jsonReader reads records of NDJSON into columns.
type jsonReader struct {
	jsonCutter
	root    jsonKey // those that are wanted
	scanner jsonScanner
}

func (j *jsonFiles) open(file, part int, columns []binding, mem memory.Allocator) (records, error) {
	r := &jsonReader{}
	p, err := j.files[file].openRecords(part, r, columns, 2*len(j.root.keys), mem)
	if err != nil {
		return nil, err
	}
	for i := range columns {
		b := &columns[i]
		key := r.root.reach(b.steps)
		key.columns = append(key.columns, jsonCells{namedCells{b.name, p.columns[i]}, b.whole})
	}
	return p, nil
}

func (r *jsonReader) read(w *window, row, most int, limit int64) (rows int, err error) {
	if rows, err = r.scanner.lines(w, &r.root, row, most, limit); rows > 0 || err != nil {
		return rows, err
	}
	record, at, err := r.cut(w)
	if err != nil {
		return 0, err
	}
	r.scanner.row = row
	return 1, at.wrong(r.scanner.record(record, &r.jsonCutter, w, &r.root))
}
