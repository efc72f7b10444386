package jobs

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/readers"
	"optout/writers"
)

// list is one send list, opened and bound.
type list struct {
	*input
	job     *SendList
	plan    pipeline.List
	schemas *writers.ListSchemas
	keys    *columns
}

// personal lists the columns of personal content, nil where there are none.
func (l *SendList) personal() []string {
	if l.Personalization == nil {
		return nil
	}
	return l.Personalization.Columns
}

// openList opens a send list and makes it part of the plan.
func (o *opener) openList(ctx context.Context, l *SendList, f *fields) (*list, error) {
	in, err := o.open(ctx, l.Name, kindList, files{l.Path, l.Delimiter})
	if err != nil {
		return nil, err
	}
	bound := &list{input: in, job: l}
	for _, step := range []func() error{bound.bindKeys, bound.bindRows} {
		if err := step(); err != nil {
			return nil, o.refuse(gateSchema, l.Name, err)
		}
	}
	o.job.judgeBy(&bound.plan, l, f, o.date)
	return bound, nil
}

// bindKeys binds the columns that say whom a row is for.
func (b *list) bindKeys() error {
	c, l, p := &columns{in: b.input}, b.job, &b.plan
	for _, k := range []struct {
		name string
		role readers.Role
		at   *int
	}{
		{l.Profile, readers.Key, &p.Profile},
		{l.Address, readers.Key, &p.Address},
		{l.Campaign, readers.Key, &p.Campaign},
		{l.sendColumn(), readers.Time, &p.SendAt},
	} {
		var err error
		if *k.at, err = c.addNamed(k.role, k.name); err != nil {
			return err
		}
	}
	p.Keys = c.table()
	b.keys = c
	c.note()
	return nil
}

// sendColumn is the column with the time of sending, "" where it is a timestamp
// or left out.
func (l *SendList) sendColumn() string {
	if _, err := parseTime(l.SendAt); err == nil {
		return ""
	}
	return l.SendAt
}

// bindRows binds the list whole, and what its generic rows have instead of
// personal content.
func (b *list) bindRows() error {
	var keys []readers.Leaf
	for _, column := range []int{b.plan.Profile, b.plan.Address} {
		if column != pipeline.NoColumn {
			keys = append(keys, b.keys.leaves[column])
		}
	}
	table, err := b.Rows(keys...)
	if err != nil {
		return err
	}
	b.plan.Rows = tableOf(table)
	view := func(column int) pipeline.KeyView {
		if column == pipeline.NoColumn {
			return pipeline.KeyView{Column: pipeline.NoColumn}
		}
		leaf := b.keys.leaves[column]
		return pipeline.KeyView{Column: table.Find(leaf), Type: leaf.Type()}
	}
	b.plan.ProfileView, b.plan.AddressView = view(b.plan.Profile), view(b.plan.Address)
	if b.schemas, err = writers.NewListSchemas(table.Schema(), b.job.personal()); err != nil {
		return err
	}
	if b.job.CSV {
		if err := writers.CheckCSV(b.schemas.Audience); err != nil {
			return fmt.Errorf("publish as CSV: %w", err)
		}
	}
	leaves := table.Columns()
	for _, name := range b.job.personal() {
		if !slices.Contains(leaves, name) {
			return fmt.Errorf("%w: %s", readers.ErrNoColumn, name)
		}
		fallback, replaced := b.job.Personalization.Fallback[name]
		for i, of := range leaves {
			if of != name {
				continue
			}
			r := pipeline.Replacement{Column: i}
			if replaced {
				if r.Fallback, err = table.Value(i, string(fallback)); err != nil {
					return err
				}
			}
			b.plan.Personalized = append(b.plan.Personalized, r)
		}
	}
	return nil
}

// judgeBy fills in what a list is judged by.
func (j *Job) judgeBy(p *pipeline.List, l *SendList, f *fields, date logicalDate) {
	c := channelOf(l.Channel)
	p.Name, p.Channel, p.Kind = l.Name, l.Channel, c.address
	p.Transactional = l.Category == "transactional"
	p.Devices = pipeline.DeviceFilter{App: l.App, Platforms: l.Platforms}
	p.Sender, p.ReachComplaints = strings.TrimSpace(l.Sender), j.Policy.ReachComplaints
	p.SendAll = date.end().UnixMicro()
	if at, err := parseTime(l.SendAt); err == nil {
		p.SendAll = at.UnixMicro()
	}
	p.Any, p.Consent = f.number(anyField), f.number(c.valField())
	p.Subscription, p.Personalize = pipeline.NoField, pipeline.NoField
	if l.Subscription != "" {
		p.Subscription = f.number(subscriptionField(c, l.Subscription))
	}
	if l.Personalization != nil {
		p.Personalize = f.number(personalizeField)
	}
	for _, purpose := range l.Requires {
		p.Purposes = append(p.Purposes, f.number(purpose+".val"))
	}
	p.DropDuplicates = l.dropDuplicates()
	p.RequireProfile = j.requireProfile()
	p.Rule = func(country string) consent.Rule { return j.rule(l.Channel, country) }
}

// dropDuplicates is off by default for direct mail: consent.md, section 8.
func (l *SendList) dropDuplicates() bool {
	if l.DropDuplicates != nil {
		return *l.DropDuplicates
	}
	return l.Channel != "direct_mail"
}
