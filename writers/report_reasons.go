package writers

import "optout/pipeline/consent"

// A reasonText explains a reason to somebody who knows neither the program nor
// the schema.
type reasonText struct {
	Name     string // as ledgers and summaries spell it
	Title    string
	Sentence string
	codes    codes
}

// codes are Journey Optimizer's names and codes for a reason, by channel. A
// channel that is not there has none.
type codes map[string]string

// Code returns the code on one channel, "" where there is none.
func (t reasonText) Code(channel string) string {
	if channel == "commercial_email" {
		channel = "email" // the schema keeps two consents, Journey Optimizer one channel
	}
	return t.codes[channel]
}

// Codes returns every code of the reason, each once.
func (t reasonText) Codes() (all []string) {
	for _, channel := range []string{"email", "sms", "push"} {
		if code := t.codes[channel]; code != "" && (len(all) == 0 || all[len(all)-1] != code) {
			all = append(all, code)
		}
	}
	return all
}

var (
	noConsent  = codes{"email": "EmailNoConsent 050101", "sms": "SMSNoConsent 050104", "push": "PushNoConsent 050111"}
	suppressed = codes{"email": "EmailSuppressed 050102", "sms": "Suppressed 050107", "push": "Suppressed 050107"}
	notAllowed = codes{"email": "EmailNotAllowed 050103 or DomainNotAllowed 050106", "sms": "NotAllowed 050108", "push": "NotAllowed 050108"}
	noAddress  = codes{
		"email": "EmailNoAddressFoundInProfile 050020", "sms": "SMSNoToNumberDefinedInProfile 050153",
		"push": "PushNoTokenFoundInProfile 050030",
	}
	controlRules = codes{
		"email": "ExcludedForControlRules 050002", "sms": "ExcludedForControlRules 050002",
		"push": "ExcludedForControlRules 050002",
	}
)

// reasonTexts has a text for every reason, in order of severity.
var reasonTexts = [consent.NumReasons]reasonText{
	consent.Erased: {
		Title:    "Erased",
		Sentence: "The person asked for their data to be erased, so they are never contacted again.",
	},
	consent.SuppressedAddress: {
		Title: "Suppressed address", codes: suppressed,
		Sentence: "The address is on a list of addresses never to be contacted, for instance because mail to it bounced or its owner complained.",
	},
	consent.SuppressedDomain: {
		Title: "Suppressed domain", codes: codes{"email": "DomainSuppressed 050105"},
		Sentence: "The address belongs to an organisation or provider that is on a list never to be contacted.",
	},
	consent.NotAllowed: {
		Title: "Not on the allowed list", codes: notAllowed,
		Sentence: "The job may only contact people on its list of allowed recipients, and this one is not on it.",
	},
	consent.NoIdentity: {
		Title:    "No usable identity",
		Sentence: "The row does not say who the person is, so their wishes cannot be looked up; it is set aside to be mended.",
	},
	consent.MalformedAddress: {
		Title: "Malformed address", codes: codes{"email": "EmailMalformedAddress 050024"},
		Sentence: "What the row gives as an address cannot be one, so it is set aside to be mended.",
	},
	consent.NoAddress: {
		Title: "No address", codes: noAddress,
		Sentence: "There is no address, phone number or device to send the message to.",
	},
	consent.InvalidToken: {
		Title: "Invalid device token", codes: codes{"push": "PushNoValidTokenFoundForApps 050031"},
		Sentence: "The device can no longer be reached: its token was blocked, or belongs to another app.",
	},
	consent.OptOutAll: {
		Title: "Opted out of everything", codes: noConsent,
		Sentence: "The person said no to all marketing, whatever the channel.",
	},
	consent.OptOutChannel: {
		Title: "Opted out of the channel", codes: noConsent,
		Sentence: "The person said no to marketing on this channel.",
	},
	consent.OptOutIdentity: {
		Title: "Opted out at this address", codes: noConsent,
		Sentence: "The person said no to marketing at the very address that the message was planned for.",
	},
	consent.OptOutSubscription: {
		Title: "Unsubscribed", codes: noConsent,
		Sentence: "The person left the newsletter or subscription that the message belongs to.",
	},
	consent.OptOutShared: {
		Title: "Opted out under the same address", codes: noConsent,
		Sentence: "Somebody who shares this address said no, and a no follows the address.",
	},
	consent.Registry: {
		Title:    "On a do-not-contact registry",
		Sentence: "The number is on an official register of people who do not want marketing, and no exemption is on file.",
	},
	consent.ConsentInvalid: {
		Title: "Unreadable consent", codes: noConsent,
		Sentence: "The recorded answer is none of the values that the schema knows; what cannot be read is not permission.",
	},
	consent.ConsentExpired: {
		Title: "Expired consent", codes: noConsent,
		Sentence: "The person said yes, but too long ago, or at a time nobody recorded, for it to hold when the message goes out.",
	},
	consent.ConsentPending: {
		Title: "Consent pending", codes: noConsent,
		Sentence: "The person was asked and has not confirmed yet, as in the first half of a double opt-in.",
	},
	consent.ConsentUnknown: {
		Title: "Consent unknown", codes: noConsent,
		Sentence: "The record says that the person's wish is not known, and this channel needs a yes.",
	},
	consent.ConsentBasis: {
		Title: "Legal basis not accepted", codes: noConsent,
		Sentence: "The record names a legal basis other than consent, which the job does not accept on this channel.",
	},
	consent.ConsentMissing: {
		Title: "No consent on record", codes: noConsent,
		Sentence: "The person never answered, and under the job's rules silence is not permission.",
	},
	consent.PurposeDenied: {
		Title:    "Purpose not permitted",
		Sentence: "The list is for a purpose that needs a permission of its own, such as sharing data, and the person has not given it.",
	},
	consent.NoProfile: {
		Title:    "No profile",
		Sentence: "Nobody with this identity is among the known profiles, so there is no record that could permit the message.",
	},
	consent.FrequencyCap: {
		Title: "Contacted often enough", codes: controlRules,
		Sentence: "The person has had as many messages as the job allows in the time.",
	},
	consent.Duplicate: {
		Title:    "Duplicate",
		Sentence: "An earlier row plans the same message to the same recipient; that row was judged and this one is not needed.",
	},
}

// explain returns the text of a reason by its name. A name that is none of
// ours, as in the summary of a later version, explains itself as such.
func explain(name string) reasonText {
	for r, text := range reasonTexts {
		if consent.Reason(r).String() == name {
			text.Name = name
			return text
		}
	}
	name = visible(name)
	return reasonText{Name: name, Title: name, Sentence: "This version of the report does not know the reason."}
}
