package jobs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/readers"
)

// fields numbers the consents that a job reads, by the names that ledgers show.
type fields struct {
	names []string
	// required are those that a snapshot in the xdm layout must have: the val of
	// every channel in use, and the permission for personal content.
	required []string
	// subscriptions are those that lists are bound to, by channel.
	subscriptions []subscription
}

// subscription is one that a list is bound to.
type subscription struct {
	channel string // of the consent schema
	name    string
	field   pipeline.Field
}

// fieldsOf lists the fields that the lists of a job are judged by.
func fieldsOf(j *Job) *fields {
	f := &fields{}
	f.number(anyField)
	for i := range j.SendLists {
		l := &j.SendLists[i]
		c := channelOf(l.Channel)
		f.number(c.valField())
		if _, known := channels[l.Channel]; known {
			f.require(c.valField())
		}
		for _, purpose := range l.Requires {
			f.number(purpose + ".val")
		}
		if l.Personalization != nil {
			f.number(personalizeField)
			f.require(personalizeField)
		}
		if l.Subscription != "" {
			s := subscription{c.field, l.Subscription, f.number(subscriptionField(c, l.Subscription))}
			if !slices.Contains(f.subscriptions, s) {
				f.subscriptions = append(f.subscriptions, s)
			}
		}
	}
	return f
}

func subscriptionField(c channel, name string) string {
	return "marketing." + c.field + ".subscriptions." + name + ".val"
}

// number returns the number of a field, a new one where it has none.
func (f *fields) number(name string) pipeline.Field {
	if i := slices.Index(f.names, name); i >= 0 {
		return pipeline.Field(i)
	}
	f.names = append(f.names, name)
	return pipeline.Field(len(f.names) - 1)
}

func (f *fields) require(name string) {
	if !slices.Contains(f.required, name) {
		f.required = append(f.required, name)
	}
}

// consentBinder binds one consent snapshot.
type consentBinder struct {
	columns
	consents *Consents
	fields   *fields
	bound    *pipeline.Consents
}

// bindConsents makes a consent snapshot part of the plan.
func (o *opener) bindConsents(in *input, c *Consents, f *fields) (*pipeline.Consents, error) {
	b := &consentBinder{columns{in: in}, c, f, &pipeline.Consents{Source: in.info.Path, Time: pipeline.NoColumn}}
	for text, choice := range c.Values {
		if b.bound.Values == nil {
			b.bound.Values = map[string]consent.Choice{}
		}
		b.bound.Values[text] = consent.Choice(choice)
	}
	steps := []func() error{b.keys, b.flat, b.time}
	if c.Layout != "columns" {
		steps = append(steps, b.identity, b.subscriptions)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, o.refuse(gateSchema, in.subject(), err)
		}
	}
	b.bound.Table = b.table()
	b.note()
	return b.bound, nil
}

func (b *consentBinder) keys() (err error) {
	b.bound.Key, err = b.key(b.consents.Source)
	return err
}

// flat binds the fields that have one value a row.
func (b *consentBinder) flat() error {
	for number, name := range b.fields.names {
		mapped := b.consents.Columns[name]
		inSchema := b.consents.Layout != "columns" && isSchemaField(name)
		var val int
		var err error
		switch {
		case mapped != "":
			val, err = b.add(readers.Choice, mapped)
		case inSchema && slices.Contains(b.fields.required, name):
			val, err = b.add(readers.Choice, "consents."+name)
		case inSchema:
			val, err = b.addIf(readers.Choice, "consents."+name)
		default:
			continue
		}
		if err != nil {
			return err
		}
		if val == pipeline.NoColumn {
			continue
		}
		at, end := pipeline.NoColumn, pipeline.NoColumn
		timeName := strings.TrimSuffix(name, "val") + "time"
		if column := b.consents.Columns[timeName]; column != "" {
			at, err = b.add(readers.Time, column)
		} else if inSchema && mapped == "" && strings.HasPrefix(name, "marketing.") {
			at, err = b.addIf(readers.Time, "consents."+timeName)
		}
		if column := b.consents.Columns[strings.TrimSuffix(name, "val")+"expires_at"]; err == nil && column != "" {
			end, err = b.add(readers.Time, column)
		}
		if err != nil {
			return err
		}
		b.bound.Fields = append(b.bound.Fields, pipeline.FieldColumns{Field: pipeline.Field(number), Val: val, Time: at, Expires: end})
	}
	// Every mapped column must be there, also one that no list needs today.
	for name, column := range b.consents.Columns {
		role := readers.Choice
		if isTimeField(name) {
			role = readers.Time
		}
		if leaf, err := b.in.Leaf(role, column); err != nil {
			return err
		} else if leaf.Repeated() {
			return fmt.Errorf("%w: %s has several values a row", readers.ErrColumnType, column)
		}
	}
	return nil
}

