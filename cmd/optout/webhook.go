package main

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"optout/jobs"
	"optout/jobs/history"
	"optout/jobs/notify"
)

// webhookFlags say who is told what became of runs.
type webhookFlags struct {
	Webhook string `help:"Post what became of each attempt to this address, signed with the secret in OPTOUT_WEBHOOK_SECRET." env:"OPTOUT_WEBHOOK" placeholder:"URL"`
}

// signingKeyVariable names the secret that notices are signed with.
const signingKeyVariable = "OPTOUT_WEBHOOK_SECRET"

// lastWords is how long somebody is told of a run that was interrupted: whoever
// stopped it waits.
const lastWords = 10 * time.Second

// open returns a function that tells the webhook of an attempt, and does nothing
// where there is none. That nobody could be told is logged, and changes nothing. Nor
// does a bug: the run is over, and serve tells in a goroutine, where a panic would end the
// process with all other jobs.
func (f *webhookFlags) open(c *console, log *slog.Logger) (tell func(history.Attempt), err error) {
	if f.Webhook == "" {
		return func(history.Attempt) {}, nil
	}
	w, err := notify.New(f.Webhook, []byte(os.Getenv(signingKeyVariable)), c.clock)
	if err != nil {
		return nil, &jobs.UsageError{Err: err}
	}
	return func(a history.Attempt) {
		log := log.With("job", a.Job, "date", a.Date, "attempt", a.ID(), "run", a.RunID)
		defer func() {
			if p := recover(); p != nil {
				log.Error("the webhook was not told", "error", "this is a bug: "+withoutValue(p)+"; please report it", "stack", string(debug.Stack()))
			}
		}()
		ctx := context.WithoutCancel(c.ctx)
		if c.ctx.Err() != nil {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, lastWords)
			defer cancel()
		}
		if err := w.Tell(ctx, &a); err != nil {
			log.Error("the webhook was not told", "error", err.Error())
			return
		}
		log.Info("told the webhook", "status", string(a.Status))
	}, nil
}
