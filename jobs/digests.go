package jobs

import (
	"context"

	"optout/pipeline"
)

// digests are taken of every input while the run reads it.
type digests struct {
	cancel context.CancelFunc
	done   chan struct{}
	sums   map[*input][]string
	err    error
}

// startDigests begins to take the digests of all inputs. The function that it
// returns waits for them, notes them for the manifest and names the run by them.
func (r *run) startDigests(ctx context.Context) (d *digests, wait func() error) {
	ctx, cancel := context.WithCancel(ctx)
	d = &digests{cancel: cancel, done: make(chan struct{}), sums: map[*input][]string{}}
	whole := r.job.Output.InputDigests != "none"
	go func() {
		defer close(d.done)
		for _, in := range r.inputs() {
			take := in.FooterDigests
			if whole {
				take = in.Digests
			}
			d.err = pipeline.Guard(func() (err error) {
				d.sums[in], err = take(ctx, r.plan.Threads)
				return err
			})
			if d.err != nil {
				return
			}
		}
	}()
	return d, func() error {
		<-d.done
		if d.err != nil {
			return d.err
		}
		for in, sums := range d.sums {
			for i := range in.info.Files {
				if whole {
					in.info.Files[i].SHA256 = sums[i]
				}
			}
		}
		if r.plan.RunID == "" {
			r.plan.RunID = r.runID(d.sums, r.options.HashKey)
			r.log = r.log.With("run", r.plan.RunID)
		}
		return nil
	}
}

// stop ends the goroutine and waits for it.
func (d *digests) stop() {
	d.cancel()
	<-d.done
}
