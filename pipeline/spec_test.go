package pipeline

import (
	"maps"
	"slices"
	"strings"

	"optout/pipeline/consent"
)

// verdict is what the specification says of one row, as a ledger shows it.
type verdict struct {
	decision string
	reasons  []string // in order of severity
	bypassed []string // reasons that a transactional message passed
	generic  bool
	exempted bool     // a registry has the row, and an exemption lifts it
	evidence evidence // of the first reason, or of the exemption of a kept row
}

// specify is the specification of a verdict, written the slow obvious way from
// the contract and sharing no code with the engine.
func specify(w *world, list, i int) verdict {
	l, r := &w.lists[list], w.lists[list].rows[i]
	facts := w.specFacts(l, r)
	marketing, refused := map[string]evidence{}, map[string]evidence{}
	none := evidence{time: consent.NoTime}
	for name, is := range map[string]bool{
		"no_identity": !l.noProfile && facts.id == "", "duplicate": l.duplicates && w.isDuplicate(list, i),
		"malformed_address": l.addressed() && facts.address == "bad", "no_address": l.addressed() && facts.address == "",
	} {
		if is {
			refused[name] = none
		}
	}
	screened, screenedMarketing, exempt := w.specScreening(l, facts)
	maps.Copy(refused, screened)
	maps.Copy(marketing, screenedMarketing)
	if _, known := refused["erased"]; facts.erased && !known {
		refused["erased"] = evidence{source: "profiles", time: consent.NoTime}
	}
	if w.requireProfile && !facts.exists {
		marketing["no_profile"] = evidence{source: "profiles", time: consent.NoTime}
	}
	if a := w.sharedNo(l, facts); a.val != "" {
		marketing["opt_out_shared"] = a.evidence(a.field)
	}
	v := verdict{decision: "kept", evidence: exempt, exempted: exempt.source != ""}
	levels := w.levels(l, facts)
	for _, rule := range facts.rules {
		for name, e := range levels.refusals(rule, l, r) {
			if old, known := marketing[name]; !known || e.before(old) {
				marketing[name] = e
			}
		}
		if e, denied := w.purposeDenied(l, facts, rule); denied {
			refused["purpose_denied"] = e
		}
		v.generic = v.generic || l.personal && !w.personal(l, facts, rule)
	}
	if l.transactional {
		for name := range marketing {
			v.bypassed = append(v.bypassed, name)
		}
		marketing = nil
	}
	for _, name := range severity {
		e, is := refused[name]
		if m, also := marketing[name]; also {
			e, is = m, true
		}
		if !is {
			continue
		}
		if v.reasons = append(v.reasons, name); len(v.reasons) == 1 {
			v.evidence = e
		}
	}
	if len(v.reasons) > 0 {
		v.decision = "dropped"
		if v.reasons[0] == "no_identity" || v.reasons[0] == "malformed_address" {
			v.decision = "quarantined"
		}
	}
	return v
}

var severity = strings.Fields(`erased suppressed_address suppressed_domain not_allowed no_identity
	malformed_address no_address invalid_token opt_out_all opt_out_channel opt_out_identity
	opt_out_subscription opt_out_shared registry consent_invalid consent_expired consent_pending
	consent_unknown consent_basis consent_missing purpose_denied no_profile frequency_cap duplicate`)

// said is one answer, "" for none, and the record that gave it.
type said struct {
	val, text, field string
	time, end        int64 // no end is 0
	source           string
	event            bool // since the snapshots
}

func (s said) class() string {
	switch s.val {
	case "":
		return "absent"
	case "y", "dy":
		return "yes"
	case "n", "dn":
		return "no"
	case "p", "u":
		return "open"
	case "LI", "CT", "CP", "VI", "PI", "several bases":
		return "basis"
	}
	return "invalid"
}

func (s said) evidence(field string) evidence {
	switch s.class() {
	case "absent":
		return evidence{field: field, time: consent.NoTime}
	case "invalid":
		return evidence{s.source, field, s.text, s.time}
	}
	return evidence{s.source, field, s.val, s.time}
}

// levels are the answers from coarse to fine, and that of the subscription
// where the list is bound to one.
type levels struct{ anyone, channel, own, subscription said }

func (w *world) levels(l *testList, f specFacts) levels {
	var v levels
	v.anyone, _ = w.heard(l, f, "marketing.any.val")
	v.channel, _ = w.heard(l, f, l.field())
	v.own, _ = w.heardOwn(l, f)
	if l.bound {
		v.subscription, _ = w.heard(l, f, "marketing.email.subscriptions.news.val")
	}
	return v
}

func (l *testList) field() string {
	if l.mail {
		return "marketing.postalMail.val"
	}
	return "marketing.email.val"
}

