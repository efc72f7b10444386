package oracle

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// An xdmShape says which of the schema's columns a nested snapshot has.
type xdmShape struct {
	prefix        string   // of every field name
	stamp         string   // DuckDB type of times
	channels      []string // fields below marketing, without any
	any, identity bool
	times         bool // beside the answers
	reasons       bool
	subscriptions bool
	metadata      string   // inside, beside or none
	purposes      []string // collect, share, personalize
	single        []string // purposes that single addresses have
	advertising   bool     // a column beside has adID, which the schema has for single addresses only
	ends          []string // fields below marketing that have a column beside for when a yes ends
}

// bindable are the fields with subscriptions and consents for one identity.
var bindable = []string{"email", "push", "sms", "whatsApp"}

func newXDMShape(d dice, needed needs) xdmShape {
	s := xdmShape{
		prefix:        one(d, "", "", "", "xdm:"),
		stamp:         one(d, "TIMESTAMPTZ", "TIMESTAMPTZ", "TIMESTAMP"),
		channels:      slices.Clone(needed.channels),
		any:           d.chance(85),
		identity:      d.chance(80),
		times:         d.chance(85),
		reasons:       d.chance(50),
		subscriptions: d.chance(80),
		metadata:      one(d, "inside", "inside", "beside", "none"),
		purposes:      some(d, 75, "collect", "share"),
	}
	for _, c := range []string{"email", "sms", "push", "call", "postalMail"} {
		if !slices.Contains(s.channels, c) && d.chance(50) {
			s.channels = append(s.channels, c)
		}
	}
	s.any = s.any || len(s.channels) == 0
	if d.chance(20) { // what text can hold
		s.identity, s.subscriptions = false, false
	}
	if slices.Contains(needed.purposes, "personalize.content") || d.chance(50) {
		s.purposes = append(s.purposes, "personalize")
	}
	s.single = some(d, 50, "collect", "share")
	if slices.Contains(needed.purposes, "adID") || d.chance(20) {
		s.single = append(s.single, "adID")
	}
	s.advertising = d.chance(10) || slices.Contains(needed.purposes, "adID") && d.chance(70)
	s.ends = some(d, 50, s.channels...)
	if s.any && d.chance(50) {
		s.ends = append(s.ends, "any")
	}
	return s
}

// mapping is what the job file says of the columns beside the struct.
func (s xdmShape) mapping() map[string]string {
	m := map[string]string{}
	if s.advertising {
		m["adID.val"] = "advertising"
	}
	for _, c := range s.ends {
		m["marketing."+c+ending] = "until." + c
	}
	return m
}

// A group is the type of a struct, by field in an order of its own.
type group []column

func (g *group) add(name, kind string) { *g = append(*g, column{name, kind}) }

func (g group) String() string {
	fields := make([]string, len(g))
	for i, c := range g {
		fields[i] = fmt.Sprintf(`"%s" %s`, c.name, c.kind)
	}
	return "STRUCT(" + strings.Join(fields, ", ") + ")"
}

func (s xdmShape) answerType(withSubscriptions bool) string {
	g := group{{s.prefix + "val", "VARCHAR"}}
	if s.times {
		g.add(s.prefix+"time", s.stamp)
	}
	if s.reasons {
		g.add(s.prefix+"reason", "VARCHAR")
	}
	if withSubscriptions {
		g.add(s.prefix+"subscriptions", fmt.Sprintf(`MAP(VARCHAR, STRUCT("%[1]stype" VARCHAR, "%[1]sval" VARCHAR))`, s.prefix))
	}
	return g.String()
}

func (s xdmShape) contentType() string {
	return fmt.Sprintf(`STRUCT("%scontent" STRUCT("%sval" VARCHAR))`, s.prefix, s.prefix)
}

