package generate

import (
	"database/sql"
	"fmt"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2" // a reader that is not ours
)

// TestNestedStructsAreWhole reads the identities as whole values: leaves that
// disagree on whether the struct around them is there read well one by one.
func TestNestedStructsAreWhole(t *testing.T) {
	o := options()
	dir := write(t, o)
	p := newPopulation(o.Profiles, o.Seed)
	want := map[string]int{}
	for person := range o.Profiles {
		if !p.once(person, identityTrait, 50) {
			continue
		}
		if c := p.choose(person, identityEmailTrait); c.value != absent {
			want["email"]++
		}
		if c := p.choose(person, identityPhoneTrait); c.value != absent && p.draw(person, identityTrait)&1 == 1 {
			want["sms"]++
		}
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for channel, want := range want {
		var got int
		query := fmt.Sprintf(`SELECT count(*) FROM '%s/consents/*.parquet' WHERE to_json(consents.idSpecific)::VARCHAR LIKE '%%"%s":{"val":"%%'`, dir, channel)
		if err := db.QueryRow(query).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want || want == 0 {
			t.Errorf("%d people with consents for one address by %s, want %d", got, channel, want)
		}
	}
}
