package readers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/parquet-go/parquet-go"
)

// csvFiles are the files of an input of CSV.
type csvFiles struct {
	delimiter byte // of all files; 0 for that of each
	files     []*csvFile
}

// csvFile is one file of CSV. Its first record names the fields of all others.
type csvFile struct {
	*textFile
	delimiter byte
	header    []string
}

func (c *csvFiles) add(_ context.Context, path string) (*diskFile, error) {
	f := &csvFile{delimiter: c.delimiter}
	if ext, _ := extension(path); f.delimiter == 0 && ext == ".tsv" {
		f.delimiter = '\t'
	} else if f.delimiter == 0 {
		f.delimiter = ','
	}
	if strings.IndexByte("\"\r\n", f.delimiter) >= 0 || f.delimiter >= 0x80 {
		return nil, &FileError{path, errors.New("the delimiter cannot be a quote, an end of a line or more than a byte")}
	}
	text, err := openText(path, signs{end: f.delimiter, special: '"'}, f.readHeader)
	if err != nil {
		return nil, err
	}
	f.textFile = text
	c.files = append(c.files, f)
	return f.diskFile, nil
}

func (f *csvFile) cutter() *csvCutter { return &csvCutter{delimiter: f.delimiter} }

func (f *csvFile) readHeader(w *window) error {
	record, _, err := f.cutter().cut(w)
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty; it needs a header that names its columns")
	}
	if err != nil {
		return err
	}
	fields := csvFields{record: record, delimiter: f.delimiter}
	for fields.next() {
		f.header = append(f.header, string(fields.text()))
	}
	return nil
}

func (c *csvFiles) metadata(int, string) (string, error) { return "", errNoMetadata }

var errNoMetadata = errors.New("a text file has no metadata")

func (c *csvFiles) place(file int, row int64) string {
	f := c.files[file]
	return f.place(f.cutter(), row)
}

// leaf finds the field of a name in every file, whose headers may differ.
func (c *csvFiles) leaf(role Role, path []string) (binding, error) {
	b := binding{name: joinPath(path), role: role, typ: textType(role)}
	var lacks *csvFile
	for i, f := range c.files {
		n, err := f.field(path)
		switch {
		case err == nil && lacks != nil:
			return b, &FileError{lacks.path, errLacks(b.name)}
		case errors.Is(err, ErrNoColumn) && (i == 0 || lacks != nil):
			lacks = f
		case errors.Is(err, ErrNoColumn):
			return b, &FileError{f.path, errLacks(b.name)}
		case err != nil:
			return b, &FileError{f.path, err}
		}
		b.fields = append(b.fields, n)
	}
	if lacks != nil {
		return b, &FileError{lacks.path, fmt.Errorf("%w: %s%s", ErrNoColumn, b.name, lacks.hint())}
	}
	b.number = b.fields[0]
	return b, nil
}

// field is the number of the field of a name. Names of the header stand in no
// error: in a file without one they are data.
func (f *csvFile) field(path []string) (int, error) {
	name := joinPath(path)
	i := slices.Index(f.header, name)
	switch {
	case i >= 0 && slices.Contains(f.header[i+1:], name):
		return 0, errTwice(name)
	case i >= 0:
		return i, nil
	}
	return 0, ErrNoColumn
}

// hint guesses why a column is not found in a header of one name.
func (f *csvFile) hint() string {
	if len(f.header) == 1 && strings.ContainsAny(f.header[0], ",;\t|") {
		return fmt.Sprintf("; the header has no %q between names, so another delimiter may be meant", f.delimiter)
	}
	return ""
}

// textType is the type of a column of text for a role.
func textType(role Role) arrow.DataType {
	switch role {
	case Stored:
		return arrow.BinaryTypes.Binary
	case Time:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case Flag:
		return arrow.FixedWidthTypes.Boolean
	}
	return arrow.BinaryTypes.String
}

// rows binds every field as text.
func (c *csvFiles) rows([]Leaf) ([]binding, parquet.Node, error) {
	first := c.files[0]
	var columns []binding
	var schema textSchema
	for i, name := range first.header {
		switch before := slices.Index(first.header[:i], name); {
		case before >= 0:
			return nil, nil, &FileError{first.path, fmt.Errorf("%w: columns %d and %d of the header have one name", ErrColumnType, before+1, i+1)}
		case name == "":
			return nil, nil, &FileError{first.path, fmt.Errorf("%w: column %d of the header has no name", ErrColumnType, i+1)}
		}
		b := schema.add(name, parquet.String())
		b.typ, b.number = textType(Stored), i
		columns = append(columns, b)
	}
	for _, f := range c.files {
		if !slices.Equal(f.header, first.header) {
			return nil, nil, &FileError{f.path, fmt.Errorf("its header is not that of %s; a send list needs one header", first.path)}
		}
		for i := range columns {
			columns[i].fields = append(columns[i].fields, i)
		}
	}
	return columns, schema.root(), nil
}
