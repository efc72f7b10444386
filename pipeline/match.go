package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// facts is what the snapshots say of the planned recipients.
type facts struct {
	recipients *recipients
	people     *subjects
	addresses  [numKinds]*subjects // for snapshots keyed by address; nil where there is none
	links      [numKinds]*links    // profiles by planned address; nil where nothing needs them
	devices    *devices            // nil where no profile says anything of any
	owned      *owned              // nil where no list is looked through for devices that no send list names
	owners     [numKinds]*owners   // of addresses that are not planned; nil where nothing needs them
	happened   *happened           // nil where there are no event logs
	screened   *screened           // nil where there are no screening lists
	identities *identities
	countries  *countries
	invalid    invalidValues
}

// invalidValues keeps the texts of invalid values of planned recipients, for
// the ledger. There are few.
type invalidValues struct {
	mu      sync.Mutex
	fold    func(a, b consent.Value) consent.Value
	answers map[invalidKey]answer
}

type invalidKey struct {
	kind    identity.Kind // of the subject
	subject slot
	field   Field
}

func (v *invalidValues) add(k invalidKey, a answer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.answers[k] = join(v.fold, v.answers[k], a)
}

func newFacts(p *Plan, r *recipients) *facts {
	fold := consent.Restrict
	if p.Latest {
		fold = consent.Latest
	}
	f := &facts{
		recipients: r,
		people:     newSubjects(r.people.len(), p, fold),
		identities: newIdentities(len(p.Fields), fold),
		countries:  newCountries(),
		devices:    newDevices(p, r),
		owned:      newOwned(p, r),
		owners:     newOwners(p, r),
		invalid:    invalidValues{fold: fold, answers: map[invalidKey]answer{}},
	}
	for _, k := range p.addressKinds() {
		if f.addresses[k] == nil {
			f.addresses[k] = newSubjects(r.addresses[k].len(), p, fold)
		}
	}
	return f
}

// addressKinds lists the kinds of address by which snapshots are keyed.
func (p *Plan) addressKinds() (kinds []identity.Kind) {
	if p.Profiles != nil && p.Profiles.Key.Kind != identity.None {
		kinds = append(kinds, p.Profiles.Key.Kind)
	}
	for _, c := range p.Consents {
		if c.Key.Kind != identity.None {
			kinds = append(kinds, c.Key.Kind)
		}
	}
	return kinds
}

// subjects returns where facts about keys of a kind are kept: profile ids for
// None, addresses for any other.
func (f *facts) subjects(kind identity.Kind) *subjects {
	if kind == identity.None {
		return f.people
	}
	return f.addresses[kind]
}

// add folds an answer of a snapshot into what is known of a subject.
func (f *facts) add(kind identity.Kind, at slot, field Field, a answer) {
	if a.Choice == consent.Invalid {
		f.invalid.add(invalidKey{kind, at, field}, a)
	}
	s := f.subjects(kind)
	mu := s.lock(at)
	mu.Lock()
	defer mu.Unlock()
	s.add(at, field, &a)
}

// answer is what is known of a subject in a field.
func (f *facts) answer(kind identity.Kind, at slot, field Field) answer {
	if field == NoField {
		return answer{}
	}
	a := f.subjects(kind).answer(at, field)
	if a.Choice == consent.Invalid {
		a.text = f.invalid.answers[invalidKey{kind, at, field}].text
	}
	return a
}

