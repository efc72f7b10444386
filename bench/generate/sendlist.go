package generate

import (
	"fmt"

	"github.com/parquet-go/parquet-go"
)

// Flaws of a send list, each one row in so many.
const (
	strangers  = 100  // the profile id is nobody's
	repeats    = 1000 // the person of the row before
	noAddress  = 500
	malformeds = 1000
)

// A SendList is a list that Write made.
type SendList struct {
	Name, Channel string
	Address       string // the address column
	Rows          uint64
	seed          uint64
}

type (
	emailRow struct {
		ProfileID string `parquet:"profile_id,plain"`
		Email     string `parquet:"email,optional,plain"`
		listTail
	}
	phoneRow struct {
		ProfileID string `parquet:"profile_id,plain"`
		Phone     string `parquet:"phone,optional,plain"`
		listTail
	}
	tokenRow struct {
		ProfileID string `parquet:"profile_id,plain"`
		Token     string `parquet:"token,optional,plain"`
		listTail
	}
	listTail struct {
		FirstName  string `parquet:"first_name,optional,dict"`
		LastCity   string `parquet:"last_city,optional,dict"`
		CampaignID string `parquet:"campaign_id,optional,dict"`
		SendAt     int64  `parquet:"send_at,optional,timestamp(microsecond),plain"`
	}
)

// sendAt is the first second of a day in which the lists are sent.
const sendAt = epoch + span + 24*3600

// Path is where the list stands below the snapshot.
func (l SendList) Path() string { return "lists/" + l.Name + ".parquet" }

func (l SendList) input(o Options) input {
	var row any
	var write func(population, []byte, uint64) []byte
	switch l.Channel {
	case "email":
		row, write = emailRow{}, population.appendWrittenEmail
	case "sms":
		row, write = phoneRow{}, population.appendPhone
	case "push":
		row, write = tokenRow{}, population.appendToken
	}
	s := parquet.NewSchema("list", parquet.SchemaOf(row))
	in := input{
		path:   l.Path(),
		rows:   l.Rows,
		parts:  1,
		order:  shuffled(o.Profiles, o.Seed+l.seed),
		schema: s,
		fillers: []filler{
			keys(lookup(s, "profile_id"), l.seed),
			addresses(lookup(s, l.Address), l.seed, write),
			pick(lookup(s, "first_name"), nameTrait, firstNames),
			pick(lookup(s, "last_city"), cityTrait, lastCities),
			pick(lookup(s, "campaign_id"), 0, []string{"campaign-" + l.Name}),
			times(lookup(s, "send_at")),
		},
	}
	latest := uint64(0)
	if o.Neighbours {
		in.order, latest = inPlace(o.Profiles), o.Profiles-l.Rows
	}
	in.seat = func(row uint64) uint64 {
		if row > 0 && below(mix(row*golden+l.seed), repeats) == 0 {
			row--
		}
		return latest + row
	}
	return in
}

func keys(l leaf, seed uint64) filler {
	return func(b *block) {
		for i, person := range b.persons {
			if below(mix(b.rows[i]*golden-seed), strangers) == 0 {
				person = b.rows[i] + seed<<40
				b.put(l, b.written(population.appendStrangerKey, person))
				continue
			}
			b.put(l, b.written(population.appendKey, person))
		}
	}
}

func addresses(l leaf, seed uint64, write func(population, []byte, uint64) []byte) filler {
	malformed := func(_ population, dst []byte, row uint64) []byte { return fmt.Appendf(dst, "nobody-%d", row) }
	return func(b *block) {
		for i, person := range b.persons {
			random := mix(b.rows[i]*golden ^ mix(seed))
			switch {
			case below(random, noAddress) == 0:
				b.putNull(l, 0)
			case below(mix(random), malformeds) == 0 && l.level == 1:
				b.put(l, b.written(malformed, b.rows[i]))
			default:
				b.put(l, b.written(write, person))
			}
		}
	}
}

func times(l leaf) filler {
	return func(b *block) {
		for _, row := range b.rows {
			b.put(l, parquet.Int64Value((sendAt+int64(row%86400))*1e6))
		}
	}
}
