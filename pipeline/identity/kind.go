package identity

import "strconv"

// A Kind says what an address is. The zero value, [None], is the kind of
// channels that have no address, such as direct mail.
type Kind uint8

// The kinds of addresses.
const (
	None  Kind = iota
	Email      // an email address
	Phone      // a phone number
	Token      // a device token
)

// String returns the kind in lower case, as in "email".
func (k Kind) String() string {
	switch k {
	case None:
		return "none"
	case Email:
		return "email"
	case Phone:
		return "phone"
	case Token:
		return "token"
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}

// A Status says whether a text names somebody. Only [Valid] does.
type Status uint8

// What a text can be.
const (
	Missing   Status = iota // null, empty or a placeholder: nobody
	Malformed               // somebody was meant, but the text cannot be used
	Valid                   // the normal form names one person
)

// String returns the status in lower case, as in "missing".
func (s Status) String() string {
	switch s {
	case Missing:
		return "missing"
	case Malformed:
		return "malformed"
	case Valid:
		return "valid"
	}
	return "Status(" + strconv.Itoa(int(s)) + ")"
}
