package readers

import "math"

// jsonChecker checks records of NDJSON, and learns which keys there are.
type jsonChecker struct {
	cutter  jsonCutter
	root    jsonKey
	scanner jsonScanner
}

func newJSONChecker() *jsonChecker {
	return &jsonChecker{scanner: jsonScanner{learn: true, more: maxJSONKeys}}
}

func (j *jsonFiles) text() []*textFile { return j.files }

func (j *jsonFiles) checker(int) checker { return &j.jsonChecker }

func (j *jsonFiles) apart(int) checker { return newJSONChecker() }

// join adds the keys of a stretch, in the order in which they would have been found
// behind those that are there.
func (j *jsonFiles) join(of checker) bool {
	root := &of.(*jsonChecker).root
	fresh := j.root.lacks(root)
	if fresh > j.scanner.more {
		return false
	}
	j.scanner.more -= fresh
	j.root.join(root)
	return true
}

func (j *jsonChecker) next(w *window, limit int64) (rows int64, err error) {
	if n, err := j.scanner.lines(w, &j.root, 0, math.MaxInt, limit); n > 0 || err != nil {
		return int64(n), err
	}
	record, at, err := j.cutter.cut(w)
	if err != nil {
		return 0, err
	}
	return 1, at.wrong(j.scanner.record(record, &j.cutter, w, &j.root))
}
