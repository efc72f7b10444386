package readers

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// parquetPart reads columns of one row group.
type parquetPart struct {
	file    *file
	osFile  *os.File
	columns []*column
	left    int64 // rows

	mem       *recycler
	workspace *workspace
	spare     *sync.Pool // takes the workspace of a part that was read whole; damage leaves one behind
	whole     bool
}

func (p *parquetFiles) open(file, group int, columns []binding, mem memory.Allocator) (records, error) {
	f := p.files[file]
	osFile, err := f.reopen()
	if err != nil {
		return nil, err
	}
	r := &parquetPart{
		file: f, osFile: osFile, left: f.parts[group],
		mem: newRecycler(mem), workspace: p.workspace(len(columns)), spare: &p.spare,
	}
	for i := range columns {
		b := &columns[i]
		leaf := b.leaves[file]
		meta := &f.meta.RowGroups[group].Columns[leaf.Index()].MetaData
		pages := newPageReader(osFile, leaf, meta, r.left, &r.workspace.pages[i], &r.workspace.codec, r.mem)
		stored, err := storedType(leaf)
		if err != nil {
			return nil, &FileError{f.path, errors.Join(err, r.close())}
		}
		if b.typ.ID() == arrow.STRING || width(b.typ) == width(stored) && stored.ID() != arrow.BOOL {
			stored = b.typ // the same layout under its meaning
		}
		r.columns = append(r.columns, &column{
			name: b.name, typ: b.typ, stored: stored, shape: b.shape,
			pages: pages, mem: r.mem, maxDef: byte(leaf.MaxDefinitionLevel()),
		})
	}
	return r, nil
}

func (p *parquetPart) next() (arrow.Record, error) {
	if p.left == 0 {
		return nil, p.finish()
	}
	n := int(min(p.left, maxBatch))
	for _, c := range p.columns {
		if c.shape == repeated {
			continue
		}
		ready, err := c.ready()
		if err != nil {
			return nil, err
		}
		n = min(n, ready)
	}
	arrays := make([]arrow.Array, 0, len(p.columns))
	defer func() { releaseAll(arrays) }()
	fields := make([]arrow.Field, 0, len(p.columns))
	for _, c := range p.columns {
		take := c.take
		if c.shape == repeated {
			take = c.takeRepeated
		}
		a, err := take(n)
		if err != nil {
			return nil, err
		}
		arrays = append(arrays, a)
		fields = append(fields, arrow.Field{Name: c.name, Type: a.DataType(), Nullable: c.shape == flat})
	}
	p.left -= int64(n)
	return array.NewRecord(arrow.NewSchema(fields, nil), arrays, int64(n)), nil
}

// finish makes sure at the end of a part that no page is left over and that the
// file is still the one that was opened.
func (p *parquetPart) finish() error {
	for _, c := range p.columns {
		switch err := c.load(); {
		case err == nil:
			return fmt.Errorf("column %s: more values than rows", c.name)
		case !errors.Is(err, io.EOF):
			return err
		}
	}
	if err := p.file.unchanged(p.osFile); err != nil {
		return err
	}
	p.whole = true
	return io.EOF
}

func (p *parquetPart) close() error {
	for _, c := range p.columns {
		c.close()
	}
	p.mem.close()
	if p.whole {
		p.spare.Put(p.workspace)
	}
	return p.osFile.Close()
}
