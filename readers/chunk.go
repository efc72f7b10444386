package readers

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// check holds what the footer claims of row groups and column chunks against
// each other and against the file.
func (f *file) check() error {
	leaves := leafColumns(f.pq.Root())
	rows := int64(0)
	var spans []span
	for g := range f.meta.RowGroups {
		group := &f.meta.RowGroups[g]
		if group.NumRows < 0 || group.NumRows > f.meta.NumRows-rows {
			return fmt.Errorf("row group %d claims %d rows, the file %d", g, group.NumRows, f.meta.NumRows)
		}
		rows += group.NumRows
		for c := range group.Columns {
			err := f.checkChunk(&group.Columns[c], leaves[c], group.NumRows)
			if err != nil {
				return fmt.Errorf("row group %d, column %s: %w", g, joinPath(leaves[c].Path()), err)
			}
			if group.NumRows > 0 {
				start, size := chunkRange(&group.Columns[c].MetaData)
				spans = append(spans, span{start, start + size, g, c})
			}
		}
	}
	if rows != f.meta.NumRows {
		return fmt.Errorf("the file claims %d rows, its row groups %d", f.meta.NumRows, rows)
	}
	return checkApart(spans, leaves)
}

func (f *file) checkChunk(chunk *format.ColumnChunk, leaf *parquet.Column, rows int64) error {
	meta := &chunk.MetaData
	switch {
	case isEncrypted(chunk):
		return errEncrypted
	case chunk.FilePath != "":
		return errors.New("its data is said to be in another file")
	case !slices.Equal(meta.PathInSchema, leaf.Path()):
		return errors.New("its path is not the schema's")
	case parquet.Kind(meta.Type) != kindOf(leaf.Type()):
		return errors.New("its type is not the schema's")
	case leaf.MaxRepetitionLevel() == 0 && meta.NumValues != rows,
		leaf.MaxRepetitionLevel() > 0 && meta.NumValues < rows:
		return fmt.Errorf("it claims %d values for %d rows", meta.NumValues, rows)
	}
	if err := checkCodec(meta.Codec); err != nil {
		return err
	}
	start, size := chunkRange(meta)
	if rows > 0 && (size < 0 || start < int64(len(magic)) || meta.TotalUncompressedSize < 0 || start > f.footer-size) {
		return fmt.Errorf("its bytes, %d from %d on, do not lie among the pages", size, start)
	}
	return nil
}

// chunkRange returns where the pages of a chunk stand in the file.
func chunkRange(meta *format.ColumnMetaData) (start, size int64) {
	start = meta.DataPageOffset
	if d := meta.DictionaryPageOffset; d > 0 && d < start {
		start = d
	}
	return start, meta.TotalCompressedSize
}

// span is the bytes of a column chunk.
type span struct {
	start, end    int64
	group, column int
}

// checkApart refuses chunks that share bytes: an offset that is wrong by the
// length of a page would bring the values of another column, or of other rows.
func checkApart(spans []span, leaves []*parquet.Column) error {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	for i := 1; i < len(spans); i++ {
		if b := spans[i]; b.start < spans[i-1].end {
			return fmt.Errorf("row group %d, column %s: its bytes are also those of another column", b.group, joinPath(leaves[b.column].Path()))
		}
	}
	return nil
}
