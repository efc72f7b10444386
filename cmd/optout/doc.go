// Optout cleans planned send lists by consent, and keeps the evidence.
//
// The command reads flags, the environment and the clock, calls package jobs,
// prints and exits; nothing below it does any of that. [run] is the whole
// program as a function; each command is a method in a file of its own, and
// exit.go has the one table of exit codes.
package main
