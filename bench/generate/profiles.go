package generate

import "github.com/parquet-go/parquet-go"

type profileRow struct {
	ProfileID string `parquet:"profile_id,plain"`
	Email     string `parquet:"email,optional,plain"`
	Phone     string `parquet:"phone,optional,plain"`
	Country   string `parquet:"country,optional,dict"`
	Erased    bool   `parquet:"erased,optional"`
}

// profiles says who exists, a row a person; one in a thousand was erased.
func profiles(o Options) input {
	s := parquet.NewSchema("profiles", parquet.SchemaOf(profileRow{}))
	return input{
		path:   "profiles/",
		rows:   o.Profiles,
		parts:  o.Parts,
		order:  shuffled(o.Profiles, o.Seed+2),
		schema: s,
		fillers: []filler{
			text(lookup(s, "profile_id"), population.appendKey),
			text(lookup(s, "email"), population.appendWrittenEmail),
			text(lookup(s, "phone"), population.appendPhone),
			pick(lookup(s, "country"), countryTrait, countries),
			claim(lookup(s, "erased"), erasedTrait, 1000),
		},
	}
}

// claim fills a leaf with what holds for one person in n.
func claim(l leaf, t trait, n uint64) filler {
	return func(b *block) {
		for _, person := range b.persons {
			b.put(l, parquet.BooleanValue(b.once(person, t, n)))
		}
	}
}
