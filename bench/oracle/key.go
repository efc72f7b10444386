package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// newKey draws where a snapshot has its profile ids.
func (p people) newKey() string {
	if p.kind == "VARCHAR" && p.chance(15) {
		return one(p.dice, "identityMap.CRMID", "identityMap.crmId")
	}
	return one(p.dice, "profile_id", "profile_id", "person.id")
}

// namespace is the one whose ids are the key, "" where the key is a column.
func namespace(key string) string {
	name, ok := strings.CutPrefix(key, "identityMap.")
	if !ok {
		return ""
	}
	return name
}

// keyColumn is the column of a key; the type of the ids comes later.
func keyColumn(key string) column {
	if namespace(key) != "" {
		return column{"identityMap", `MAP(VARCHAR, STRUCT("id" %s, "primary" BOOLEAN)[])`}
	}
	if outer, inner, nested := strings.Cut(key, "."); nested {
		return column{outer, fmt.Sprintf(`STRUCT("%s" %%s)`, inner)}
	}
	return column{key, "%s"}
}

// namespaces are those that can be a key, in the spellings that name the same.
var namespaces = [][]string{{"CRMID", "crmid", "CrmId"}, {"Email", "email", "EMAIL"}, {"Phone", "phone", "PHONE"}}

// spellings are those of one namespace.
func spellings(name string) []string {
	return namespaces[slices.IndexFunc(namespaces, func(all []string) bool { return strings.EqualFold(all[0], name) })]
}

// keyKind is the kind of the addresses that are the key, "" where ids are.
func (s Source) keyKind() string {
	if name := namespace(s.Key); name != "" {
		return namespaceKind[strings.ToLower(name)]
	}
	return s.Match
}

// keyByAddress keys a snapshot by addresses of a kind, in a column or in an identity map.
func (p people) keyByAddress(s *Source, kind string) {
	if kind != "" && p.chance(40) {
		s.Key = "identityMap." + one(p.dice, spellings(kind)...)
		return
	}
	s.Match = kind
}

// keyed is the part of a row that holds its key. A record of an identity map may
// be about two people, or about nobody.
func (p people) keyed(key string, id any) row {
	if name := namespace(key); name != "" {
		return row{"identityMap": p.identityMap(name, id)}
	}
	if outer, inner, nested := strings.Cut(key, "."); nested {
		return row{outer: row{inner: id}}
	}
	return row{key: id}
}

// identityMap holds an id in one namespace, now and then others beside it, and in the
// other namespaces what is no key.
func (p people) identityMap(name string, id any) any {
	names := spellings(name)
	if id == nil || p.chance(4) {
		return one[any](p.dice, nil, row{}, row{names[0]: nil}, row{names[0]: []any{}})
	}
	entry := func(name string) row {
		who := one(p.dice, p.persons...)
		if kind := namespaceKind[strings.ToLower(name)]; kind != "" {
			return row{"id": p.spell(kind, p.address(who, kind))}
		}
		return row{"id": who.id}
	}
	ids := []any{row{"id": id, "primary": true}}
	if p.chance(6) {
		ids = append(ids, entry(name), row{"id": one(p.dice, append([]any{"nobody"}, placeholders...)...)})
	}
	m := row{"ECID": []any{entry(name)}}
	for _, all := range namespaces {
		percent := 30
		if all[0] == names[0] { // keys that fall together
			percent = 6
		}
		if p.chance(percent) {
			m[one(p.dice, all...)] = []any{entry(all[0])}
		}
	}
	m[one(p.dice, names...)] = ids
	return m
}

// kindOf is the type of the keys of a snapshot.
func (p people) kindOf(s *Source) string {
	if s.keyKind() != "" {
		return "VARCHAR"
	}
	return p.kind
}

// keyOf is what a snapshot knows a person by: the id, or an address in some spelling.
func (p people) keyOf(s *Source, who person) any {
	kind := s.keyKind()
	if kind == "" {
		return who.id
	}
	return p.spell(kind, p.address(who, kind))
}
