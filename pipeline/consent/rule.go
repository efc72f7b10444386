package consent

// A Mode says what silence means on a channel.
type Mode uint8

const (
	OptIn  Mode = iota // only a yes permits; the zero value, since silence is not consent (GDPR recital 32)
	OptOut             // everything but a no permits (Journey Optimizer's own)
)

// String returns the mode's name in a job file.
func (m Mode) String() string {
	if m == OptOut {
		return "opt_out"
	}
	return "opt_in"
}

// A Gate says which answers to personalize.content allow personal content.
type Gate uint8

const (
	GateOptIn  Gate = iota // only class yes
	GateOptOut             // everything but class no and invalid
)

// A BasisSet is a set of legal bases that a job accepts in place of consent.
type BasisSet uint16

// With returns the set and c, which must be one of LI, CT, CP, VI and PI.
func (s BasisSet) With(c Choice) BasisSet { return s | 1<<c }

// Has reports whether c is an accepted basis. Bases never is.
func (s BasisSet) Has(c Choice) bool { return c.Class() == ClassBasis && c != Bases && s&(1<<c) != 0 }

// A Rule is the policy for one channel in one jurisdiction.
type Rule struct {
	Mode        Mode
	Default     Choice   // stands for the governing value where nobody answered; Absent for none
	AcceptBasis BasisSet // bases that count as permission
	ValidFor    int64    // microseconds for which a yes holds, 0 for ever
	Gate        Gate     // of personalize.content
}

// refusal reads one value by the table of modes. It returns the reason
// that the value denies with, and whether it does. A class no is the
// business of the levels, not of the mode; it never permits here.
func (r Rule) refusal(v Value, sendAt int64) (reason Reason, denied bool) {
	switch v.Choice.Class() {
	case ClassYes:
		return ConsentExpired, v.Expires != 0 && sendAt >= v.Expires || r.expired(v.Time, sendAt)
	case ClassOpen:
		if r.Mode == OptOut {
			return 0, false
		}
		if v.Choice == P {
			return ConsentPending, true
		}
		return ConsentUnknown, true
	case ClassBasis:
		if r.Mode == OptOut || r.AcceptBasis.Has(v.Choice) {
			return 0, false
		}
		return ConsentBasis, true
	case ClassAbsent:
		if r.Mode == OptOut {
			return 0, false
		}
		return ConsentMissing, true
	}
	return ConsentInvalid, true
}

// expired reports whether a yes of the given time no longer holds at sendAt.
// Where consent ages, a yes of unknown time has expired.
func (r Rule) expired(time, sendAt int64) bool {
	switch {
	case r.ValidFor == 0:
		return false
	case time == NoTime || r.ValidFor < 0:
		return true
	case time >= sendAt:
		return false
	}
	// Without a sign the difference cannot overflow, and so never read as young.
	return uint64(sendAt)-uint64(time) > uint64(r.ValidFor)
}
