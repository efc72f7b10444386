package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a job's time zone must not depend on what the machine has
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr, nil))
}
