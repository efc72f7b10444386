package main

import (
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"optout/jobs"
	"optout/jobs/history"
	"optout/jobs/page"
	"optout/jobs/serve"
)

// lookEvery is how often serve looks whether job files have changed.
const lookEvery = 15 * time.Second

// serveCommand is optout serve.
type serveCommand struct {
	Dir     string        `arg:"" name:"dir" help:"The directory with the job files: those that end in .yaml or .yml."`
	Jobs    int           `help:"So many jobs may work at once." default:"1" placeholder:"N"`
	Grace   time.Duration `help:"How long runs may go on after a signal to stop." default:"1m" placeholder:"TIME"`
	Memory  size          `help:"Memory to stay under, which the jobs that work at once share. Default: three quarters of what the machine or container has." placeholder:"SIZE"`
	Threads int           `help:"Threads of each run. Default: the processors." placeholder:"N"`

	webhookFlags
	pageFlags
}

func (*serveCommand) Help() string {
	return `Each job runs on its schedule, in its time zone, once for each logical date. A date is settled when a run
is published or refused; what failed is tried again, and what was missed is caught up as the job says
(catch_up). All that serve knows stands in the history of the jobs, which optout runs lists: it can be
stopped, killed and started again at any time. Job files that change are read again. On SIGTERM or an
interrupt, runs that work may end within --grace. A page at --listen shows all of it; whoever knows the text
of ` + pageKeyVariable + ` may run jobs and let gates through there.`
}

// Run serves until a signal comes.
func (s *serveCommand) Run(c *console) error {
	switch {
	case s.Jobs < 1:
		return &jobs.UsageError{Err: fmt.Errorf("--jobs %d: at least 1", s.Jobs)}
	case s.Threads < 0:
		return &jobs.UsageError{Err: fmt.Errorf("--threads %d: at least 1", s.Threads)}
	case s.Grace < 0:
		return &jobs.UsageError{Err: fmt.Errorf("--grace %s: at least 0s", s.Grace)}
	}
	memory := s.Memory.orDefault()
	debug.SetMemoryLimit(memory)
	debug.SetGCPercent(gcPercent)
	each := (&jobFlags{}).options(c)
	each.Log = c.lines
	each.Memory = memory / int64(s.Jobs)
	if s.Threads > 0 {
		each.Threads = s.Threads
	}
	each.Step = c.step
	tell, err := s.open(c, c.lines)
	if err != nil {
		return err
	}
	var telling sync.WaitGroup
	defer telling.Wait()
	each.Ended = func(a history.Attempt) { telling.Go(func() { tell(a) }) }
	daemon := serve.New(serve.Options{
		Dir: s.Dir, Now: c.clock, Look: lookEvery, Slots: s.Jobs, Grace: s.Grace, Log: c.lines, Run: jobs.Run, Each: each,
	})
	closePage, err := s.start(c, page.Options{Jobs: daemon, Now: c.clock, Version: version(), Log: c.lines})
	if err != nil {
		return err
	}
	defer closePage()
	return daemon.Serve(c.ctx)
}
