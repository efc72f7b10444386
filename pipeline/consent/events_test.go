package consent

import (
	"testing"

	"pgregory.net/rapid"
)

func TestEventsOver(t *testing.T) {
	out := func(at int64) Events { return Events{OptOut: Value{N, at, 0}} }
	in := func(at int64) Events { return Events{OptIn: Value{Y, at, 0}} }
	both := func(o, i int64) Events { return Events{Value{N, o, 0}, Value{Y, i, 0}} }
	tests := []struct {
		name     string
		snapshot Value
		events   Events
		want     Value
	}{
		{"nothing happened", Value{P, 3, 0}, Events{}, Value{P, 3, 0}},
		{"an opt-out where nobody answered", Value{}, out(5), Value{N, 5, 0}},
		{"an opt-out after a yes", Value{Y, 3, 0}, out(5), Value{N, 5, 0}},
		{"a later yes answers an opt-out", Value{Y, 7, 0}, out(5), Value{Y, 7, 0}},
		{"at the same time the opt-out stands", Value{Y, 5, 0}, out(5), Value{N, 5, 0}},
		{"a yes of unknown time answers nothing", Value{Y, NoTime, 0}, out(5), Value{N, 5, 0}},
		{"nothing answers an opt-out without a time", Value{Y, 7, 0}, out(NoTime), Value{N, NoTime, 0}},
		{"a default of yes answers nothing", Value{DY, 7, 0}, out(5), Value{N, 5, 0}},
		{"a basis answers nothing", Value{LI, 7, 0}, out(5), Value{N, 5, 0}},
		{"pending answers nothing", Value{P, 7, 0}, out(5), Value{N, 5, 0}},
		{"unknown answers nothing", Value{U, 7, 0}, out(5), Value{N, 5, 0}},
		{"an opt-out beats a default of no", Value{DN, 7, 0}, out(5), Value{N, 5, 0}},
		{"an opt-out beats an invalid value", Value{Invalid, 7, 0}, out(5), Value{N, 5, 0}},
		{"of two opt-outs the later stays", Value{N, 3, 0}, out(5), Value{N, 5, 0}},
		{"also that of the snapshot", Value{N, 7, 0}, out(5), Value{N, 7, 0}},
		{"and that of unknown time", Value{N, NoTime, 0}, out(5), Value{N, NoTime, 0}},
		{"an opt-in where nobody answered", Value{}, in(5), Value{Y, 5, 0}},
		{"an opt-in lifts an earlier no", Value{N, 3, 0}, in(5), Value{Y, 5, 0}},
		{"and an earlier default of no", Value{DN, 3, 0}, in(5), Value{Y, 5, 0}},
		{"but no later one", Value{N, 7, 0}, in(5), Value{N, 7, 0}},
		{"none of the same time", Value{N, 5, 0}, in(5), Value{N, 5, 0}},
		{"and none of unknown time", Value{N, NoTime, 0}, in(5), Value{N, NoTime, 0}},
		{"no default of no of unknown time", Value{DN, NoTime, 0}, in(5), Value{DN, NoTime, 0}},
		{"an opt-in without a time lifts nothing", Value{N, 3, 0}, in(NoTime), Value{N, 3, 0}},
		{"and gives nothing", Value{}, in(NoTime), Value{}},
		{"an opt-in after pending", Value{P, 3, 0}, in(5), Value{Y, 5, 0}},
		{"before pending", Value{P, 7, 0}, in(5), Value{P, 7, 0}},
		{"pending of unknown time stays", Value{P, NoTime, 0}, in(5), Value{P, NoTime, 0}},
		{"an opt-in after a basis", Value{LI, 3, 0}, in(5), Value{Y, 5, 0}},
		{"a basis of unknown time stays", Value{LI, NoTime, 0}, in(5), Value{LI, NoTime, 0}},
		{"several bases", Value{Bases, 3, 0}, in(5), Value{Y, 5, 0}},
		{"an opt-in renews a yes", Value{Y, 3, 0}, in(5), Value{Y, 5, 0}},
		{"a yes of unknown time", Value{Y, NoTime, 0}, in(5), Value{Y, 5, 0}},
		{"a later yes stays", Value{Y, 7, 0}, in(5), Value{Y, 7, 0}},
		{"a later default of yes stays", Value{DY, 7, 0}, in(5), Value{DY, 7, 0}},
		{"an invalid value stays", Value{Invalid, 3, 0}, in(5), Value{Invalid, 3, 0}},
		{"an opt-in answers an earlier opt-out", Value{}, both(5, 7), Value{Y, 7, 0}},
		{"not one of the same time", Value{}, both(5, 5), Value{N, 5, 0}},
		{"not a later one", Value{Y, 3, 0}, both(5, 4), Value{N, 5, 0}},
		{"nor one without a time", Value{}, both(NoTime, 7), Value{N, NoTime, 0}},
		{"an opt-out that is answered leaves what cannot be lifted", Value{P, NoTime, 0}, both(5, 7), Value{P, NoTime, 0}},
		{"an opt-in between two opt-outs", Value{N, 3, 0}, both(9, 5), Value{N, 9, 0}},
	}
	for _, tt := range tests {
		if got := tt.events.Over(tt.snapshot); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// anyEvents draws folded events.
func anyEvents(t *rapid.T) Events {
	e := Events{OptOut: anyValue(t, "opt-out"), OptIn: anyValue(t, "opt-in")}
	if e.OptOut.Choice != Absent {
		e.OptOut.Choice = N
	}
	if e.OptIn.Choice != Absent {
		e.OptIn.Choice = Y
	}
	return e
}

// TestEventsLaws: events are laid over once and for all, an opt-out more never
// eases, and an opt-in alone is never less than what was there before.
func TestEventsLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, e := anyValue(t, "snapshot"), anyEvents(t)
		got := e.Over(v)
		if again := e.Over(got); again.Choice != got.Choice || again.Time != got.Time {
			t.Errorf("%+v over %+v is %+v, and again %+v", e, v, got, again)
		}
		more := e
		more.OptOut = Latest(e.OptOut, Value{N, rapid.SampledFrom([]int64{NoTime, -5, 0, 1, 5}).Draw(t, "one more"), 0})
		if stricter := more.Over(v); stricter.Choice != got.Choice && stricter.Choice != N {
			t.Errorf("an opt-out turns %+v into %+v", got, stricter)
		} else if got.Choice == N && stricter.Choice != N {
			t.Errorf("an opt-out lifts %+v", got)
		}
		if got.Choice == Y && got.Time != v.Time && got != e.OptIn {
			t.Errorf("%+v over %+v is a yes that nobody said: %+v", e, v, got)
		}
		if got.Choice != v.Choice && got.Choice != Y && got.Choice != N {
			t.Errorf("%+v over %+v is %+v, which nobody said", e, v, got)
		}
		none := Events{OptIn: e.OptIn}.Over(v)
		if c := v.Choice.Class(); (c == ClassNo || c == ClassInvalid) && none != v && !(v.Choice != Invalid && v.Time != NoTime && v.Time < e.OptIn.Time) {
			t.Errorf("opt-in %+v lifts %+v", e.OptIn, v)
		}
	})
}
