package jobs

import (
	"context"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/readers"
	"optout/writers"
)

// openEvents opens an event log and makes it part of the plan. One without a row
// is fine: nobody said anything.
func (o *opener) openEvents(ctx context.Context, e *Events, f *fields) (*input, *pipeline.EventLog, error) {
	in, err := o.open(ctx, e.Name, kindEvents, files{e.Path, e.Delimiter})
	if err != nil {
		return nil, nil, err
	}
	bound, err := e.bind(in, o.job.eventChannels(f))
	if err != nil {
		return nil, nil, o.refuse(gateSchema, e.Name, err)
	}
	bound.Any = f.find(anyField)
	if bound.Normalizer, err = o.job.normalizer(e.Region); err != nil {
		return nil, nil, err
	}
	return in, bound, nil
}

// bind binds the columns of the log.
func (e *Events) bind(in *input, channels map[string]pipeline.EventChannel) (*pipeline.EventLog, error) {
	c := &columns{in: in}
	l := &pipeline.EventLog{
		Name: e.Name, Source: in.info.Path, Channels: channels, ChannelAll: e.Channel, ChoiceAll: e.Choice.choice(),
		Choices: map[string]consent.Choice{}, Snapshot: consent.NoTime,
	}
	l.ScopeAll, _ = pipeline.ScopeOf(orDefaultText(string(e.Scope), "channel")) // the words of EventScope are its names
	for text, choice := range e.Values {
		l.Choices[text] = choice.choice()
	}
	for _, column := range []struct {
		name string
		role readers.Role
		at   *int
	}{
		{e.Columns.Time, readers.Time, &l.Time},
		{e.Columns.Profile, readers.Key, &l.Profile},
		{e.Columns.Address, readers.Key, &l.Address},
		{e.Columns.Channel, readers.Text, &l.Channel},
		{e.Columns.Scope, readers.Text, &l.Scope},
		{e.Columns.Choice, readers.Choice, &l.Choice},
		{e.Columns.Subscription, readers.Text, &l.Subscription},
	} {
		var err error
		if *column.at, err = c.addNamed(column.role, column.name); err != nil {
			return nil, err
		}
	}
	l.Table = c.table()
	c.note()
	return l, nil
}

func (c EventChoice) choice() consent.Choice {
	switch c {
	case "y":
		return consent.Y
	case "n":
		return consent.N
	}
	return consent.Absent
}

// rememberEvents tells the event logs what the last published run had read of
// them, file by file, and how old the snapshots are.
func (p *prepared) rememberEvents(last *writers.Manifest) {
	seen := map[string]int64{}
	if last != nil {
		for i := range last.Inputs {
			for _, f := range last.Inputs[i].Files {
				if last.Inputs[i].Kind == kindEvents {
					seen[f.Path] = max(seen[f.Path], f.Rows)
				}
			}
		}
	}
	for i, in := range p.events {
		log, first := &p.plan.Events[i], int64(0)
		for _, f := range in.info.Files {
			if rows := min(seen[f.Path], f.Rows); rows > 0 {
				log.Seen = append(log.Seen, pipeline.RowRange{First: first, Rows: rows})
			}
			first += f.Rows
		}
		log.Snapshot = p.oldestSnapshot()
	}
}

// oldestSnapshot is the time of the oldest consent snapshot, consent.NoTime where
// that of some is not known.
func (p *prepared) oldestSnapshot() int64 {
	oldest := consent.NoTime
	for i, in := range p.consents {
		if in.info.AsOf == nil {
			return consent.NoTime
		}
		if at := in.info.AsOf.UnixMicro(); i == 0 || at < oldest {
			oldest = at
		}
	}
	return oldest
}
