package generate

// absent is the index behind the last of choices: never answered.
const absent = 7

var choices = [absent]string{"y", "n", "p", "u", "dy", "dn", "LI"}

// shares holds, for a draw of 0 to 99, what a person chose: 55 y, 20 absent,
// 15 n, and the rest in even parts.
var shares = func() (s [100]uint8) {
	for i := range s {
		switch {
		case i < 55:
			s[i] = 0
		case i < 75:
			s[i] = absent
		case i < 90:
			s[i] = 1
		default:
			s[i] = uint8(2 + (i-90)/2)
		}
	}
	return s
}()

var reasons = []string{"preference centre", "unsubscribe link", "call centre", "import"}

// epoch and span bound the time of answers: five years before the snapshot, in
// whole seconds, as a preference centre writes them.
const (
	epoch = 1_636_000_000
	span  = 5 * 365 * 24 * 3600
)

// A choice is what one person answered in one field. The zero value is y of an
// unknown time, so always make one with choose.
type choice struct {
	value  uint8
	timed  bool  // nine answers in ten
	micros int64 // since 1970
	reason uint8 // len(reasons) for none; an opt-out in three has one
}

func (p population) choose(person uint64, t trait) choice {
	random := p.draw(person, t)
	c := choice{value: shares[below(random, 100)], reason: uint8(len(reasons))}
	random = mix(random)
	c.timed = c.value != absent && random%10 != 0
	random /= 10
	c.micros = int64(epoch+random%span) * 1e6
	random /= span
	if c.value == 1 && random%3 == 0 {
		c.reason = uint8(random / 3 % uint64(len(reasons)))
	}
	return c
}
