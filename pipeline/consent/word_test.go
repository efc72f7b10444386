package consent

import "testing"

func TestUsualWords(t *testing.T) {
	for _, word := range []string{
		"yes", "NO", " true", "0", "1", "-1", "opt-out", "OPT_IN", "Opted out", "Subscribed", "null", "N/A", "", " ", "on", "ja", "SÍ",
	} {
		if !IsUsualWord(word) {
			t.Errorf("%q is not a usual word", word)
		}
	}
	for _, word := range []string{
		"ann@mail.example", "Ann", "Ann Lee", "+33612340001", "1234", "12", "|", "yes|no", "|yes|", "y es", "d41d8cd98f00b204", "-2", "yes ann",
	} {
		if IsUsualWord(word) {
			t.Errorf("%q is a usual word", word)
		}
	}
}
