package main

import "optout/jobs"

// schemaCommand is optout schema.
type schemaCommand struct{}

// Run prints the JSON Schema of the job file.
func (*schemaCommand) Run(c *console) error {
	text, err := jobs.Schema()
	if err != nil {
		return err
	}
	_, err = c.stdout.Write(text)
	return err
}