// refusals are the reasons of section 3 against a row, with their evidence.
func (v levels) refusals(r testRule, l *testList, row listRow) map[string]evidence {
	all := map[string]evidence{}
	add := func(reason string, e evidence) {
		if _, known := all[reason]; !known && reason != "" { // coarse levels come first
			all[reason] = e
		}
	}
	for _, level := range []struct {
		no string
		said
	}{
		{"opt_out_all", v.anyone}, {"opt_out_channel", v.channel}, {"opt_out_identity", v.own}, {"opt_out_subscription", v.subscription},
	} {
		yields := level.no == "opt_out_all" && level.val == "dn" && (v.channel.class() == "yes" || v.own.class() == "yes")
		switch level.class() {
		case "no":
			if !yields {
				add(level.no, level.evidence(level.field))
			}
		case "invalid":
			add("consent_invalid", level.evidence(level.field))
		}
	}
	at := int64(sendAt)
	if l.times && row.at != 0 {
		at = row.at
	}
	governing := []said{v.channel, v.own}
	switch {
	case v.channel.val == "" && v.own.val == "" && v.anyone.val != "":
		governing = []said{v.anyone}
	case v.channel.val == "" && v.own.val == "":
		governing = nil
		fallback := said{val: r.fallback, time: at}
		switch {
		case fallback.class() != "no" && r.permits(fallback, at) == "":
		case r.fallback == "":
			add("consent_missing", fallback.evidence(l.field()))
		default:
			add("consent_missing", evidence{"policy", "channels." + l.channel() + ".default", r.fallback, consent.NoTime})
		}
	}
	for _, s := range append(governing, v.subscription) {
		if s.val != "" {
			add(r.permits(s, at), s.evidence(s.field))
		}
	}
	return all
}

// permits is the table of modes; "" permits, or is a no or invalid value, which
// the levels judge.
func (r testRule) permits(v said, at int64) string {
	c := v.class()
	switch {
	case c == "yes" && v.end != 0 && v.end <= at:
		return "consent_expired"
	case c == "yes" && r.validFor > 0 && v.time == consent.NoTime, c == "yes" && r.validFor > 0 && at-v.time > r.validFor:
		return "consent_expired"
	case c == "yes", c == "no", c == "invalid", r.mode == consent.OptOut:
		return ""
	case v.val == "p":
		return "consent_pending"
	case v.val == "u":
		return "consent_unknown"
	case c == "basis" && slices.Contains(r.accept, v.val):
		return ""
	case c == "basis":
		return "consent_basis"
	}
	return "consent_missing"
}

// before says which of two pieces of evidence for one reason is shown, where the
// rules of several countries refuse: the coarser level, as their names happen to
// be in order here, and of several defaults the most restrictive.
func (e evidence) before(other evidence) bool {
	order := []string{
		"marketing.any.val", "marketing.email.val", "marketing.postalMail.val", "idSpecific.email.marketing.email.val",
		"marketing.email.subscriptions.news.val", "channels.email.default", "channels.direct_mail.default",
	}
	a, b := slices.Index(order, e.field), slices.Index(order, other.field)
	return a < b || a == b && slices.Index(restrictiveness, e.value) > slices.Index(restrictiveness, other.value)
}

// purposeDenied: class yes or an accepted basis permits; a no or an invalid
// value for the address denies, whatever the person said.
func (w *world) purposeDenied(l *testList, f specFacts, r testRule) (evidence, bool) {
	a, field := w.own(l, f, "share.val"), "idSpecific.email.share.val"
	if a.class() != "no" && a.class() != "invalid" {
		a, field = w.answer(l, f, "share.val"), "share.val"
	}
	return a.evidence(field), l.requires && a.class() != "yes" && !slices.Contains(r.accept, a.val)
}

func (w *world) personal(l *testList, f specFacts, r testRule) bool {
	own, all := w.own(l, f, "personalize.content.val").class(), w.answer(l, f, "personalize.content.val").class()
	if own == "no" || own == "invalid" {
		return false
	}
	return all == "yes" || r.gate == consent.GateOptOut && all != "no" && all != "invalid"
}

// sharedNo is the no of another profile that has the row's address, or where the
// list has no profile ids of any of several; of several that at the coarser
// level, the more restrictive, the later, of the snapshots before events, of the
// input first named.
func (w *world) sharedNo(l *testList, f specFacts) (best said) {
	for _, id := range w.others(l, f) {
		anyone, _ := w.other(id, "marketing.any.val")
		channel, _ := w.other(id, l.field())
		own := w.otherOwn(id, f.address)
		a := channel
		if yields := anyone.val == "dn" && (channel.class() == "yes" || own.class() == "yes"); anyone.class() == "no" && !yields {
			a = anyone
		}
		better := best.val == "" || a.field < best.field
		if a.field == best.field {
			better = slices.Index(restrictiveness, a.val) > slices.Index(restrictiveness, best.val) ||
				a.val == best.val && (a.time > best.time || a.time == best.time && a.first(best))
		}
		if a.class() == "no" && better {
			best = a
		}
	}
	return best
}

// others lists the profiles whose opt-outs a row shares.
func (w *world) others(l *testList, f specFacts) (ids []string) {
	if !w.share && !l.noProfile || w.byAddress || !l.addressed() || f.address == "" || f.address == "bad" {
		return nil
	}
	for _, p := range w.profiles {
		if id := normalID(p.id); id != "" && normalEmail(p.email) == f.address && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if l.noProfile && len(ids) < 2 {
		return nil
	}
	return slices.DeleteFunc(ids, func(id string) bool { return id == f.id })
}
