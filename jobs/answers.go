package jobs

import (
	"cmp"
	"regexp"
	"slices"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/writers"
)

// maxListed bounds the invalid values that a manifest lists.
const maxListed = 20

// readAnswers notes what the consent snapshots said and reads the gates on it.
func (p *prepared) readAnswers(counts []pipeline.ValueCounts) {
	for i := range counts {
		c, in := &counts[i], p.consents[i]
		in.info.Answers = &writers.Answers{
			Values: c.Values, OptOuts: c.OptOuts, Normalised: c.Normalised, Invalid: c.Invalid, ByInvalid: listInvalid(c.ByInvalid),
		}
		if p.job.Gates.requireOptOuts() {
			p.gates.read(gateRequireOptOuts, in.subject(), c.OptOuts > 0, writers.Thousands(c.OptOuts)+" opt-outs", "at least 1")
		}
		p.gates.share(gateMaxInvalid, in.subject(), c.Invalid, c.Values, "answers are no choice value", p.job.Gates.maxInvalid())
	}
}

// A column mapped by mistake may hold names or addresses, so an invalid value is
// shown only if it is one of the words that exports use for a choice, or is
// short, plain and said by several people.
var plainWord = regexp.MustCompile(`^[ A-Za-z_-]{1,12}$|^[0-9]{1,3}$`)

const severalPeople = 5

func isShown(value string, rows int64) bool {
	return consent.IsUsualWord(value) || rows >= severalPeople && plainWord.MatchString(value)
}

func listInvalid(values map[string]int64) (list []writers.ValueCount) {
	hidden := int64(0)
	for value, rows := range values {
		if isShown(value, rows) {
			list = append(list, writers.ValueCount{Value: value, Rows: rows})
		} else {
			hidden += rows
		}
	}
	slices.SortFunc(list, func(a, b writers.ValueCount) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Value, b.Value))
	})
	for len(list) > maxListed {
		hidden += list[len(list)-1].Rows
		list = list[:len(list)-1]
	}
	if hidden > 0 {
		list = append(list, writers.ValueCount{Value: "(others, not shown)", Rows: hidden})
	}
	return list
}
