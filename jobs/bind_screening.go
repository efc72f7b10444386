package jobs

import (
	"context"

	"optout/pipeline"
	"optout/readers"
)

// openScreening opens a list of addresses or people and makes it part of the
// plan.
func (o *opener) openScreening(ctx context.Context, s *screening) (*input, *pipeline.ScreeningList, error) {
	in, err := o.openAged(ctx, s.name, s.kind, files{s.Path, s.Delimiter}, s.how, s.MaxAge)
	if err != nil {
		return nil, nil, err
	}
	if in.info.Rows == 0 && s.forbids() {
		o.gates.read(gateEmptyList, s.name, false, "0 rows", "at least 1")
	}
	bound, err := s.bind(in, s.secretKey(o.secret))
	if err != nil {
		return nil, nil, o.refuse(gateSchema, s.name, err)
	}
	if s.Region != "" {
		bound.Normalizer, err = s.normalizer(o.job)
	}
	return in, bound, err
}

// bind binds the columns of the list.
func (s *screening) bind(in *input, key []byte) (*pipeline.ScreeningList, error) {
	c := &columns{in: in}
	l := &pipeline.ScreeningList{
		Name: s.name, Field: s.field(), Source: in.info.Path, Use: s.use, Match: s.matchOf(s.match().all),
		Hash: pipeline.EntryHash{Algorithm: s.algorithm(), Key: key, Digits: s.HashOf == "digits"},
	}
	var types, categories, status, sender string
	if types = s.match().Column; types != "" {
		l.Match, l.Matches = s.matchOf("email"), map[string]pipeline.Match{}
		for _, word := range s.words() {
			l.Matches[word] = s.matchOf(word)
		}
	}
	if of := s.suppression; of != nil {
		l.MarketingOnly = of.Scope == "marketing"
		categories = of.Category.Column
		l.CategoryAll, l.Categories = of.Category.category(), spellings()
		if of.Status != nil {
			status, l.Ignored = of.Status.Column, of.Status.ignored()
		}
	}
	if s.block != nil {
		sender = s.block.Sender
	}
	for _, column := range []struct {
		name string
		role readers.Role
		at   *int
	}{
		{s.column(), readers.Key, &l.Value},
		{types, readers.Text, &l.Type},
		{categories, readers.Text, &l.Category},
		{status, readers.Text, &l.Status},
		{sender, readers.Key, &l.Sender},
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
