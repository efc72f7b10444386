package pipeline

import (
	"slices"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// An EventLog is a log of what people said since the snapshot: consent.md,
// section 6. It is streamed once, after the profiles. Each of its rows is an
// opt-out or an opt-in.
type EventLog struct {
	Name   string // in the job
	Source string // for evidence: the path
	Table  Table

	// Time is a column of times. Profile and Address say who the event is about;
	// either match counts. NoColumn stands for each that the log does not have.
	Time, Profile, Address int

	// Channel, Scope and Choice are columns of words without regard to case, or
	// NoColumn where all events have the one below. Subscription is a column of
	// names, which are exact.
	Channel, Scope, Choice, Subscription int

	ChannelAll string // one of Channels
	ScopeAll   Scope
	ChoiceAll  consent.Choice // Y or N

	Channels map[string]EventChannel   // by their names in lower case
	Choices  map[string]consent.Choice // Y or N by the job's own words, which are exact
	Any      Field                     // what events of ScopeAll are about

	// Normalizer reads the keys; nil stands for that of the plan.
	Normalizer *identity.Normalizer

	// Snapshot is the time of the oldest consent snapshot, or consent.NoTime where
	// that is not known.
	Snapshot int64

	// Seen are the rows that the last published run had read, in order.
	Seen []RowRange
}

// RowRange is a run of rows of a table.
type RowRange struct{ First, Rows int64 }

// A Scope says what an event is about.
type Scope uint8

const (
	ScopeChannel      Scope = iota // every address of the profile, on one channel
	ScopeIdentity                  // one address, on one channel
	ScopeSubscription              // one subscription, on one channel
	ScopeAll                       // every channel
)

var scopeNames = []string{"channel", "identity", "subscription", "all"}

// ScopeOf reads the name of a scope, which is in lower case.
func ScopeOf(name string) (s Scope, known bool) {
	i := slices.Index(scopeNames, name)
	return Scope(max(i, 0)), i >= 0
}

// EventChannel is what events of a channel are about.
type EventChannel struct {
	Kind          identity.Kind    // of their addresses
	Field         Field            // NoField where no list is on the channel
	Subscriptions map[string]Field // by their names; those that no list is bound to are not there
}

// EventCounts says what an event log holds, over all its rows, and what it
// changed.
type EventCounts struct {
	Rows     int64
	OptOuts  int64
	OptIns   int64
	Newer    int64   // opt-outs whose time is after the oldest consent snapshot
	Late     int64   // events whose time is after Plan.AsOf
	Idle     int64   // events that can change nothing, whoever is planned
	Bad      int64   // events that cannot be understood whole
	BadRows  []int64 // of the first of them, in order
	Timeless int64   // opt-outs without a time

	Lists []EventEffect // on each send list
}

// EventEffect is what the opt-outs of a log did to a send list.
type EventEffect struct {
	Rows   int64 // marketing rows with an opt-out that no snapshot has
	Oldest int64 // time of the oldest of them that is met for the first time, consent.NoTime for none
}

// seen reports whether the last published run had read a row.
func (l *EventLog) seen(row int64) bool {
	return slices.ContainsFunc(l.Seen, func(r RowRange) bool { return r.First <= row && row < r.First+r.Rows })
}

func (c *EventCounts) add(d *EventCounts) {
	c.Rows += d.Rows
	c.OptOuts += d.OptOuts
	c.OptIns += d.OptIns
	c.Newer += d.Newer
	c.Late += d.Late
	c.Idle += d.Idle
	c.Bad += d.Bad
	c.Timeless += d.Timeless
	c.BadRows = append(c.BadRows, d.BadRows...)
}

// bad counts an event that cannot be understood and notes its row.
func (c *EventCounts) bad(row int64) {
	c.Bad++
	c.BadRows = noteFirst(c.BadRows, row)
}

func (e *EventEffect) add(d EventEffect) {
	e.Rows += d.Rows
	e.Oldest = earlier(e.Oldest, d.Oldest)
}

// earlier is the earlier of two times, either of which may be consent.NoTime.
func earlier(a, b int64) int64 {
	if a == consent.NoTime || b == consent.NoTime {
		return max(a, b)
	}
	return min(a, b)
}
