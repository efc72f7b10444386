package oracle

import "strings"

// namespaceKind is the kind of address of each namespace of identities.
var namespaceKind = map[string]string{"email": "email", "phone": "phone", "ecid": "token", "push": "token"}

// identities draws what a record says of single addresses: the person's own,
// often spelled in several ways that fall together, another's, or none.
func (p people) identities(a answerer, who person, entry func() any) row {
	namespaces := row{}
	for _, name := range some(a.dice, 50, "Email", "email", "EMAIL", "Phone", "phone", "ECID", "ecid", "Push", "CRMID") {
		ids := row{}
		for range a.between(1, 2) {
			owner := who
			if a.chance(15) {
				owner = one(a.dice, p.persons...)
			}
			kind := namespaceKind[strings.ToLower(name)]
			id := p.spell(kind, p.address(owner, kind))
			if kind == "token" && a.chance(50) {
				id = one(a.dice, owner.devices...).id
			}
			if a.chance(8) {
				id = one(a.dice, "", "none", "nobody")
			}
			ids[id] = entry()
		}
		namespaces[name] = ids
	}
	return namespaces
}
