package main

import "time"

// profileRow is a record of the profile snapshot, nested as XDM has it.
type profileRow struct {
	ProfileID     string         `parquet:"profile_id"`
	Person        *personName    `parquet:"person,optional"`
	PersonalEmail *personalEmail `parquet:"personalEmail,optional"`
	MobilePhone   *mobilePhone   `parquet:"mobilePhone,optional"`
	HomeAddress   *homeAddress   `parquet:"homeAddress,optional"`
	Erased        *bool          `parquet:"erased,optional"`
	CreatedAt     time.Time      `parquet:"created_at,timestamp(microsecond)"`
}

type (
	personName struct {
		FirstName string `parquet:"firstName,optional"`
		LastName  string `parquet:"lastName,optional"`
	}
	personalEmail struct {
		Address string `parquet:"address,optional"`
	}
	mobilePhone struct {
		Number string `parquet:"number,optional"`
	}
	homeAddress struct {
		City        string `parquet:"city,optional,dict"`
		CountryCode string `parquet:"countryCode,optional,dict"`
	}
)

func (p *person) profile() profileRow {
	r := profileRow{
		ProfileID: p.key(), Person: &personName{p.first, p.last}, CreatedAt: p.since,
		PersonalEmail: &personalEmail{p.email},
	}
	if p.phone != "" {
		r.MobilePhone = &mobilePhone{p.phone}
	}
	if p.spells {
		r.PersonalEmail.Address = capitals(p.email)
		if p.phone != "" {
			r.MobilePhone.Number = dialled(p.phone)
		}
	}
	if p.country != "" {
		r.HomeAddress = &homeAddress{p.city, p.country}
	}
	if p.erased { // a false is as good as a null
		r.Erased = &p.erased
	}
	return r
}

// profiles are the people in another order, and again those who moved: a
// person of two countries is contacted only where the rules of both permit it.
func profiles(d *dice, people []*person) (rows []profileRow) {
	for _, i := range d.shuffle(len(people)) {
		rows = append(rows, people[i].profile())
	}
	for _, p := range people {
		if p.stance == nil && d.oneIn(60) {
			moved := *p
			moved.country = d.among("FR", "GB", "US")
			moved.city = d.among(cities[moved.country]...)
			rows = append(rows, moved.profile())
		}
	}
	return rows
}
