package jobs

import (
	"strings"
	"testing"

	"optout/pipeline/consent"
)

// TestSpellings: what the systems of senders write is read as what it means; only
// a complaint may ever be let through, so nothing else may be taken for one.
func TestSpellings(t *testing.T) {
	all := spellings()
	for text, want := range map[string]consent.Category{
		"HARD": consent.Hard, "hard_bounce": consent.Hard, "Hard bounce": consent.Hard, "hardbounce": consent.Hard,
		"soft-bounce": consent.Soft, "Soft": consent.Soft, "Manual": consent.Manual,
		"SPAM_COMPLAINT": consent.SpamComplaint, "Spam complaint": consent.SpamComplaint, "complaint": consent.SpamComplaint,
		"unsubscribed": consent.NoCategory, "": consent.NoCategory, "not spam": consent.NoCategory,
	} {
		if got := all[strings.ToLower(text)]; got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

// TestCategory: a list that says nothing was made by hand.
func TestCategory(t *testing.T) {
	for text, want := range map[string]consent.Category{"": consent.Manual, "hard": consent.Hard, "spam_complaint": consent.SpamComplaint} {
		if got := (SuppressionCategory{all: text}).category(); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
