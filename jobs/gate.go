package jobs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"optout/writers"
)

// Gates that can refuse a run. Those of the first group cannot be accepted:
// without them there is nothing to judge by.
const (
	gateIncomplete = "incomplete" // the marker of an input did not come in time
	gateMissing    = "missing"    // an input is not there
	gateUnreadable = "unreadable" // an input is damaged, or changed while it was read
	gateEmpty      = "empty"      // a snapshot has no rows
	gateSchema     = "schema"     // a column is not there, or of another type

	gateDigest = "digest" // entries of a hashed list have not the length of a digest

	gateLostColumn     = "lost_column"      // a consent column of the last published run is gone
	gateMaxAge         = "max_age"          // a snapshot is too old, or from the future
	gateMaxShrink      = "max_shrink"       // a snapshot is much smaller than in the last published run
	gateRequireOptOuts = "require_opt_outs" // a consent snapshot has not one opt-out
	gateMaxInvalid     = "max_invalid"      // too many answers are no choice value
	gateMaxQuarantined = "max_quarantined"  // too much of a send list is bad data
	gateMaxNoProfile   = "max_no_profile"   // too much of a send list has no profile
	gateEmptyList      = "empty_list"       // a suppression list or the like names nobody
	gateMaxMalformed   = "max_malformed"    // too many entries of a list are malformed
	gateMaxVanished    = "max_vanished"     // too many entries of the last published run are gone from a list
	gateMaxDropChange  = "max_drop_change"  // the share of a list that is not kept is far from what it was
	gateRequireHits    = "require_hits"     // a long hashed list names nobody planned
	gateMaxBadEvents   = "max_bad_events"   // events that cannot be understood
)

// acceptable lists the gates that --accept can let through.
var acceptable = []string{
	gateLostColumn, gateMaxAge, gateMaxShrink, gateRequireOptOuts, gateMaxInvalid, gateMaxQuarantined, gateMaxNoProfile,
	gateEmptyList, gateMaxMalformed, gateMaxVanished, gateMaxDropChange, gateRequireHits, gateMaxBadEvents,
}

// Acceptable reports whether a gate can be let through.
func Acceptable(gate string) bool { return slices.Contains(acceptable, gate) }

// A Refusal is a run that ends because its inputs cannot be trusted. Nothing
// was published.
type Refusal struct {
	Gates []writers.Gate // that did not pass
	Err   error          // what was wrong with an input, where that is the reason
}

func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString("refused: ")
	for i, g := range r.Gates {
		if i > 0 {
			b.WriteString("\n         ")
		}
		fmt.Fprintf(&b, "gate %s: %s: %s", g.Name, g.Subject, g.Reading)
		if g.Limit != "" {
			b.WriteString(", limit " + g.Limit)
		}
		if slices.Contains(acceptable, g.Name) {
			fmt.Fprintf(&b, " (to let it through once: --accept %s:%s)", g.Name, g.Subject)
		}
	}
	return b.String()
}

func (r *Refusal) Unwrap() error { return r.Err }

// gates collects readings.
type gates struct {
	accept   []string
	readings []writers.Gate
}

// read notes the reading of a gate.
func (g *gates) read(name, subject string, passed bool, reading, limit string) {
	g.readings = append(g.readings, writers.Gate{
		Name: name, Subject: subject, Reading: reading, Limit: limit, Passed: passed,
		Accepted: !passed && g.accepts(name, subject),
	})
}

func (g *gates) accepts(name, subject string) bool {
	return slices.Contains(g.accept, name) || slices.Contains(g.accept, name+":"+subject)
}

// share reads a gate on a part of a whole.
func (g *gates) share(name, subject string, part, whole int64, what string, limit Percent) {
	share := 0.0
	if whole > 0 {
		share = float64(part) / float64(whole)
	}
	g.read(name, subject, share <= float64(limit),
		fmt.Sprintf("%s of %s %s (%s)", writers.Thousands(part), writers.Thousands(whole), what, percent(share)), percent(float64(limit)))
}

// refusal refuses at the gates that are closed; it is nil where none is.
func (g *gates) refusal() error {
	if closed := g.closed(); closed != nil {
		return &Refusal{Gates: closed}
	}
	return nil
}

// closed lists the gates that did not pass and were not accepted.
func (g *gates) closed() (closed []writers.Gate) {
	for _, r := range g.readings {
		if !r.Passed && !r.Accepted {
			closed = append(closed, r)
		}
	}
	return closed
}

// accepted lists the gates that were let through.
func (g *gates) accepted() []string {
	names := []string{}
	for _, r := range g.readings {
		if r.Accepted {
			names = append(names, r.Name+":"+r.Subject)
		}
	}
	return names
}

// checkAccept refuses names that are no gate, that cannot be accepted, or that
// are of an input that the job does not have: they would let nothing through.
func (j *Job) checkAccept(names []string) error {
	for _, name := range names {
		gate, subject, named := strings.Cut(name, ":")
		if !slices.Contains(acceptable, gate) {
			return &UsageError{fmt.Errorf("--accept %s: no such gate can be let through; these can: %s%s",
				name, strings.Join(acceptable, ", "), suggest(gate, acceptable))}
		}
		if inputs := j.inputNames(); named && !slices.Contains(inputs, subject) {
			return &UsageError{fmt.Errorf("--accept %s: the job has no input %q%s", name, subject, suggest(subject, inputs))}
		}
	}
	return nil
}

// percent writes a share with up to two decimals, and with more where it is
// small but not nothing.
func percent(share float64) string {
	text := strconv.FormatFloat(100*share, 'f', 2, 64)
	for decimals := 3; share > 0 && !strings.ContainsAny(text, "123456789"); decimals++ {
		text = strconv.FormatFloat(100*share, 'f', decimals, 64)
	}
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + "%"
}