// readProfiles notes which planned people exist, where they live and who is to
// be forgotten.
//
// Where profiles must be searched for planned addresses too, the same scan does
// it. Only where all records of people count whom that search finds are there
// two: rows may know their person by the address alone, whose record may no
// longer have it, and events may name people by another of their addresses. That
// somebody else with an address is to be forgotten is remembered in one: see gone. One
// more comes before where rows name no device, for those that their people have.
func (f *facts) readProfiles(ctx context.Context, p *Plan) error {
	owners := &ownerScan{facts: f, plan: p}
	fold := func() func(arrow.Record) error {
		prober, owner := newProber(p.Profiles.Key, f.recipients, p.Normalizer), owners.newWorker()
		var devices *deviceWorker
		if !p.sharesOwned() {
			devices = newDeviceWorker(f, p)
		}
		return func(record arrow.Record) error {
			p.progress(StageProfiles, record.NumRows())
			if err := devices.record(record); err != nil {
				return err
			}
			hits, err := prober.probe(record)
			if err != nil || len(hits) == 0 {
				return err
			}
			if p.asksOwners() {
				if err := owner.record(record, hits); err != nil {
					return err
				}
			}
			return f.foldProfiles(p.Profiles, record, hits)
		}
	}
	if p.sharesOwned() {
		if err := f.readDevices(ctx, p); err != nil {
			return err
		}
	}
	share, only := p.needsLinks()
	if share && !only {
		return f.readLinks(ctx, p, fold)
	}
	if only {
		nothing := func() func(arrow.Record) error { return func(arrow.Record) error { return nil } }
		if err := f.readLinks(ctx, p, nothing); err != nil {
			return err
		}
	}
	err := scan(ctx, p.Profiles.Table, p.Threads, func() func(int64, arrow.Record) error {
		each := fold()
		return func(_ int64, record arrow.Record) error { return each(record) }
	})
	if err != nil {
		return fmt.Errorf("read profiles: %w", err)
	}
	if f.owned != nil && !p.sharesOwned() {
		if err := f.owned.settle(f.recipients.people.len()); err != nil {
			return err
		}
	}
	return owners.finish()
}

// readDevices reads the devices of the profiles alone, where whoever else has them is
// to be looked for next.
func (f *facts) readDevices(ctx context.Context, p *Plan) error {
	err := scan(ctx, p.Profiles.Table, p.Threads, func() func(int64, arrow.Record) error {
		w := newDeviceWorker(f, p)
		return func(_ int64, record arrow.Record) error { return w.record(record) }
	})
	if err != nil {
		return fmt.Errorf("read profiles: %w", err)
	}
	return f.owned.settle(f.recipients.people.len())
}

func (f *facts) foldProfiles(p *Profiles, record arrow.Record, hits []hit) error {
	var country *texts
	if p.Country != NoColumn {
		var err error
		if country, err = newTexts(record.Column(p.Country)); err != nil {
			return err
		}
	}
	isErased := p.erasedIn(record)
	for _, h := range hits {
		flags, number := seenInProfiles, uint16(0)
		if isErased(int(h.row)) {
			flags |= erased
		}
		if country != nil {
			var err error
			if number, err = f.countries.number(country.at(int(h.row))); err != nil {
				return err
			}
		}
		if err := f.addProfile(f.subjects(p.Key.Kind), h.slot, flags, number); err != nil {
			return err
		}
	}
	return nil
}

// erasedIn says which rows of a record are profiles to be forgotten.
func (p *Profiles) erasedIn(record arrow.Record) func(row int) bool {
	if p.Erased == NoColumn {
		return func(int) bool { return false }
	}
	gone := record.Column(p.Erased).(*array.Boolean)
	return func(row int) bool { return gone.IsValid(row) && gone.Value(row) }
}

func (f *facts) addProfile(s *subjects, at slot, flags uint8, country uint16) (err error) {
	mu := s.lock(at)
	mu.Lock()
	defer mu.Unlock()
	s.flag(at, flags)
	country, err = f.countries.union(s.country(at), country)
	s.setCountry(at, country)
	return err
}

// readConsents folds one consent snapshot into the facts.
func (f *facts) readConsents(ctx context.Context, p *Plan, number int) (ValueCounts, error) {
	c := &p.Consents[number]
	var mu sync.Mutex
	var workers []*consentWorker
	err := scan(ctx, c.Table, p.Threads, func() func(int64, arrow.Record) error {
		w := &consentWorker{
			facts: f, plan: p, consents: c, source: uint8(number),
			prober: newProber(c.Key, f.recipients, p.Normalizer),
			fields: make([]fieldReader, len(c.Fields)),
			nested: choiceReader{values: c.Values}, counts: f.recipients.part.number == 0,
		}
		for i := range w.fields {
			w.fields[i].values = c.Values
		}
		mu.Lock()
		workers = append(workers, w)
		mu.Unlock()
		return w.record
	})
	var counts ValueCounts
	for _, w := range workers {
		counts.add(&w.nested.counts)
		for i := range w.fields {
			counts.add(&w.fields[i].counts)
		}
	}
	if err != nil {
		if wrong := (*TimeError)(nil); errors.As(err, &wrong) {
			wrong.Stage, wrong.Input = StageConsents, number
		}
		return counts, fmt.Errorf("read consents %s: %w", c.Source, err)
	}
	return counts, nil
}
