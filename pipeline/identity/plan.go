package identity

import (
	"fmt"
	"regexp"
	"regexp/syntax"

	"github.com/nyaruka/phonenumbers"
)

// plans holds the numbering plan of each calling code, or the zero plan.
type plans [1000]plan

// plan is the part of a numbering plan that tells which numbers the library
// would leave as they are. It is made of the library's own metadata.
type plan struct {
	lengths uint32         // bit n: a national number of n digits is possible
	first   uint16         // bit d: a national prefix may begin with digit d
	prefix  *regexp.Regexp // the national prefixes; nil where there are none
}

// readPlans makes the plans of all calling codes. A calling code that several
// countries share has the plan of its main country, as in the library.
func readPlans() (*plans, error) {
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil, fmt.Errorf("read phone numbering plans: %w", err)
	}
	all := new(plans)
	for _, m := range collection.GetMetadata() {
		code := int(m.GetCountryCode())
		if m.GetId() != phonenumbers.GetRegionCodeForCountryCode(code) {
			continue
		}
		p := &all[code]
		for _, n := range m.GetGeneralDesc().GetPossibleLength() {
			if n > 0 {
				p.lengths |= 1 << n
			}
		}
		if prefix := m.GetNationalPrefixForParsing(); prefix != "" {
			if err := p.setPrefix(prefix); err != nil {
				return nil, fmt.Errorf("read phone numbering plan of +%d: %w", code, err)
			}
		}
	}
	return all, nil
}

func (p *plan) setPrefix(pattern string) error {
	pattern = "^(?:" + pattern + ")"
	var err error
	if p.prefix, err = regexp.Compile(pattern); err != nil {
		return err
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return err
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return err
	}
	p.first = firstDigits(prog, uint32(prog.Start), make([]bool, len(prog.Inst)))
	return nil
}

// firstDigits returns the digits that a match may begin with. A match of
// nothing begins with none: the library then drops nothing.
func firstDigits(prog *syntax.Prog, at uint32, seen []bool) (set uint16) {
	if seen[at] {
		return 0
	}
	seen[at] = true
	switch inst := &prog.Inst[at]; inst.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return firstDigits(prog, inst.Out, seen) | firstDigits(prog, inst.Arg, seen)
	case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
		return firstDigits(prog, inst.Out, seen)
	case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		for d := range 10 {
			if inst.MatchRune(rune('0' + d)) {
				set |= 1 << d
			}
		}
	}
	return set
}

// strips reports whether the library might drop or change the beginning of a
// national number.
func (p *plan) strips(national []byte) bool {
	if len(national) == 0 || p.first&(1<<(national[0]-'0')) == 0 {
		return false
	}
	return p.prefix.Match(national)
}

// possible reports whether a national number may have so many digits.
func (p *plan) possible(digits int) bool {
	return digits < 32 && p.lengths&(1<<digits) != 0
}

// code returns the calling code that digits begin with and how many digits it
// has, which is 0 where there is none. No calling code begins another.
func (all *plans) code(digits []byte) (code, size int) {
	for i := range min(3, len(digits)) {
		code = code*10 + int(digits[i]-'0')
		if code == 0 {
			break
		}
		if all[code].lengths != 0 {
			return code, i + 1
		}
	}
	return 0, 0
}
