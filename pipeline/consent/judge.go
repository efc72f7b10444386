package consent

// Facts is all that is known of one planned recipient when it is judged.
type Facts struct {
	Erased            bool    // the person asked to be forgotten
	NoIdentity        bool    // the row's profile id is null, empty or a placeholder
	MalformedAddress  bool    // the row's address cannot be one
	NoAddress         bool    // the row's address is null, empty or a placeholder
	NoProfile         bool    // profiles must exist and this one does not
	Duplicate         bool    // an earlier row plans the same message
	Transactional     bool    // the message is not marketing
	Bound             bool    // the send list is bound to a subscription
	SuppressedAddress Binding // a suppression list has the address or the person
	SuppressedDomain  Binding // a suppression list has the domain of the address
	NotAllowed        bool    // there is an allowed list, and the row is not on it
	InvalidToken      bool    // the device's token is denylisted, or of another app or platform
	Registered        bool    // on a registry such as do-not-call, and no exemption lifts it
	SharedOptOut      bool    // another profile with this address said no at "any" or channel level

	Any          Value // marketing.any
	Channel      Value // the channel's own
	Identity     Value // the channel's own at the address of this row
	Subscription Value // the subscription's, where Bound

	Purposes []Choice // one for each purpose that the list requires

	Personalize         Choice // personalize.content
	IdentityPersonalize Choice // the same at the address of this row

	SendAt int64 // when the message goes out, microseconds since 1970 UTC
}

// A Level names the fact that decided: the coarse to fine levels of consent,
// the policy's default, a purpose, or none of them.
type Level uint8

const (
	LevelNone Level = iota
	LevelAny
	LevelChannel
	LevelIdentity
	LevelSubscription
	LevelDefault
	LevelPurpose
)

// A Verdict is what the rules make of one recipient. The zero Verdict is
// "not granted".
type Verdict struct {
	Decision Decision
	Reasons  Reasons // against contacting; empty for a kept row
	Bypassed Reasons // that would have dropped a transactional row
	Level    Level   // of the primary reason
	Purpose  int     // index into Facts.Purposes where Level is LevelPurpose
	Generic  bool    // contacted, but without personal content
}

// Judge applies the rule to the facts: consent.md sections 3, 4, 8 and 9.
func Judge(f *Facts, r Rule) Verdict {
	j := judgement{facts: f, rule: &r}
	return j.judge()
}

func (j *judgement) judge() Verdict {
	f := j.facts
	j.person()
	j.levels()
	granted := j.mode()
	j.purposes()
	if f.NoProfile {
		j.refuse(NoProfile, LevelNone)
	}
	if f.Duplicate {
		j.refuse(Duplicate, LevelNone)
	}
	return j.conclude(granted)
}

// judgement collects reasons; the level of the most severe one is kept.
type judgement struct {
	facts   *Facts
	rule    *Rule
	verdict Verdict
	told    *[]Refusal // of Explain
}

func (j *judgement) refuse(r Reason, l Level) {
	v := &j.verdict
	if f := j.facts; f.Transactional && r.Bypassable() {
		j.bypass(r, l)
		return
	}
	j.tell(r, l, false)
	if v.Reasons == 0 || r < v.Reasons.Primary() {
		v.Level = l
	}
	v.Reasons = v.Reasons.With(r)
}

// bypass notes what would have refused a message that is not marketing.
func (j *judgement) bypass(r Reason, l Level) {
	j.tell(r, l, true)
	j.verdict.Bypassed = j.verdict.Bypassed.With(r)
}

// person refuses for what is wrong with the row itself.
func (j *judgement) person() {
	f := j.facts
	if f.Erased {
		j.refuse(Erased, LevelNone)
	}
	j.suppress(f.SuppressedAddress, SuppressedAddress)
	j.suppress(f.SuppressedDomain, SuppressedDomain)
	if f.NotAllowed {
		j.refuse(NotAllowed, LevelNone)
	}
	if f.NoIdentity {
		j.refuse(NoIdentity, LevelNone)
	}
	if f.MalformedAddress {
		j.refuse(MalformedAddress, LevelNone)
	}
	if f.NoAddress {
		j.refuse(NoAddress, LevelNone)
	}
	if f.InvalidToken {
		j.refuse(InvalidToken, LevelNone)
	}
	if f.Registered {
		j.refuse(Registry, LevelNone)
	}
}

// suppress refuses for a suppression list. One that binds marketing only is
// counted as a bypass where the message is not marketing.
func (j *judgement) suppress(b Binding, r Reason) {
	switch {
	case b == NotBound:
	case b == BindsMarketing && j.facts.Transactional:
		j.bypass(r, LevelNone)
	default:
		j.refuse(r, LevelNone)
	}
}

// levels refuses for a no or an invalid value at any level. A finer yes never
// lifts a coarser no, with one exception: a default of no at "any" is nobody's
// own answer and yields to a yes at channel or identity (ours).
func (j *judgement) levels() {
	f := j.facts
	if !Yields(f.Any.Choice, f.Channel.Choice, f.Identity.Choice) {
		j.level(f.Any.Choice, OptOutAll, LevelAny)
	}
	j.level(f.Channel.Choice, OptOutChannel, LevelChannel)
	j.level(f.Identity.Choice, OptOutIdentity, LevelIdentity)
	if f.Bound {
		j.level(f.Subscription.Choice, OptOutSubscription, LevelSubscription)
	}
	if f.SharedOptOut {
		j.refuse(OptOutShared, LevelNone)
	}
}

