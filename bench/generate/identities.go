package generate

import "github.com/parquet-go/parquet-go"

// An identityField is what idSpecific holds for one kind of address.
type identityField struct {
	trait     trait
	namespace parquet.Value
	write     func(population, []byte, uint64) []byte
	val, time leaf
}

// identities fills idSpecific for one person in fifty: an entry for the email
// address and, for half of those, one for the phone number. One entry in five
// refuses personalisation for its address.
func identities(s *parquet.Schema) filler {
	const ids = "consents.idSpecific.key_value.value.key_value."
	namespace := lookup(s, "consents.idSpecific.key_value.key")
	id := lookup(s, ids+"key")
	content := lookup(s, ids+"value.personalize.content.val")
	field := func(t trait, name, channel string, write func(population, []byte, uint64) []byte) identityField {
		path := ids + "value.marketing." + channel
		return identityField{
			t, parquet.ByteArrayValue([]byte(name)), write,
			lookup(s, path+".val"), lookup(s, path+".time"),
		}
	}
	fields := []identityField{
		field(identityEmailTrait, "Email", "email", population.appendEmail),
		field(identityPhoneTrait, "Phone", "sms", population.appendPhone),
	}
	choiceValues := byteValues(choices[:])
	none, no := parquet.Value{}, choiceValues[1]
	return func(b *block) {
		for _, person := range b.persons {
			if !b.once(person, identityTrait, 50) {
				for _, l := range []leaf{namespace, id, content, fields[0].val, fields[0].time, fields[1].val, fields[1].time} {
					b.putNull(l, 1)
				}
				continue
			}
			entries := 1 + int(b.draw(person, identityTrait)&1)
			for i, f := range fields[:entries] {
				b.putAt(namespace, i, namespace.level, f.namespace)
				b.putAt(id, i, id.level, b.written(f.write, person))
				if b.once(person, f.trait, 5) {
					b.putAt(content, i, content.level, no)
				} else {
					b.putAt(content, i, id.level, none)
				}
				// All leaves of one struct must agree on whether it is there.
				c := b.choose(person, f.trait)
				absentLevel := id.level
				if c.value != absent {
					absentLevel++ // marketing is, but nothing below it
				}
				for j, other := range fields {
					switch {
					case j != i || c.value == absent:
						b.putAt(other.val, i, absentLevel, none)
						b.putAt(other.time, i, absentLevel, none)
						continue
					case c.timed:
						b.putAt(other.time, i, other.time.level, parquet.Int64Value(c.micros))
					default:
						b.putAt(other.time, i, other.time.level-1, none)
					}
					b.putAt(other.val, i, other.val.level, choiceValues[c.value])
				}
			}
		}
	}
}
