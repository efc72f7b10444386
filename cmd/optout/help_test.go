package main

import (
	"testing"

	"github.com/alecthomas/kong"
)

// TestHelpIsComplete makes sure that no command, argument or flag is without a
// sentence.
func TestHelpIsComplete(t *testing.T) {
	var c cli
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Leaves(false) {
		if command.Help == "" {
			t.Errorf("command %s has no help", command.Name)
		}
		for _, argument := range command.Positional {
			if argument.Help == "" {
				t.Errorf("argument %s of %s has no help", argument.Name, command.Name)
			}
		}
		for _, flags := range command.AllFlags(false) {
			for _, flag := range flags {
				if flag.Help == "" {
					t.Errorf("flag --%s of %s has no help", flag.Name, command.Name)
				}
			}
		}
	}
}
