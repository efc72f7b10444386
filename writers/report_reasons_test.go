package writers

import (
	"strings"
	"testing"

	"optout/pipeline/consent"
)

func TestEveryReasonIsExplained(t *testing.T) {
	seen := map[string]string{}
	for r := range consent.NumReasons {
		text := explain(r.String())
		if text.Name != r.String() || text.Title == "" || text.Title == text.Name {
			t.Errorf("%s is called %q", r, text.Title)
		}
		if len(text.Sentence) < 30 || !strings.HasSuffix(text.Sentence, ".") || strings.Contains(text.Sentence, "_") {
			t.Errorf("%s is explained as %q", r, text.Sentence)
		}
		for _, part := range []string{text.Title, text.Sentence} {
			if other := seen[part]; other != "" {
				t.Errorf("%s and %s read the same: %q", r, other, part)
			}
			seen[part] = r.String()
		}
	}
	if text := explain("astrology"); text.Title != "astrology" || text.Sentence == "" {
		t.Errorf("a reason that is none of ours reads %+v", text)
	}
}

// TestEveryReasonIsInTheReport wants each reason once with its sentence,
// whether it struck anybody or not.
func TestEveryReasonIsInTheReport(t *testing.T) {
	text := string(page(t, sampleReport()))
	for r := range consent.NumReasons {
		if n := strings.Count(text, `id="reason-`+r.String()+`"`); n != 1 {
			t.Errorf("%s stands %d times in the report", r, n)
		}
		sentence := strings.NewReplacer("'", "&#39;").Replace(explain(r.String()).Sentence)
		if n := strings.Count(text, sentence); n != 1 {
			t.Errorf("%s is explained %d times in the report", r, n)
		}
	}
}

func TestCodes(t *testing.T) {
	for _, test := range []struct{ reason, channel, want string }{
		{"opt_out_channel", "email", "EmailNoConsent 050101"},
		{"opt_out_channel", "commercial_email", "EmailNoConsent 050101"},
		{"opt_out_channel", "sms", "SMSNoConsent 050104"},
		{"opt_out_channel", "push", "PushNoConsent 050111"},
		{"opt_out_channel", "whatsapp", ""},
		{"consent_missing", "direct_mail", ""},
		{"suppressed_address", "email", "EmailSuppressed 050102"},
		{"suppressed_address", "sms", "Suppressed 050107"},
		{"suppressed_domain", "email", "DomainSuppressed 050105"},
		{"suppressed_domain", "sms", ""},
		{"not_allowed", "push", "NotAllowed 050108"},
		{"malformed_address", "email", "EmailMalformedAddress 050024"},
		{"malformed_address", "sms", ""},
		{"no_address", "email", "EmailNoAddressFoundInProfile 050020"},
		{"no_address", "sms", "SMSNoToNumberDefinedInProfile 050153"},
		{"no_address", "push", "PushNoTokenFoundInProfile 050030"},
		{"invalid_token", "push", "PushNoValidTokenFoundForApps 050031"},
		{"frequency_cap", "email", "ExcludedForControlRules 050002"},
		{"duplicate", "email", ""},
		{"erased", "email", ""},
	} {
		if got := explain(test.reason).Code(test.channel); got != test.want {
			t.Errorf("code of %s on %s is %q, want %q", test.reason, test.channel, got, test.want)
		}
	}
}
