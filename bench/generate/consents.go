package generate

import (
	"strings"

	"github.com/parquet-go/parquet-go"
)

// The structs below are schemas only; no row is ever made of them.
type (
	valueOnly struct {
		Val string `parquet:"val,optional,dict"`
	}
	content struct {
		Content *valueOnly `parquet:"content,optional"`
	}
	answer struct {
		Val    string `parquet:"val,optional,dict"`
		Time   int64  `parquet:"time,optional,timestamp(microsecond),plain"`
		Reason string `parquet:"reason,optional,dict"`
	}
	identityAnswer struct {
		Val  string `parquet:"val,optional,dict"`
		Time int64  `parquet:"time,optional,timestamp(microsecond),plain"`
	}
	identityConsents struct {
		Personalize *content `parquet:"personalize,optional"`
		Marketing   *struct {
			Email *identityAnswer `parquet:"email,optional"`
			SMS   *identityAnswer `parquet:"sms,optional"`
		} `parquet:"marketing,optional"`
	}
	consentRow struct {
		ProfileID string `parquet:"profile_id,plain"`
		Consents  *struct {
			Collect     *valueOnly `parquet:"collect,optional"`
			Share       *valueOnly `parquet:"share,optional"`
			Personalize *content   `parquet:"personalize,optional"`
			Marketing   *struct {
				Any   *answer `parquet:"any,optional"`
				Email *answer `parquet:"email,optional"`
				SMS   *answer `parquet:"sms,optional"`
				Push  *answer `parquet:"push,optional"`
			} `parquet:"marketing,optional"`
			IDSpecific map[string]map[string]identityConsents `parquet:"idSpecific,optional"`
			Metadata   *struct {
				Time int64 `parquet:"time,optional,timestamp(microsecond),plain"`
			} `parquet:"metadata,optional"`
		} `parquet:"consents,optional"`
	}
)

// consents is the nested XDM layout, a record a person.
func consents(o Options) input {
	s := parquet.NewSchema("consents", parquet.SchemaOf(consentRow{}))
	at := func(path string) leaf { return lookup(s, path) }
	in := input{
		path:   "consents/",
		rows:   o.Profiles,
		parts:  o.Parts,
		order:  shuffled(o.Profiles, o.Seed+1),
		schema: s,
		fillers: []filler{
			text(at("profile_id"), population.appendKey),
			answers(s, "consents.collect", collectTrait),
			answers(s, "consents.share", shareTrait),
			answers(s, "consents.personalize.content", personalizeTrait),
			answers(s, "consents.marketing.any", anyTrait),
			answers(s, "consents.marketing.email", emailTrait),
			answers(s, "consents.marketing.sms", smsTrait),
			answers(s, "consents.marketing.push", pushTrait),
			identities(s),
			metadata(at("consents.metadata.time")),
		},
	}
	if o.Sorted {
		in.order = inPlace(o.Profiles)
		in.options = append(in.options, parquet.SortingWriterConfig(parquet.SortingColumns(parquet.Ascending("profile_id"))))
	}
	if o.Bloom {
		in.options = append(in.options, parquet.BloomFilters(parquet.SplitBlockFilter(10, "profile_id")))
	}
	return in
}

// answers fills the val of a field, and its time and reason where the schema
// has them. Half of the absent ones lack the struct, the others only the val.
func answers(s *parquet.Schema, path string, t trait) filler {
	val := lookup(s, path+".val")
	var time, reason leaf
	if _, full := s.Lookup(strings.Split(path+".time", ".")...); full {
		time, reason = lookup(s, path+".time"), lookup(s, path+".reason")
	}
	choiceValues, reasonValues := byteValues(choices[:]), byteValues(reasons)
	return func(b *block) {
		for _, person := range b.persons {
			c := b.choose(person, t)
			level := val.level - 1
			if c.value != absent {
				b.put(val, choiceValues[c.value])
			} else {
				level -= int(person & 1)
				b.putNull(val, level)
			}
			if time.column == 0 {
				continue
			}
			if c.timed {
				b.put(time, parquet.Int64Value(c.micros))
			} else {
				b.putNull(time, level)
			}
			if int(c.reason) < len(reasonValues) {
				b.put(reason, reasonValues[c.reason])
			} else {
				b.putNull(reason, level)
			}
		}
	}
}

func metadata(time leaf) filler {
	return func(b *block) {
		for _, person := range b.persons {
			b.put(time, parquet.Int64Value(int64(epoch+below(b.draw(person, metadataTrait), span))*1e6))
		}
	}
}