// Yields reports whether a no at "any" yields to the answers at channel and
// identity level: it does if it is a default and one of them is a yes (ours).
func Yields(anyone, channel, identity Choice) bool {
	return anyone == DN && (channel.Class() == ClassYes || identity.Class() == ClassYes)
}

func (j *judgement) level(c Choice, no Reason, l Level) {
	switch c.Class() {
	case ClassNo:
		j.refuse(no, l)
	case ClassInvalid:
		j.refuse(ConsentInvalid, l)
	}
}

// mode reads the governing value, and each finer value present, by the
// channel's mode. It reports whether all of them permit.
func (j *judgement) mode() (granted bool) {
	f := j.facts
	switch f.Governing() {
	case LevelChannel:
		granted = j.read(f.Channel, LevelChannel)
		if f.Identity.Choice != Absent {
			granted = j.read(f.Identity, LevelIdentity) && granted
		}
	case LevelIdentity:
		granted = j.read(f.Identity, LevelIdentity)
	case LevelAny:
		granted = j.read(f.Any, LevelAny)
	default:
		granted = j.readDefault()
	}
	if f.Bound && f.Subscription.Choice != Absent {
		granted = j.read(f.Subscription, LevelSubscription) && granted
	}
	return granted
}

// Governing is the level whose value the mode reads; LevelDefault where nobody
// answered.
func (f *Facts) Governing() Level {
	switch {
	case f.Channel.Choice != Absent:
		return LevelChannel
	case f.Identity.Choice != Absent:
		return LevelIdentity
	case f.Any.Choice != Absent:
		return LevelAny
	}
	return LevelDefault
}

func (j *judgement) read(v Value, l Level) (granted bool) {
	switch v.Choice.Class() {
	case ClassNo, ClassInvalid:
		return false // refused already, as a level
	}
	reason, denied := j.rule.refusal(v, j.facts.SendAt)
	if denied {
		j.refuse(reason, l)
	}
	return !denied
}

// readDefault judges a person who never answered. A default that does not
// permit denies as missing consent: the job refused, the person did not.
func (j *judgement) readDefault() (granted bool) {
	d := j.rule.Default
	rule := *j.rule
	rule.ValidFor = 0 // a default has no time and does not age
	_, denied := rule.refusal(Value{Choice: d, Time: NoTime}, 0)
	if denied {
		l := LevelDefault
		if d == Absent {
			l = LevelChannel
		}
		j.refuse(ConsentMissing, l)
	}
	return !denied
}

// purposes refuses a row that lacks a purpose the list requires. Class yes or
// an accepted basis permits; everything else denies.
func (j *judgement) purposes() {
	for i, c := range j.facts.Purposes {
		if c.Class() == ClassYes || j.rule.AcceptBasis.Has(c) {
			continue
		}
		if !j.verdict.Reasons.Has(PurposeDenied) {
			j.verdict.Purpose = i
		}
		j.refuse(PurposeDenied, LevelPurpose)
	}
}

// conclude turns what was collected into a decision. A row is kept only if
// every rule that could refuse was silent and the mode said yes, or the message
// is transactional, which does not ask the mode.
func (j *judgement) conclude(granted bool) Verdict {
	v := &j.verdict
	switch {
	case v.Reasons != 0:
		v.Decision = v.Reasons.Primary().Decision()
	case granted || j.facts.Transactional:
		v.Decision = Kept
	}
	v.Generic = !j.personal()
	return *v
}

// personal reports whether the content may be personalised.
func (j *judgement) personal() bool {
	f := j.facts
	if f.IdentityPersonalize.Class() == ClassNo || f.IdentityPersonalize.Class() == ClassInvalid {
		return false
	}
	switch f.Personalize.Class() {
	case ClassYes:
		return true
	case ClassNo, ClassInvalid:
		return false
	}
	return j.rule.Gate == GateOptOut
}

// Both joins two verdicts on one recipient, one for each of two rules that both
// bind: it is contacted only if both permit, and personally only if both do.
func Both(a, b Verdict) Verdict {
	v := a
	v.Reasons |= b.Reasons
	v.Bypassed |= b.Bypassed
	v.Generic = a.Generic || b.Generic
	switch {
	case b.Reasons == 0:
	case a.Reasons == 0 || b.Reasons.Primary() < a.Reasons.Primary():
		v.Level, v.Purpose = b.Level, b.Purpose
	case a.Reasons.Primary() == b.Reasons.Primary():
		// The coarser level, so that the order of the rules does not show.
		v.Level, v.Purpose = min(a.Level, b.Level), min(a.Purpose, b.Purpose)
	}
	switch {
	case v.Reasons != 0:
		v.Decision = v.Reasons.Primary().Decision()
	case a.Decision != Kept || b.Decision != Kept:
		v.Decision = NotGranted
	}
	return v
}
