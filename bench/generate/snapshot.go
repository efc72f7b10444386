package generate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// Options say what to write. The same options give the same bytes.
type Options struct {
	Seed       uint64
	Profiles   uint64 // people, one consent record each
	Parts      int    // files of the profiles and of the consents
	GroupRows  int    // rows of a row group
	Sorted     bool   // consents in the order of their keys
	Bloom      bool   // consents with a bloom filter on the key
	Planned    uint64 // rows of the three lists together; 0 for two fifths of the people
	Neighbours bool   // lists hold the people with the last keys, not any
	ExtraLists int    // more email lists
	ExtraRows  uint64 // of each of them
	Hashes     uint64 // entries of a suppression list
	Events     uint64 // lines of an event log
	Threads    int    // files written at a time; 0 for one a core

	WithoutProfiles bool // the main job does not read them
}

// Version rises with every change of what the same options write.
const Version = 1

// Lists are the send lists that o makes: three, then the extra ones.
func (o Options) Lists() []SendList {
	planned := o.Planned
	if planned == 0 {
		planned = o.Profiles * 2 / 5
	}
	lists := []SendList{
		{Name: "black-friday", Channel: "email", Address: "email", Rows: planned / 2, seed: 11},
		{Name: "flash-sale", Channel: "sms", Address: "phone", Rows: planned / 4, seed: 12},
		{Name: "app-news", Channel: "push", Address: "token", Rows: planned / 4, seed: 13},
	}
	for i := range o.ExtraLists {
		lists = append(lists, SendList{
			Name: fmt.Sprintf("extra-%02d", i+1), Channel: "email", Address: "email",
			Rows: o.ExtraRows, seed: 100 + uint64(i),
		})
	}
	return lists
}

func (o Options) check() error {
	switch {
	case o.Profiles == 0 || o.Profiles > 200_000_000:
		return errors.New("profiles: 1 to 200,000,000")
	case o.Parts < 1:
		return errors.New("parts: at least 1")
	case o.GroupRows < 1:
		return errors.New("rows of a row group: at least 1")
	}
	for _, l := range o.Lists() {
		if l.Rows > o.Profiles {
			return fmt.Errorf("list %s: %d rows of %d people", l.Name, l.Rows, o.Profiles)
		}
	}
	return nil
}

// Write makes dir with everything in it, or nothing: dir must not exist. Beside
// the inputs stand the job files, see [JobFile].
func Write(ctx context.Context, dir string, o Options) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	if _, err := os.Stat(dir); err == nil {
		return fmt.Errorf("%s exists", dir)
	}
	unfinished := filepath.Clean(dir) + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(unfinished)) }()
	people := newPopulation(o.Profiles, o.Seed)
	inputs := []input{consents(o)}
	if !o.WithoutProfiles {
		inputs = append(inputs, profiles(o))
	}
	for _, l := range o.Lists() {
		inputs = append(inputs, l.input(o))
	}
	var work []func(context.Context) error
	for _, in := range inputs {
		work = append(work, in.files(unfinished, people, o.GroupRows)...)
	}
	work = append(work, texts(unfinished, people, o)...)
	threads := o.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	if err := together(ctx, threads, work); err != nil {
		return err
	}
	if err := writeJobFiles(unfinished, o); err != nil {
		return err
	}
	return os.Rename(unfinished, dir)
}

// together runs work in threads goroutines and returns every error.
func together(ctx context.Context, threads int, work []func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	next := make(chan func(context.Context) error)
	var group sync.WaitGroup
	errs := make([]error, threads)
	for i := range threads {
		group.Go(func() {
			for w := range next {
				if err := w(ctx); err != nil {
					errs[i] = errors.Join(errs[i], err)
					stop()
				}
			}
		})
	}
	for _, w := range work {
		next <- w
	}
	close(next)
	group.Wait()
	return errors.Join(errs...)
}
