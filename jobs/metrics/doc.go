// Package metrics makes numbers for a monitoring system out of the histories of
// jobs: when each was published last, with how many rows by decision, how long it
// took, and which gates refused it.
//
// Everything follows from the history, so that the numbers of a program that ends
// after each run are those of one that goes on. Labels are names of jobs and words
// of the program, no more than a few for each job: never an input's own text, and
// never a person.
package metrics
