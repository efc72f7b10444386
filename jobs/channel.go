package jobs

import "optout/pipeline/identity"

// channel is what the rules need to know of a channel: consent.md, section 2.
type channel struct {
	field    string        // of the consent schema, below marketing; "" where it has none
	address  identity.Kind // of the messages
	identity bool          // the schema has consents for single addresses
	bindable bool          // the schema has subscriptions
}

// channels are those that the consent schema knows. A job may use others, whose
// field its consents map.
var channels = map[string]channel{
	"email":            {"email", identity.Email, true, true},
	"commercial_email": {"commercialEmail", identity.Email, false, false},
	"sms":              {"sms", identity.Phone, true, true},
	"whatsapp":         {"whatsApp", identity.Phone, true, true},
	"call":             {"call", identity.Phone, false, false},
	"fax":              {"fax", identity.Phone, false, false},
	"push":             {"push", identity.Token, true, true},
	"direct_mail":      {"postalMail", identity.None, false, false},
}

// channelNames lists the channels of the schema for messages.
var channelNames = []string{"email", "commercial_email", "sms", "whatsapp", "call", "fax", "push", "direct_mail"}

// channelOf returns the channel of a list.
func channelOf(name string) channel {
	if c, ok := channels[name]; ok {
		return c
	}
	return channel{field: name}
}

// valField is the consent field of a channel, as in marketing.email.val.
func (c channel) valField() string { return "marketing." + c.field + ".val" }

// Consent fields that are not of a channel.
const (
	anyField         = "marketing.any.val"
	personalizeField = "personalize.content.val"
	metadataTime     = "metadata.time"
)
