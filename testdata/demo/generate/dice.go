package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// dice draws what differs between people. Only the words of the generator
// itself are used, whose sequence is fixed for all versions of Go.
type dice struct{ words *rand.PCG }

func newDice(seed uint64) *dice { return &dice{rand.NewPCG(seed, 20261124)} }

// below draws a number from 0 to n-1.
func (d *dice) below(n int) int { return int(d.words.Uint64() % uint64(n)) }

// oneIn is true once in n times.
func (d *dice) oneIn(n int) bool { return d.below(n) == 0 }

// among draws one of a few words.
func (d *dice) among(words ...string) string { return words[d.below(len(words))] }

// shuffle returns the numbers below n in a drawn order.
func (d *dice) shuffle(n int) []int {
	order := make([]int, n)
	for i := range order {
		j := d.below(i + 1)
		order[i], order[j] = order[j], i
	}
	return order
}

// share is a word and how often it comes.
type share struct {
	word  string
	parts int
}

// weigh draws a word by its share; the words may stand for themselves or for
// nothing, "".
func (d *dice) weigh(shares []share) string {
	all := 0
	for _, s := range shares {
		all += s.parts
	}
	at := d.below(all)
	for _, s := range shares {
		if at -= s.parts; at < 0 {
			return s.word
		}
	}
	return ""
}

// between draws a second of the days from first to last, both of the form
// 2026-11-24.
func (d *dice) between(first, last string) time.Time {
	from, to := day(first), day(last)
	return from.Add(time.Duration(d.below(int(to.Sub(from)/time.Second))) * time.Second)
}

// uuid draws an id of version 4.
func (d *dice) uuid() (id [16]byte) {
	for i := range id {
		id[i] = byte(d.words.Uint64())
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id
}

// text is the canonical form of a UUID.
func text(id [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err) // a slip in this program
	}
	return at
}
