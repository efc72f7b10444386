package main

import (
	"os"
	"runtime"

	"optout/jobs"
)

// jobFlags say which job, for which day.
type jobFlags struct {
	Job    string   `arg:"" name:"job.yaml" help:"The job file."`
	Date   string   `help:"Logical date, YYYY-MM-DD. Default: today in the job's time zone." placeholder:"D"`
	Out    string   `help:"Directory to publish in, in place of output.path." type:"path" placeholder:"DIR"`
	Accept []string `help:"Let a gate through, once: its name, or name:subject. May be given several times." placeholder:"GATE" sep:"none"`
	JSON   bool     `name:"json" help:"Print the result as JSON."`
}

// hashKeyVariable names the secret that address hashes are made with.
const hashKeyVariable = "OPTOUT_HASH_KEY"

func hashKey() []byte { return []byte(os.Getenv(hashKeyVariable)) }

// options are the flags, the clock and the environment for package jobs.
func (f *jobFlags) options(c *console) jobs.Options {
	host, err := os.Hostname()
	if err != nil {
		host = "" // the history then says no name
	}
	return jobs.Options{
		Now: c.now, Date: f.Date, Out: f.Out, Accept: f.Accept, Log: c.log, Version: version(),
		HashKey: hashKey(), Secret: secret, Threads: runtime.GOMAXPROCS(0),
		Host: host,
	}
}

// secret is a key that the job names by its environment variable.
func secret(name string) ([]byte, bool) {
	text, ok := os.LookupEnv(name)
	return []byte(text), ok
}
