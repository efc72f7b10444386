package oracle

import (
	"fmt"
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

// keyed is the part of a row that holds its key. A record of an identity map may
// be about two people, or about nobody.
func (p people) keyed(key string, id any) row {
	if namespace(key) != "" {
		if id == nil || p.chance(4) {
			return row{"identityMap": one[any](p.dice, nil, row{}, row{"CRMID": nil}, row{"CRMID": []any{}})}
		}
		ids := []any{row{"id": id, "primary": true}}
		if p.chance(6) {
			ids = append(ids, row{"id": one(p.dice, p.persons...).id}, row{"id": one(p.dice, placeholders...)})
		}
		return row{"identityMap": row{
			one(p.dice, "CRMID", "crmid", "CrmId"): ids,
			"ECID":                                 []any{row{"id": one(p.dice, p.persons...).id}},
		}}
	}
	if outer, inner, nested := strings.Cut(key, "."); nested {
		return row{outer: row{inner: id}}
	}
	return row{key: id}
}

// kindOf is the type of the keys of a snapshot.
func (p people) kindOf(s *Source) string {
	if s.Match != "" {
		return "VARCHAR"
	}
	return p.kind
}

// keyOf is what a snapshot knows a person by: the id, or an address in some spelling.
func (p people) keyOf(s *Source, who person) any {
	if s.Match == "" {
		return who.id
	}
	return p.spell(s.Match, p.address(who, s.Match))
}
