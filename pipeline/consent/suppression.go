package consent

// A Category says why an address is suppressed, as Journey Optimizer names it.
// The constants stand in order of how much they bind: of two entries for one
// address the greater one counts.
type Category uint8

const (
	NoCategory    Category = iota // not suppressed
	SpamComplaint                 // marked a message as spam; a switch lets transactional messages through
	Manual                        // entered by hand or uploaded
	Soft                          // bounced softly, too often
	Hard                          // bounced hard: the address does not exist

	numCategories
)

var categoryNames = [numCategories]string{"", "spam_complaint", "manual", "soft", "hard"}

// String returns the category's name in job files and ledgers.
func (c Category) String() string {
	if c >= numCategories {
		return ""
	}
	return categoryNames[c]
}

// ParseCategory returns the category of that name.
func ParseCategory(name string) (Category, bool) {
	for c := SpamComplaint; c < numCategories; c++ {
		if categoryNames[c] == name {
			return c, true
		}
	}
	return NoCategory, false
}

// A Binding says which messages a suppression forbids.
type Binding uint8

const (
	NotBound       Binding = iota // not suppressed
	BindsMarketing                // marketing only
	BindsAll                      // every message
)
