package jobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline"
	"optout/pipeline/identity"
	"optout/readers"
	"optout/writers"
)

// pastRun is a published run that is looked back at.
type pastRun struct {
	dir        string
	manifest   *writers.Manifest
	summary    *writers.Summary
	job        *Job // as it was run
	normalizer *identity.Normalizer
	hashKey    []byte
	mem        memory.Allocator
}

// openPastRun opens a run that hashed addresses with this key. Path is as in
// FindRun. Relative paths of its job start where base says.
func openPastRun(path, base string, hashKey []byte) (*pastRun, error) {
	dir, err := FindRun(path)
	if err != nil {
		return nil, err
	}
	r := &pastRun{dir: dir, hashKey: hashKey, mem: memory.NewGoAllocator()}
	if r.manifest, r.summary, err = writers.ReadRun(dir); err != nil {
		return nil, err
	}
	if err := r.checkKey(); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, jobCopy)
	text, err := readJobFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read job of run: %s has no %s: an older version of optout published it", dir, jobCopy)
	case err != nil:
		return nil, err
	case digestOf(text) != r.manifest.JobDigest:
		return nil, fmt.Errorf("read job of run: %s is not the file that was run; see optout verify", file)
	}
	if r.job, err = parse(file, base, text); err != nil {
		return nil, err
	}
	r.normalizer, err = identity.NewNormalizer(identity.Options{Region: r.job.Policy.DefaultRegion, Placeholders: r.job.Policy.Placeholders})
	return r, err
}

// checkKey makes sure that hashes made now are those of the run.
func (r *pastRun) checkKey() error {
	m := r.manifest
	switch has, want := keyID(r.hashKey), m.AddressHashKey; {
	case m.AddressHash == "sha256" && len(r.hashKey) == 0:
		return nil
	case m.AddressHash == "sha256":
		return &UsageError{fmt.Errorf("run %s hashed addresses without a key: unset OPTOUT_HASH_KEY", m.RunID)}
	case len(r.hashKey) == 0:
		return &UsageError{fmt.Errorf("run %s hashed addresses with a key: set OPTOUT_HASH_KEY to the one with the id %s", m.RunID, want)}
	case has != want:
		return &UsageError{fmt.Errorf("run %s hashed addresses with the key %s, and OPTOUT_HASH_KEY is the key %s", m.RunID, want, has)}
	}
	return nil
}

// list returns a send list of the job, nil where there is none of that name.
func (r *pastRun) list(name string) *SendList {
	i := slices.IndexFunc(r.job.SendLists, func(l SendList) bool { return l.Name == name })
	if i < 0 {
		return nil
	}
	return &r.job.SendLists[i]
}

// counts are those of a list; the zero Counts where the run has no such list.
func (r *pastRun) counts(list string) writers.Counts {
	for i := range r.summary.Lists {
		if r.summary.Lists[i].Name == list {
			return r.summary.Lists[i].Counts
		}
	}
	return writers.Counts{}
}

func (r *pastRun) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

// eachRefused calls each with every row of a list's ledger, in order.
func (r *pastRun) eachRefused(ctx context.Context, list string, each func(*pipeline.LedgerRow) error) error {
	table, reasons, err := openLedger(ctx, r.path(listFile(1, list)), r.mem)
	if err != nil {
		return err
	}
	return pipeline.ReadLedger(ctx, table, reasons, each)
}

// errNoAudience is wrapped by the error for an audience that is needed and not
// there any more.
var errNoAudience = errors.New("the audience is not there")

// eachKept calls each with the keys of every row of a list's audience, in order.
func (r *pastRun) eachKept(ctx context.Context, list string, each func(profile, addressHash []byte) error) error {
	file := r.path(listFile(0, list))
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s; were the audiences of the run deleted? With ledger: all a run can do without", errNoAudience, file)
	}
	in, err := readers.Open(ctx, []string{file}, readers.Options{}, r.mem)
	if err != nil {
		return err
	}
	l := r.list(list)
	keys := pipeline.ListKeys{Profile: pipeline.NoColumn, Address: pipeline.NoColumn, Kind: channelOf(l.Channel).address}
	c := &columns{in: &input{Input: in}}
	if l.Profile != "" {
		if keys.Profile, err = c.add(readers.Key, l.Profile); err != nil {
			return err
		}
	}
	if l.Address != "" {
		if keys.Address, err = c.add(readers.Key, l.Address); err != nil {
			return err
		}
	}
	keys.Table = c.table()
	return pipeline.ReadKeys(ctx, keys, r.normalizer, r.hashKey, func(_ int64, profile, addressHash []byte) error {
		return each(profile, addressHash)
	})
}

// A pastRow is what became of one planned row.
type pastRow struct {
	row                  int64
	profile, addressHash []byte              // nil for none
	ledger               *pipeline.LedgerRow // nil where only the audience has the row
}

// eachRow calls each with every planned row of a list: first those of the ledger,
// then those of the audience that it has not, each part in the order of the list.
// The rows of an audience have no numbers, but they are those that the ledger
// lacks, in the same order.
func (r *pastRun) eachRow(ctx context.Context, list string, each func(pastRow) error) error {
	planned := r.counts(list).Planned
	refused := make([]bool, planned)
	err := r.eachRefused(ctx, list, func(l *pipeline.LedgerRow) error {
		if l.Row < 0 || l.Row >= planned || refused[l.Row] {
			return fmt.Errorf("read ledger of %s: a row that was not planned, or twice; see optout verify", list)
		}
		refused[l.Row] = true
		return each(pastRow{l.Row, l.Profile, l.AddressHash, l})
	})
	next := int64(slices.Index(refused, false))
	if err != nil || next < 0 {
		return err
	}
	err = r.eachKept(ctx, list, func(profile, addressHash []byte) error {
		for next < planned && refused[next] {
			next++
		}
		next++
		if next > planned {
			return fmt.Errorf("read audience of %s: more rows than were kept; see optout verify", list)
		}
		return each(pastRow{next - 1, profile, addressHash, nil})
	})
	for err == nil && next < planned && refused[next] {
		next++
	}
	if err == nil && next != planned {
		err = fmt.Errorf("read audience of %s: fewer rows than were kept; see optout verify", list)
	}
	return err
}
