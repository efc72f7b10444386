package pipeline

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// eventWorker reads records of one event log.
type eventWorker struct {
	facts  *facts
	plan   *Plan
	log    *EventLog
	source uint8
	counts EventCounts

	// What few different words mean, by their text.
	channels meanings[wordedChannel]
	scopes   meanings[wordedScope]
	choices  meanings[wordedChoice]
	whole    *EventChannel // of log.ChannelAll

	columns   eventColumns
	reads     *identity.Normalizer
	events    []event // of rowsAhead rows, as the keys
	people    keyBatch
	addresses [numKinds]keyBatch
	said      *changeBatches
}

// event is a row of a log as it is understood.
type event struct {
	row       int64
	optIn     bool
	scope     Scope
	channel   *EventChannel // nil where there is none, of ScopeAll only
	field     Field
	time      int64
	kind      identity.Kind
	person    slot // anyone where it names no profile, stranger where nobody's row is about that one
	address   slot // or noSlot
	sole      slot // the one person of all rows with the address, or noSlot; anybody if it is not planned
	elsewhere slot // the address among those that are not planned, or noSlot

	addressed bool // it names an address
}

type wordedScope struct {
	scope Scope
	known bool
}

type wordedChannel struct {
	channel *EventChannel // nil where there is none
	known   bool
}

type wordedChoice struct {
	choice consent.Choice
	known  bool
}

// eventColumns are the columns of a record; nil for those the log does not have.
type eventColumns struct {
	profile, address, channel, scope, choice, subscription *texts
	times                                                  func(int) int64
	hasTime                                                func(int) bool
}

func newEventWorker(f *facts, p *Plan, number uint8) *eventWorker {
	w := &eventWorker{facts: f, plan: p, log: &p.Events[number], source: number, said: f.happened.newBatches()}
	w.channels = meanings[wordedChannel]{meaning: w.log.channelWord, null: wordedChannel{nil, true}}
	w.scopes = wordsOf(scopeOf)
	w.choices = meanings[wordedChoice]{meaning: w.log.choiceOf} // null is never an answer, whatever the job makes of an empty text
	w.whole = w.log.channelOf(w.log.ChannelAll)
	if w.reads = w.log.Normalizer; w.reads == nil {
		w.reads = p.Normalizer
	}
	return w
}

func (w *eventWorker) bind(record arrow.Record) (err error) {
	l := w.log
	c := eventColumns{times: func(int) int64 { return consent.NoTime }, hasTime: func(int) bool { return false }}
	for _, b := range []struct {
		column int
		into   **texts
	}{
		{l.Profile, &c.profile},
		{l.Address, &c.address},
		{l.Channel, &c.channel},
		{l.Scope, &c.scope},
		{l.Choice, &c.choice},
		{l.Subscription, &c.subscription},
	} {
		if b.column == NoColumn {
			continue
		}
		if *b.into, err = newTexts(record.Column(b.column)); err != nil {
			return err
		}
	}
	if l.Time != NoColumn {
		column := record.Column(l.Time)
		if c.times, err = newTimes(column); err != nil {
			return err
		}
		c.hasTime = column.IsValid
	}
	w.columns = c
	return nil
}

func (w *eventWorker) record(first int64, record arrow.Record) error {
	w.plan.progress(StageEvents, record.NumRows())
	if err := w.bind(record); err != nil {
		return err
	}
	w.counts.Rows += record.NumRows()
	for n, row := int(record.NumRows()), 0; row < n; row += rowsAhead {
		w.rows(first, row, min(row+rowsAhead, n))
	}
	w.said.flush()
	return nil
}

// rowsAhead is how many rows of a log are read, then looked up, then kept at a time:
// enough for the misses of the look-ups to overlap, few enough to stay in the cache.
const rowsAhead = 1 << 10

// rows reads some rows of a record.
func (w *eventWorker) rows(first int64, from, to int) {
	w.events = w.events[:0]
	w.people.reset()
	for kind := range w.addresses {
		w.addresses[kind].reset()
	}
	for row := from; row < to; row++ {
		at := len(w.events)
		w.events = slices.Grow(w.events, 1)[:at+1]
		e := &w.events[at]
		*e = event{} // see judge.gather
		e.row, e.person, e.address, e.sole, e.elsewhere = first+int64(row), anyone, noSlot, noSlot, noSlot
		whole, usable := w.read(row, e)
		if !whole {
			w.counts.bad(first + int64(row))
		}
		if !usable {
			w.events = w.events[:at]
			w.takeBack()
		}
	}
	w.find()
	for i := range w.events {
		w.keep(&w.events[i])
	}
}

