package main

import (
	"context"
	"os"

	"optout/jobs"
	"optout/jobs/page"
)

// pageFlags say where the page of serve is, and by which name.
type pageFlags struct {
	Listen string `help:"Address of the page, or off." default:"127.0.0.1:8321" placeholder:"ADDRESS"`
	Host   string `help:"Name by which the page is reached from other machines, through a proxy with TLS. It then asks everybody for the token." placeholder:"NAME"`
}

// pageKeyVariable names the token of whoever may start runs on the page.
const pageKeyVariable = "OPTOUT_TOKEN"

// start serves the page until it is closed.
func (f *pageFlags) start(c *console, o page.Options) (closePage func(), err error) {
	if f.Listen == "off" {
		return func() {}, nil
	}
	o.Token, o.Host = []byte(os.Getenv(pageKeyVariable)), f.Host
	p, err := page.New(o)
	if err != nil {
		return nil, &jobs.UsageError{Err: err}
	}
	l, err := page.Listen(c.ctx, f.Listen, f.Host)
	if err != nil {
		return nil, &jobs.UsageError{Err: err}
	}
	o.Log.Info("the page is served", "address", "http://"+l.Addr().String())
	ctx, cancel := context.WithCancel(context.WithoutCancel(c.ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		// Jobs run without it.
		if err := p.Serve(ctx, l); err != nil {
			o.Log.Error("the page is not served any more", "error", err.Error())
		}
	}()
	return func() {
		cancel()
		<-done
	}, nil
}
