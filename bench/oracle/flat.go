package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// A flatColumn is a column of a flat snapshot and the consent field it holds.
type flatColumn struct {
	field, name, kind string
}

// ending is how the fields are named that say when a yes ends.
const ending = ".expires_at"

// A flatShape is a snapshot in the layout of columns.
type flatShape struct {
	columns []flatColumn
	values  map[string]string // of the job: the choice for each text
	words   []any             // what columns hold instead of choice values; empty for choice values
	stamp   string
}

func newFlatShape(d dice, needed needs, alone bool) flatShape {
	s := flatShape{stamp: one(d, "TIMESTAMPTZ", "TIMESTAMP")}
	kind := "VARCHAR"
	switch d.IntN(4) {
	case 0:
		kind, s.values, s.words = "BOOLEAN", map[string]string{"true": "y", "false": "n"}, []any{true, true, true, false, nil}
	case 1:
		kind, s.values, s.words = "INTEGER", map[string]string{"1": "y", "0": one(d, "n", "dn")}, []any{1, 1, 1, 0, nil, 7}
	case 2:
		s.values, s.words = map[string]string{"OUI": "y", "NON": "n", "": "u"}, []any{"OUI", "OUI", "OUI", "NON", "Oui", "", "p", "LI", nil}
	}
	// What the lists ask for must be mapped, but what another snapshot has.
	fields := append(some(d, 60, "marketing.any", "share", "collect", "personalize.content"), needed.purposes...)
	channels := needed.channels
	if !alone {
		channels = some(d, 85, channels...)
	}
	for _, c := range append(channels, needed.own...) {
		fields = append(fields, "marketing."+c)
	}
	if len(fields) == 0 {
		fields = []string{"collect"}
	}
	slices.Sort(fields)
	fields = slices.Compact(fields)
	for i, f := range fields {
		s.columns = append(s.columns, flatColumn{f + ".val", fmt.Sprintf("answer_%d", i), kind})
		if d.chance(60) && strings.HasPrefix(f, "marketing.") {
			s.columns = append(s.columns, flatColumn{f + ".time", fmt.Sprintf("answered_at_%d", i), s.stamp})
		}
		if d.chance(50) && strings.HasPrefix(f, "marketing.") {
			s.columns = append(s.columns, flatColumn{f + ending, fmt.Sprintf("until_%d", i), s.stamp})
		}
	}
	if d.chance(50) {
		s.columns = append(s.columns, flatColumn{"metadata.time", "updated_at", s.stamp})
	}
	return s
}

// mapping is what the job file says of the columns.
func (s flatShape) mapping() map[string]string {
	m := map[string]string{}
	for _, c := range s.columns {
		m[c.field] = c.name
	}
	return m
}

func (s flatShape) tableColumns(key string) []column {
	columns := []column{keyColumn(key)}
	for _, c := range s.columns {
		columns = append(columns, column{c.name, c.kind})
	}
	return columns
}

func (s flatShape) record(a answerer, p people, who person, key string) row {
	r := p.keyed(key, who.id)
	for _, c := range s.columns {
		switch {
		case strings.HasSuffix(c.field, ending):
			r[c.name] = a.end()
		case c.kind == s.stamp:
			r[c.name] = a.at()
		case s.words != nil:
			r[c.name] = one(a.dice, s.words...)
		default:
			r[c.name] = a.val()
		}
	}
	return r
}