// time binds the time of every value that has none of its own; it stands in the
// consents struct or beside it.
func (b *consentBinder) time() (err error) {
	if column := b.consents.Columns[metadataTime]; column != "" {
		b.bound.Time, err = b.add(readers.Time, column)
		return err
	}
	if b.consents.Layout == "columns" {
		return nil
	}
	b.bound.Time, err = b.add(readers.Time, "consents."+metadataTime)
	if errors.Is(err, readers.ErrNoColumn) {
		b.bound.Time, err = b.add(readers.Time, metadataTime)
	}
	if errors.Is(err, readers.ErrNoColumn) {
		// Both names, so that the one that was there is known to be lost.
		b.miss("consents", metadataTime)
		b.miss(metadataTime)
		return nil
	}
	return err
}

// identity binds the consents for single addresses.
func (b *consentBinder) identity() error {
	path := func(steps ...string) []string { return append([]string{"consents", "idSpecific"}, steps...) }
	namespaces, err := b.addMap(readers.Text, path(readers.MapKey)...)
	if errors.Is(err, readers.ErrNoColumn) {
		b.miss(path()...)
		return nil
	}
	if err != nil {
		return err
	}
	id := &pipeline.IdentityColumns{Namespaces: namespaces}
	if id.IDs, err = b.addMap(readers.Key, path(readers.MapValue, readers.MapKey)...); err != nil {
		return err
	}
	for number, name := range b.fields.names {
		if !hasIdentityLevel(name) {
			continue
		}
		field := pipeline.IdentityField{Field: pipeline.Field(number)}
		at := path(readers.MapValue, readers.MapValue, name)
		field.Val, err = b.addMap(readers.Choice, at...)
		if errors.Is(err, readers.ErrNoColumn) {
			b.miss(at...)
			continue
		}
		if err != nil {
			return err
		}
		if strings.HasPrefix(name, "marketing.") {
			when, err := b.addMap(readers.Time, path(readers.MapValue, readers.MapValue, strings.TrimSuffix(name, "val")+"time")...)
			switch {
			case err == nil:
				field.Time = &when
			case errors.Is(err, readers.ErrNoColumn):
				b.miss(path(readers.MapValue, readers.MapValue, strings.TrimSuffix(name, "val")+"time")...)
			default:
				return err
			}
		}
		id.Fields = append(id.Fields, field)
	}
	if len(id.Fields) > 0 {
		b.bound.Identity = id
	}
	return nil
}

// hasIdentityLevel reports whether the schema has a field for single addresses.
func hasIdentityLevel(name string) bool {
	switch name {
	case personalizeField, "collect.val", "share.val", "adID.val":
		return true
	}
	for _, c := range channels {
		if c.identity && c.valField() == name {
			return true
		}
	}
	return false
}

// subscriptions binds the maps of subscriptions that lists are bound to.
func (b *consentBinder) subscriptions() error {
	done := map[string]bool{}
	for _, s := range b.fields.subscriptions {
		if done[s.channel] {
			continue
		}
		done[s.channel] = true
		path := []string{"consents", "marketing", s.channel, "subscriptions"}
		names, err := b.addMap(readers.Text, append(path, readers.MapKey)...)
		if errors.Is(err, readers.ErrNoColumn) {
			b.miss(path...)
			continue
		}
		if err != nil {
			return err
		}
		val, err := b.addMap(readers.Choice, append(path, readers.MapValue, "val")...)
		if err != nil {
			return err
		}
		numbers := map[string]pipeline.Field{}
		for _, other := range b.fields.subscriptions {
			if other.channel == s.channel {
				numbers[other.name] = other.field
			}
		}
		b.bound.Subscriptions = append(b.bound.Subscriptions, pipeline.SubscriptionColumns{Names: names, Val: val, Field: numbers})
	}
	return nil
}
