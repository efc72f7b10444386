package jobs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"optout/pipeline"
	"optout/pipeline/identity"
	"optout/readers"
)

// columns collects the leaves of one input that a plan reads, and numbers them.
type columns struct {
	in      *input
	leaves  []readers.Leaf
	missing []string // optional columns that the input lacks
}

// add binds a column that must be there, with one value a row.
func (c *columns) add(role readers.Role, path ...string) (int, error) {
	leaf, err := c.in.Leaf(role, path...)
	if err == nil && leaf.Repeated() {
		err = fmt.Errorf("%w: %s has several values a row", readers.ErrColumnType, columnName(path))
	}
	if err != nil {
		return pipeline.NoColumn, err
	}
	return c.bind(leaf), nil
}

// addNamed binds a column that the job may leave out: NoColumn where it has no name.
func (c *columns) addNamed(role readers.Role, name string) (int, error) {
	if name == "" {
		return pipeline.NoColumn, nil
	}
	return c.add(role, name)
}

func (c *columns) bind(leaf readers.Leaf) int {
	c.leaves = append(c.leaves, leaf)
	return len(c.leaves) - 1
}

// addIf binds a column that may be missing: then it is NoColumn, and noted.
func (c *columns) addIf(role readers.Role, path ...string) (int, error) {
	n, err := c.add(role, path...)
	if errors.Is(err, readers.ErrNoColumn) {
		c.miss(path...)
		return pipeline.NoColumn, nil
	}
	return n, err
}

// miss notes that an optional column is missing.
func (c *columns) miss(path ...string) {
	if name := columnName(path); !slices.Contains(c.missing, name) {
		c.missing = append(c.missing, name)
	}
}

// addMap binds a repeated column inside maps.
func (c *columns) addMap(role readers.Role, path ...string) (pipeline.MapColumn, error) {
	leaf, err := c.in.Leaf(role, path...)
	if err != nil {
		return pipeline.MapColumn{}, err
	}
	return pipeline.MapColumn{Column: c.bind(leaf), MaxDefinition: leaf.MaxDefinition()}, nil
}

// table is the input read for these columns.
func (c *columns) table() pipeline.Table { return tableOf(c.in.Table(c.leaves...)) }

// note writes down for the manifest what is read and what is missing.
func (c *columns) note() {
	for _, l := range c.leaves {
		if name := columnName([]string{l.Name()}); !slices.Contains(c.in.info.Columns, name) {
			c.in.info.Columns = append(c.in.info.Columns, name)
		}
	}
	c.in.info.Missing = c.missing
}

// columnName writes a path without the steps that stand for parts of a map.
func columnName(path []string) string {
	steps := strings.Split(strings.Join(path, "."), ".")
	return strings.Join(slices.DeleteFunc(steps, func(s string) bool {
		return s == readers.MapKey || s == readers.MapValue || s == readers.Element
	}), ".")
}

// tableOf is a table of the readers as the pipeline wants it.
func tableOf(t *readers.Table) pipeline.Table {
	parts := make([]pipeline.Part, t.NumParts())
	for i := range parts {
		parts[i] = pipeline.Part{FirstRow: t.FirstRow(i), Rows: t.PartRows(i)}
	}
	return pipeline.Table{Parts: parts, Open: func(part int) (pipeline.Source, error) {
		// A nil *readers.Source must not become a source that is not nil.
		s, err := t.Open(part)
		if err != nil {
			return nil, err
		}
		return s, nil
	}}
}

// key binds what says whom a row is about.
func (c *columns) key(s Source) (k pipeline.KeyColumns, err error) {
	k = pipeline.KeyColumns{Column: pipeline.NoColumn, Kind: s.keyKind()}
	namespace, isMap := identityNamespace(s.Key)
	if !isMap {
		k.Column, err = c.add(readers.Key, s.Key)
		return k, err
	}
	k.Namespace = namespace
	if k.Namespaces, err = c.addMap(readers.Text, "identityMap", readers.MapKey); err != nil {
		return k, err
	}
	k.IDs, err = c.addMap(readers.Key, "identityMap", readers.MapValue, readers.Element, "id")
	return k, err
}

// bindProfiles makes the snapshot of profiles part of the plan.
func (o *opener) bindProfiles(in *input, p *Profiles) (*pipeline.Profiles, error) {
	c := &columns{in: in}
	bound := &pipeline.Profiles{Source: in.info.Path, Country: pipeline.NoColumn, Erased: pipeline.NoColumn}
	var err error
	bound.Key, err = c.key(p.Source)
	if err == nil && p.Country != "" {
		bound.Country, err = c.add(readers.Text, p.Country)
	}
	if err == nil && p.Erased != "" {
		bound.Erased, err = c.add(readers.Flag, p.Erased)
	}
	for _, a := range p.addresses() {
		if err != nil {
			break
		}
		column := pipeline.AddressColumn{Kind: a.kind}
		column.Column, err = c.add(readers.Key, a.column)
		bound.Addresses = append(bound.Addresses, column)
	}
	if err == nil && p.Push != "" {
		if bound.Devices, err = c.bindDevices(o.job); err == nil {
			bound.Addresses = append(bound.Addresses, pipeline.AddressColumn{
				Kind: identity.Token, Column: pipeline.NoColumn, Entries: bound.Devices.Tokens,
			})
		}
	}
	if err != nil {
		return nil, o.refuse(gateSchema, in.subject(), err)
	}
	bound.Table = c.table()
	c.note()
	return bound, nil
}
