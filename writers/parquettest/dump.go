package parquettest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// Dump returns a Parquet file as text: a line of columns with their types, then
// a line a row, with | between cells. What is nested is JSON, null is -.
func Dump(path string) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	var b strings.Builder
	columns := file.Schema().Fields()
	var head []string
	for _, c := range columns {
		head = append(head, c.Name()+":"+typeName(c))
	}
	b.WriteString(strings.Join(head, "|") + "\n")
	for _, group := range file.RowGroups() {
		if err := dumpGroup(&b, columns, group.Rows()); err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
	}
	return b.String(), nil
}

func dumpGroup(b *strings.Builder, columns []parquet.Field, rows parquet.Rows) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	buffer := make([]parquet.Row, 64)
	for {
		n, err := rows.ReadRows(buffer)
		for _, row := range buffer[:n] {
			if err := dumpRow(b, columns, row); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func dumpRow(b *strings.Builder, columns []parquet.Field, row parquet.Row) error {
	a := &assembler{}
	row.Range(func(_ int, values []parquet.Value) bool {
		a.leaves = append(a.leaves, values)
		return true
	})
	first := 0
	for i, c := range columns {
		if i > 0 {
			b.WriteByte('|')
		}
		value := a.node(c, first, 0, 0)
		first += leaves(c)
		switch v := value.(type) {
		case nil:
			b.WriteByte('-')
		case string:
			b.WriteString(v)
		default:
			text, err := json.Marshal(v)
			if err != nil {
				return err
			}
			b.Write(text)
		}
	}
	b.WriteByte('\n')
	return nil
}

// typeName is the type of a column, with ! where it may not be null.
func typeName(n parquet.Node) string {
	end := ""
	if n.Required() {
		end = "!"
	}
	if n.Leaf() {
		return strings.ToLower(n.Type().String()) + end
	}
	if l := n.Type().LogicalType(); l != nil && l.Value != nil {
		return strings.ToLower(n.Type().String()) + end
	}
	return "struct" + end
}

func leaves(n parquet.Node) (count int) {
	if n.Leaf() {
		return 1
	}
	for _, f := range n.Fields() {
		count += leaves(f)
	}
	return count
}

// assembler puts the values of one row together again by their levels.
type assembler struct{ leaves [][]parquet.Value }

// node takes the value of a node off its leaves, the first of which is number
// first. Rep and def are the levels of what is around it.
func (a *assembler) node(n parquet.Node, first, rep, def int) any {
	if n.Repeated() {
		return a.list(n, first, rep, def)
	}
	if n.Optional() {
		def++
		if a.leaves[first][0].DefinitionLevel() < def {
			a.drop(n, first)
			return nil
		}
	}
	return a.content(n, first, rep, def)
}

func (a *assembler) list(n parquet.Node, first, rep, def int) any {
	items := []any{}
	if a.leaves[first][0].DefinitionLevel() <= def {
		a.drop(n, first)
		return items
	}
	for {
		items = append(items, a.content(n, first, rep+1, def+1))
		if rest := a.leaves[first]; len(rest) == 0 || rest[0].RepetitionLevel() <= rep {
			return items
		}
	}
}

func (a *assembler) content(n parquet.Node, first, rep, def int) any {
	if n.Leaf() {
		v := a.leaves[first][0]
		a.leaves[first] = a.leaves[first][1:]
		return plain(n, v)
	}
	fields := map[string]any{}
	for _, f := range n.Fields() {
		fields[f.Name()] = a.node(f, first, rep, def)
		first += leaves(f)
	}
	return unwrap(n, fields)
}

// drop takes one value, which says that n is not there, off each leaf.
func (a *assembler) drop(n parquet.Node, first int) {
	for i := range leaves(n) {
		a.leaves[first+i] = a.leaves[first+i][1:]
	}
}

// unwrap leaves out the groups that the format has inside lists and maps.
func unwrap(n parquet.Node, fields map[string]any) any {
	inner := n.Fields()
	if len(inner) != 1 || !inner[0].Repeated() || inner[0].Leaf() {
		return fields
	}
	entries := fields[inner[0].Name()].([]any)
	switch names := inner[0].Fields(); len(names) {
	case 1:
		for i, e := range entries {
			entries[i] = e.(map[string]any)[names[0].Name()]
		}
		return entries
	case 2:
		pairs := map[string]any{}
		for _, e := range entries {
			pair := e.(map[string]any)
			pairs[fmt.Sprint(pair[names[0].Name()])] = pair[names[1].Name()]
		}
		return pairs
	}
	return fields
}

func plain(n parquet.Node, v parquet.Value) any {
	kind := strings.ToUpper(n.Type().String())
	switch {
	case strings.HasPrefix(kind, "TIMESTAMP"):
		at := time.UnixMicro(v.Int64())
		switch {
		case strings.Contains(kind, "MILLIS"):
			at = time.UnixMilli(v.Int64())
		case strings.Contains(kind, "NANOS"):
			at = time.Unix(0, v.Int64())
		}
		return at.UTC().Format(time.RFC3339Nano)
	case strings.HasPrefix(kind, "DATE"):
		return time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly)
	}
	switch v.Kind() {
	case parquet.Boolean:
		return v.Boolean()
	case parquet.Int32:
		return v.Int32()
	case parquet.Int64:
		return v.Int64()
	case parquet.Double:
		return v.Double()
	case parquet.Float:
		return v.Float()
	}
	return string(v.ByteArray())
}
