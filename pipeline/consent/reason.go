package consent

import "math/bits"

// A Reason says why a planned recipient is not contacted. The constants stand
// in order of severity: of several reasons the smallest is the primary one.
type Reason uint8

const (
	Erased Reason = iota
	SuppressedAddress
	SuppressedDomain
	NotAllowed
	NoIdentity
	MalformedAddress
	NoAddress
	InvalidToken
	OptOutAll
	OptOutChannel
	OptOutIdentity
	OptOutSubscription
	OptOutShared
	Registry
	ConsentInvalid
	ConsentExpired
	ConsentPending
	ConsentUnknown
	ConsentBasis
	ConsentMissing
	PurposeDenied
	NoProfile
	FrequencyCap
	Duplicate

	NumReasons
)

var reasonNames = [NumReasons]string{
	"erased", "suppressed_address", "suppressed_domain", "not_allowed", "no_identity",
	"malformed_address", "no_address", "invalid_token", "opt_out_all",
	"opt_out_channel", "opt_out_identity", "opt_out_subscription", "opt_out_shared",
	"registry", "consent_invalid", "consent_expired", "consent_pending",
	"consent_unknown", "consent_basis", "consent_missing", "purpose_denied",
	"no_profile", "frequency_cap", "duplicate",
}

// String returns the reason's name as it stands in ledgers and reports.
func (r Reason) String() string { return reasonNames[r] }

// Decision returns what the reason makes of a row: bad data to mend is
// quarantined, everything else dropped.
func (r Reason) Decision() Decision {
	if r == NoIdentity || r == MalformedAddress {
		return Quarantined
	}
	return Dropped
}

// Bypassable reports whether a transactional message passes this reason: the
// rules about marketing consent, and the lists that bind marketing only.
func (r Reason) Bypassable() bool { return bypassable.Has(r) }

const bypassable = Reasons(1<<OptOutAll | 1<<OptOutChannel | 1<<OptOutIdentity |
	1<<OptOutSubscription | 1<<OptOutShared | 1<<Registry | 1<<ConsentInvalid |
	1<<ConsentExpired | 1<<ConsentPending | 1<<ConsentUnknown | 1<<ConsentBasis |
	1<<ConsentMissing | 1<<NoProfile)

// Reasons is a set of reasons.
type Reasons uint32

// Has reports whether r is in the set.
func (s Reasons) Has(r Reason) bool { return s&(1<<r) != 0 }

// With returns the set and r.
func (s Reasons) With(r Reason) Reasons { return s | 1<<r }

// Primary returns the most severe reason. The set must not be empty.
func (s Reasons) Primary() Reason { return Reason(bits.TrailingZeros32(uint32(s))) }

// Append appends the reasons to dst, the most severe first.
func (s Reasons) Append(dst []Reason) []Reason {
	for ; s != 0; s &= s - 1 {
		dst = append(dst, s.Primary())
	}
	return dst
}

// A Decision is what becomes of a planned recipient.
type Decision uint8

const (
	NotGranted  Decision = iota // no rule granted this row; never published
	Kept                        // may be contacted
	Dropped                     // must not be contacted
	Quarantined                 // bad data to mend; not contacted

	NumDecisions
)

var decisionNames = [NumDecisions]string{"not_granted", "kept", "dropped", "quarantined"}

// String returns the decision's name as it stands in ledgers and reports.
func (d Decision) String() string { return decisionNames[d] }