func (s xdmShape) columns(key string) []column {
	var marketing group
	if s.any {
		marketing.add(s.prefix+"any", s.answerType(false))
	}
	for _, c := range s.channels {
		marketing.add(s.prefix+c, s.answerType(s.subscriptions && slices.Contains(bindable, c)))
	}
	consents := group{{s.prefix + "marketing", marketing.String()}}
	for _, p := range s.purposes {
		kind := fmt.Sprintf(`STRUCT("%sval" VARCHAR)`, s.prefix)
		if p == "personalize" {
			kind = s.contentType()
		}
		consents.add(s.prefix+p, kind)
	}
	if s.identity {
		var single group
		for _, c := range bindable {
			single.add(s.prefix+c, s.answerType(false))
		}
		entry := group{{s.prefix + "marketing", single.String()}, {s.prefix + "personalize", s.contentType()}}
		for _, p := range s.single {
			entry.add(s.prefix+p, fmt.Sprintf(`STRUCT("%sval" VARCHAR)`, s.prefix))
		}
		consents.add(s.prefix+"idSpecific", "MAP(VARCHAR, MAP(VARCHAR, "+entry.String()+"))")
	}
	metadata := group{{s.prefix + "time", s.stamp}}.String()
	if s.metadata == "inside" {
		consents.add(s.prefix+"metadata", metadata)
	}
	columns := []column{{s.prefix + "consents", consents.String()}}
	if s.metadata == "beside" {
		columns = append(columns, column{s.prefix + "metadata", metadata})
	}
	if s.ends != nil {
		var until group
		for _, c := range s.ends {
			until.add(c, s.stamp)
		}
		columns = append(columns, column{"until", until.String()})
	}
	if s.advertising {
		columns = append(columns, column{"advertising", "VARCHAR"})
	}
	return append(columns, keyColumn(key))
}

// record draws one record of a nested snapshot. What the shape lacks is drawn
// too and falls away when the row is read by the columns' types.
func (s xdmShape) record(a answerer, p people, who person, key string) row {
	field := func(name string) string { return s.prefix + name }
	answer := func() any {
		if a.chance(10) {
			return nil
		}
		return row{field("val"): a.val(), field("time"): a.at(), field("reason"): one[any](a.dice, nil, "import")}
	}
	marketing := row{field("any"): row{field("val"): one(a.dice, nil, nil, a.val()), field("time"): a.at()}}
	for _, c := range s.channels {
		marketing[field(c)] = answer()
		if r, ok := marketing[field(c)].(row); ok && a.chance(60) {
			subscriptions := row{}
			for _, name := range some(a.dice, 60, "newsletter", "offers") {
				subscriptions[name] = row{field("val"): a.val(), field("type"): "list"}
			}
			r[field("subscriptions")] = subscriptions
		}
	}
	content := func(val any) any { return row{field("content"): row{field("val"): val}} }
	consents := row{
		field("marketing"):   marketing,
		field("collect"):     row{field("val"): a.val()},
		field("share"):       row{field("val"): a.val()},
		field("personalize"): content(a.val()),
		field("metadata"):    row{field("time"): a.at()},
	}
	if a.chance(50) {
		consents[field("idSpecific")] = p.identities(a, who, func() any {
			single := row{}
			for _, c := range bindable {
				single[field(c)] = answer()
			}
			return row{
				field("marketing"): single, field("personalize"): content(one(a.dice, nil, a.val(), a.val(), "true")),
				field("adID"):    row{field("val"): one(a.dice, nil, "n", a.val())},
				field("collect"): row{field("val"): one(a.dice, nil, a.val())}, field("share"): row{field("val"): one(a.dice, nil, a.val())},
			}
		})
	}
	until := row{}
	for _, c := range s.ends {
		until[c] = a.end()
	}
	r := row{"advertising": a.val(), field("consents"): consents, field("metadata"): row{field("time"): a.at()}, "until": until}
	if a.chance(4) {
		r[field("consents")] = nil
	}
	maps.Copy(r, p.keyed(key, who.id))
	return r
}
