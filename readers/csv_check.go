package readers

import (
	"bytes"
	"fmt"
)

// csvChecker checks the records of a stretch of CSV.
type csvChecker struct {
	csvCutter
	fields int // that a record must have
}

func (c *csvFiles) text() (files []*textFile) {
	for _, f := range c.files {
		files = append(files, f.textFile)
	}
	return files
}

func (c *csvFiles) checker(file int) checker {
	f := c.files[file]
	return &csvChecker{*f.cutter(), len(f.header)}
}

// apart is no other: records of CSV have nothing to tell.
func (c *csvFiles) apart(file int) checker { return c.checker(file) }

func (c *csvFiles) join(checker) bool { return true }

// next makes sure that a record has a field for every name.
func (c *csvChecker) next(w *window) error {
	record, at, err := c.cut(w)
	if err != nil {
		return err
	}
	n := 1
	if c.quoted {
		fields := csvFields{record: record, delimiter: c.delimiter}
		for n = 0; fields.next(); {
			n++
		}
	} else {
		n += bytes.Count(record, []byte{c.delimiter})
	}
	if n != c.fields {
		return at.wrong(fmt.Errorf("%d fields, the header has %d", n, c.fields))
	}
	return nil
}