// read reads a row, whose event is the last. An event that is not whole is one that
// cannot be understood; an opt-out of which enough is left is usable all the same.
func (w *eventWorker) read(row int, e *event) (whole, usable bool) {
	c := &w.columns
	choice := wordedChoice{w.log.ChoiceAll, true}
	if c.choice != nil {
		choice = w.choices.at(c.choice, row)
	}
	if !choice.known {
		return false, false
	}
	if e.optIn = choice.choice == consent.Y; e.optIn {
		w.counts.OptIns++
	} else {
		w.counts.OptOuts++
	}
	scope := wordedScope{w.log.ScopeAll, true}
	if c.scope != nil {
		scope = w.scopes.at(c.scope, row)
	}
	if e.scope = scope.scope; !scope.known {
		return false, false
	}
	channel := wordedChannel{w.whole, true}
	if c.channel != nil {
		channel = w.channels.at(c.channel, row)
	}
	if e.channel = channel.channel; !channel.known || e.channel == nil && e.scope != ScopeAll {
		return false, false
	}
	whole = w.keys(row, e)
	if !whole && e.optIn || e.person == anyone && !e.addressed {
		return false, false
	}
	switch e.scope {
	case ScopeAll:
		e.field = w.log.Any
	case ScopeSubscription:
		if c.subscription == nil || len(c.subscription.at(row)) == 0 {
			return false, false
		}
		var known bool
		if e.field, known = e.channel.Subscriptions[string(c.subscription.at(row))]; !known {
			e.field = NoField
		}
	default:
		e.field = e.channel.Field
	}
	if e.time = c.times(row); (e.time < firstDate || e.time >= lastDate) && c.hasTime(row) {
		e.time, whole = consent.NoTime, false
	}
	return whole, whole || !e.optIn
}

// choiceOf is what a word says: Y or N.
func (l *EventLog) choiceOf(word string) wordedChoice {
	if c, known := l.Choices[word]; known {
		return wordedChoice{c, true}
	}
	c, _ := consent.ParseChoice([]byte(word))
	return wordedChoice{c, c == consent.Y || c == consent.N}
}

func scopeOf(word string) (s wordedScope) {
	s.scope, s.known = ScopeOf(strings.ToLower(word))
	return s
}

// channelWord is the channel of a name, none for none. White space is a name that nobody
// knows.
func (l *EventLog) channelWord(name string) wordedChannel {
	if name == "" {
		return wordedChannel{nil, true}
	}
	c := l.channelOf(strings.TrimSpace(name))
	return wordedChannel{c, c != nil}
}

func (l *EventLog) channelOf(name string) *EventChannel {
	if c, known := l.Channels[strings.ToLower(name)]; known {
		return &c
	}
	return nil
}

// keys notes whom a row names. It reports false for an address that is none, or
// whose kind nobody knows.
func (w *eventWorker) keys(row int, e *event) (whole bool) {
	c, at := &w.columns, int32(len(w.events)-1)
	if c.profile != nil {
		if raw := c.profile.at(row); raw != nil && w.people.add(at, raw, w.reads, identity.None, &w.facts.recipients.people.hasher) == identity.Valid {
			e.person = stranger
		}
	}
	if c.address == nil {
		return true
	}
	raw := c.address.at(row)
	if len(raw) == 0 {
		return true
	}
	if e.channel == nil {
		return false
	}
	if e.kind = e.channel.Kind; e.kind == identity.None {
		return true
	}
	switch w.addresses[e.kind].add(at, raw, w.reads, e.kind, &w.facts.recipients.addresses[e.kind].hasher) {
	case identity.Malformed:
		return false
	case identity.Valid:
		e.addressed = true
	}
	return true
}

// takeBack drops the keys of the row last read, which is not usable.
func (w *eventWorker) takeBack() {
	at := int32(len(w.events))
	w.people.takeBack(at)
	for kind := range w.addresses {
		w.addresses[kind].takeBack(at)
	}
}

// find looks up whom the events of some rows name.
func (w *eventWorker) find() {
	r := w.facts.recipients
	// Whether a key is found nobody foretells, so that a branch on it waits for each.
	for i, s := range r.people.lookupAll(&w.people) {
		w.events[w.people.rows[i]].person = min(s, stranger) // who is not found is one
	}
	for kind := range w.addresses {
		b := &w.addresses[kind]
		if len(b.keys) == 0 {
			continue
		}
		sole := w.facts.happened.sole[kind]
		for i, s := range r.addresses[kind].lookupAll(b) {
			e := &w.events[b.rows[i]]
			if e.address = s; sole != nil {
				e.sole = sole[min(uint(s), uint(len(sole)-1))] // of an address that is not planned anybody: see keep
			}
		}
		if o := w.facts.owners[kind]; o != nil {
			for i, s := range o.index.lookupAll(b) {
				w.events[b.rows[i]].elsewhere = s
			}
		}
	}
}

// keep counts an event and files it under whom it names, if it can change
// anything.
func (w *eventWorker) keep(e *event) {
	late := e.time != consent.NoTime && e.time > w.plan.AsOf
	if late {
		w.counts.Late++
	}
	c := change{field: uint16(e.field), source: w.source, time: e.time, first: consent.NoTime}
	if e.optIn {
		c.form = optedIn
	}
	if e.scope == ScopeIdentity {
		// Without the address an opt-out is one on the channel: nobody knows which
		// address was meant.
		if e.addressed {
			c.form |= forOne
		} else if e.optIn {
			e.field = NoField
		}
	}
	if e.field == NoField || e.optIn && e.time == consent.NoTime {
		w.counts.Idle++
		return
	}
	if !e.optIn {
		if e.time == consent.NoTime {
			w.counts.Timeless++
		} else if s := w.log.Snapshot; s != consent.NoTime && e.time > s {
			w.counts.Newer++
		}
		if !w.log.seen(e.row) {
			c.first = e.time
		}
	} else if late {
		return // counted, and nobody's permission yet
	}
	w.said.keep(e, &c)
}
