package writers

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding"

	"optout/pipeline"
)

// column is a node of an output's schema. The library's own Group sorts its
// fields by name; an audience keeps the order of its send list.
type column struct {
	parquet.Node
	name     string
	fields   []parquet.Field
	optional bool // made optional, since a generic row has null here
	encoding encoding.Encoding
}

func (c *column) Name() string                           { return c.name }
func (c *column) Fields() []parquet.Field                { return c.fields }
func (c *column) Optional() bool                         { return c.optional || c.Node.Optional() }
func (c *column) Required() bool                         { return !c.optional && c.Node.Required() }
func (c *column) Compression() compress.Codec            { return nil } // the file's
func (c *column) Encoding() encoding.Encoding            { return c.encoding }
func (c *column) Value(base reflect.Value) reflect.Value { return base }

// keep copies a node of a send list's schema. Compression is the output's own.
// Values that the list had dictionary-encoded repeat and are so again; all
// others are plain, which every warehouse reads.
func keep(name string, n parquet.Node) *column {
	c := &column{Node: n, name: name}
	if n.Leaf() {
		c.encoding = &parquet.Plain
		if e := n.Encoding(); e != nil && isDictionary(e) && n.Type().Kind() != parquet.Boolean {
			c.encoding = &parquet.RLEDictionary
		}
		return c
	}
	for _, f := range n.Fields() {
		c.fields = append(c.fields, keep(f.Name(), f))
	}
	return c
}

func isDictionary(e encoding.Encoding) bool {
	return e.Encoding() == parquet.RLEDictionary.Encoding() || e.Encoding() == parquet.PlainDictionary.Encoding()
}

// leaf is a column of our own.
func leaf(name string, n parquet.Node, e encoding.Encoding) *column {
	return &column{Node: n, name: name, encoding: e}
}

// group is the root of a schema, or a struct.
type group struct {
	parquet.Node
	fields []parquet.Field
}

func (g *group) Fields() []parquet.Field { return g.fields }

func schema(name string, columns ...*column) *parquet.Schema {
	g := &group{Node: parquet.Group{}}
	for _, c := range columns {
		g.fields = append(g.fields, c)
	}
	return parquet.NewSchema(name, g)
}

// AudienceSchema is the schema of a send list, with PersonalizedColumn behind
// it where personalization is not nil. The top-level columns that
// personalization names may be null in the audience.
func AudienceSchema(list parquet.Node, personalization []string) (*parquet.Schema, error) {
	columns := listColumns(list)
	if personalization == nil {
		return schema("audience", columns...), nil
	}
	for _, name := range personalization {
		i := slices.IndexFunc(columns, func(c *column) bool { return c.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no column %q to make generic", name)
		}
		if !columns[i].Leaf() && columns[i].Required() {
			return nil, fmt.Errorf("column %q is a required struct, whose fields cannot be told from a null whole; make it optional, or name columns outside of it", name)
		}
		columns[i].optional = columns[i].optional || columns[i].Required()
	}
	return withColumn("audience", columns, leaf(pipeline.PersonalizedColumn, parquet.Leaf(parquet.BooleanType), &parquet.Plain))
}

// QuarantineSchema is the schema of a send list with ReasonColumn behind it.
func QuarantineSchema(list parquet.Node) (*parquet.Schema, error) {
	return withColumn("quarantine", listColumns(list), leaf(pipeline.ReasonColumn, parquet.String(), &parquet.RLEDictionary))
}

func listColumns(list parquet.Node) (columns []*column) {
	for _, f := range list.Fields() {
		columns = append(columns, keep(f.Name(), f))
	}
	return columns
}

func withColumn(name string, columns []*column, more *column) (*parquet.Schema, error) {
	for _, c := range columns {
		if c.name == more.name {
			return nil, fmt.Errorf("the send list has a column %q already, which is the name of a column that optout adds; rename it", c.name)
		}
	}
	return schema(name, append(columns, more)...), nil
}

// LedgerSchema is the schema of a ledger, the columns of pipeline.LedgerSchema.
func LedgerSchema() *parquet.Schema {
	words, plain := &parquet.RLEDictionary, &parquet.Plain
	text := parquet.String
	return schema("ledger",
		leaf("run_id", text(), words),
		leaf("list", text(), words),
		leaf("channel", text(), words),
		leaf("row", parquet.Int(64), plain),
		leaf("profile_id", parquet.Optional(text()), plain),
		leaf("address_hash", parquet.Optional(text()), plain),
		leaf("decision", text(), words),
		leaf("reason", parquet.Optional(text()), words),
		keepEncoding("reasons", parquet.List(parquet.Encoded(text(), words))),
		leaf("source", parquet.Optional(text()), words),
		leaf("field", parquet.Optional(text()), words),
		leaf("value", parquet.Optional(text()), words),
		leaf("effective_at", parquet.Optional(parquet.Timestamp(parquet.Microsecond)), plain),
	)
}

func keepEncoding(name string, n parquet.Node) *column {
	c := &column{Node: n, name: name, encoding: n.Encoding()}
	for _, f := range n.Fields() {
		c.fields = append(c.fields, keepEncoding(f.Name(), f))
	}
	return c
}

// ListSchemas are the schemas of the files that a send list becomes.
type ListSchemas struct {
	Audience, Ledger, Quarantine *parquet.Schema
}

// ListFolders are the folders of a run that have a file for each list.
var ListFolders = [3]string{"audiences", "ledger", "quarantine"}

// Each returns the schemas in the order of ListFolders.
func (l *ListSchemas) Each() [3]*parquet.Schema {
	return [3]*parquet.Schema{l.Audience, l.Ledger, l.Quarantine}
}

// NewListSchemas makes them from the schema of the list. Personalization names
// its columns of personal content, nil for none; see AudienceSchema.
func NewListSchemas(list parquet.Node, personalization []string) (*ListSchemas, error) {
	audience, err := AudienceSchema(list, personalization)
	if err != nil {
		return nil, err
	}
	quarantine, err := QuarantineSchema(list)
	if err != nil {
		return nil, err
	}
	return &ListSchemas{Audience: audience, Ledger: LedgerSchema(), Quarantine: quarantine}, nil
}
