package writers

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

// SummarySchema is the schema of summary.parquet: for each list a row for what
// was kept and one for each reason, whose rows add up to planned.
func SummarySchema() *parquet.Schema {
	words, plain := &parquet.RLEDictionary, &parquet.Plain
	text := parquet.String
	return schema("summary",
		leaf("run_id", text(), words),
		leaf("job", text(), words),
		leaf("logical_date", text(), words), // YYYY-MM-DD
		leaf("list", text(), words),
		leaf("channel", text(), words),
		leaf("category", text(), words),
		leaf("decision", text(), words),
		leaf("reason", parquet.Optional(text()), words), // null for kept
		leaf("rows", parquet.Int(64), plain),
		leaf("planned", parquet.Int(64), plain), // of the list, the same in each of its rows
	)
}

// Record is the summary as the one record of summary.parquet.
func (s *Summary) Record(mem memory.Allocator) arrow.Record {
	fields := make([]arrow.Field, 0, 10)
	for _, name := range []string{"run_id", "job", "logical_date", "list", "channel", "category", "decision", "reason"} {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: name == "reason"})
	}
	for _, name := range []string{"rows", "planned"} {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Int64})
	}
	b := array.NewRecordBuilder(mem, arrow.NewSchema(fields, nil))
	defer b.Release()
	for _, l := range s.Lists {
		add := func(decision, reason string, rows int64) {
			for i, text := range []string{s.RunID, s.Job, s.Date, l.Name, l.Channel, l.Category, decision, reason} {
				if column := b.Field(i).(*array.StringBuilder); text == "" {
					column.AppendNull()
				} else {
					column.Append(text)
				}
			}
			b.Field(8).(*array.Int64Builder).Append(rows)
			b.Field(9).(*array.Int64Builder).Append(l.Planned)
		}
		add("kept", "", l.Kept)
		for _, r := range l.Reasons {
			if r.Rows > 0 {
				add(r.Decision, r.Reason, r.Rows)
			}
		}
	}
	return b.NewRecord()
}

// WriteRecord writes a whole file from one record.
func WriteRecord(path string, schema *parquet.Schema, record arrow.Record, o FileOptions) (info FileInfo, err error) {
	f, err := CreateParquet(path, schema, o)
	if err != nil {
		return FileInfo{}, err
	}
	defer f.Close()
	g := f.Group()
	defer g.Close()
	if err := g.Write(record, nil); err != nil {
		return FileInfo{}, err
	}
	if err := g.Commit(); err != nil {
		return FileInfo{}, err
	}
	return f.Commit()
}
