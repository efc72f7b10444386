// Package generate writes made-up snapshots of any size: profiles, nested XDM
// consents, send lists and the job files that clean them.
//
// Everything follows from a seed. A person is a number below the population's
// size, and each attribute is a pure function of seed and number, so no file
// waits for another, nothing is remembered, and memory does not grow with size.
// Each file takes the people in an order of its own: a seeded bijection of row
// numbers ([order]).
package generate
