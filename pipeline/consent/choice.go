package consent

// A Choice is the val of one consent. The constants stand in order of
// restrictiveness: of two answers of one person the greater one wins.
type Choice uint8

const (
	Absent  Choice = iota // null, empty, or no such struct: never answered
	Y                     // y: opted in
	DY                    // dy: default of yes, never answered
	LI                    // LI: legitimate interest
	CT                    // CT: contract
	CP                    // CP: compliance with a legal obligation
	VI                    // VI: vital interest
	PI                    // PI: public interest
	Bases                 // two records claim different bases; never an accepted one (ours)
	U                     // u: unknown
	P                     // p: pending
	DN                    // dn: default of no, never answered
	Invalid               // anything else: a data error
	N                     // n: opted out

	numChoices
)

// A Class is how the rules read a choice.
type Class uint8

const (
	ClassInvalid Class = iota // a data error, always denies
	ClassAbsent               // never answered
	ClassYes                  // y, dy
	ClassBasis                // a legal basis instead of consent
	ClassOpen                 // p, u: asked and not answered
	ClassNo                   // n, dn
)

var choiceNames = [numChoices]string{
	Absent: "", Y: "y", DY: "dy", LI: "LI", CT: "CT", CP: "CP", VI: "VI", PI: "PI",
	Bases: "several bases", U: "u", P: "p", DN: "dn", Invalid: "invalid", N: "n",
}

var choiceClasses = [numChoices]Class{
	Absent: ClassAbsent, Y: ClassYes, DY: ClassYes,
	LI: ClassBasis, CT: ClassBasis, CP: ClassBasis, VI: ClassBasis, PI: ClassBasis, Bases: ClassBasis,
	U: ClassOpen, P: ClassOpen, DN: ClassNo, Invalid: ClassInvalid, N: ClassNo,
}

// String returns the schema's spelling, "" for Absent.
func (c Choice) String() string {
	if c >= numChoices {
		return choiceNames[Invalid]
	}
	return choiceNames[c]
}

// Class returns how the rules read c.
func (c Choice) Class() Class {
	if c >= numChoices {
		return ClassInvalid
	}
	return choiceClasses[c]
}

// ParseChoice reads a val as it stands in a file. Spelling is exact in the
// schema; ASCII case is forgiven, and exact tells whether it had to be (ours).
// Blanks are not trimmed: " " is Invalid. It never fails: what is not a choice
// value is Invalid.
func ParseChoice[T string | []byte](text T) (c Choice, exact bool) {
	if len(text) == 0 {
		return Absent, true
	}
	if len(text) > 2 {
		return Invalid, true
	}
	// Two letters, upper-cased into one number: a switch without allocation.
	a, b := upper(text[0]), byte(0)
	if len(text) == 2 {
		if b = upper(text[1]); b == 0 {
			return Invalid, true
		}
	}
	switch uint16(a)<<8 | uint16(b) {
	case 'Y' << 8:
		c = Y
	case 'N' << 8:
		c = N
	case 'P' << 8:
		c = P
	case 'U' << 8:
		c = U
	case 'D'<<8 | 'Y':
		c = DY
	case 'D'<<8 | 'N':
		c = DN
	case 'L'<<8 | 'I':
		c = LI
	case 'C'<<8 | 'T':
		c = CT
	case 'C'<<8 | 'P':
		c = CP
	case 'V'<<8 | 'I':
		c = VI
	case 'P'<<8 | 'I':
		c = PI
	default:
		return Invalid, true
	}
	return c, string(text) == choiceNames[c]
}

func upper(b byte) byte {
	if 'a' <= b && b <= 'z' {
		return b - ('a' - 'A')
	}
	return b
}
