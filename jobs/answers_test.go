package jobs

import (
	"fmt"
	"testing"

	"optout/writers"
)

// TestListInvalid: a value is shown only if it cannot name a person.
func TestListInvalid(t *testing.T) {
	for _, value := range []string{
		"ann@mail.example", "Ann Lee", "+33612340001", "0612340001", "1234", "Ann", "Zoë", "a1b2", "12 rue X", "yes ann", "d41d8cd98f00b204e9800998ecf8427e", "550e8400-e29b-41d4-a716-446655440000",
	} {
		if isShown(value, 1) {
			t.Errorf("%q of one row is shown", value)
		}
	}
	for _, value := range []string{"ann@mail.example", "+33612340001", "0612340001", "1234", "Zoë", "a1b2", "a name of more than twelve", "Jean-Baptiste"} {
		if isShown(value, 1_000_000) {
			t.Errorf("%q of many rows is shown", value)
		}
	}
	for _, value := range []string{"yes", "NO", "true", "0", "1", "-1", "opt-out", "OPT_IN", "opted out", "Subscribed", "unsubscribe", "null", "N/A", " ", "on", "t"} {
		if !isShown(value, 1) {
			t.Errorf("%q is not shown", value)
		}
	}
	if !isShown("maybe", 5) || isShown("maybe", 4) {
		t.Error("a plain word is shown where five rows have it, and not before")
	}
}

func TestListInvalidOrder(t *testing.T) {
	got := listInvalid(map[string]int64{"yes": 2, "no": 2, "maybe": 7, "ann@mail.example": 9, "Bob": 1})
	want := []writers.ValueCount{{Value: "maybe", Rows: 7}, {Value: "no", Rows: 2}, {Value: "yes", Rows: 2}, {Value: "(others, not shown)", Rows: 10}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	many := map[string]int64{}
	for i := range 100 {
		many[fmt.Sprint(i)] = int64(1000 + i)
	}
	got = listInvalid(many)
	sum := int64(0)
	for _, v := range got {
		sum += v.Rows
	}
	if len(got) != maxListed+1 || sum != 100*1000+99*100/2 {
		t.Errorf("of a hundred values %d are listed, with %d rows", len(got), sum)
	}
	if listInvalid(nil) != nil {
		t.Error("no values are a list")
	}
}
