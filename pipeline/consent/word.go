package consent

import "strings"

// usualWords are what exports write where the schema wants a choice.
const usualWords = `|yes|no|true|false|t|f|0|1|-1|2|on|off|in|out|ja|nein|oui|non|si|sí|não|sim|nee|` +
	`opt in|opt out|opted in|opted out|optin|optout|subscribe|subscribed|unsubscribe|unsubscribed|` +
	`granted|denied|accepted|rejected|allow|deny|active|inactive|null|none|nil|n/a|na|unknown|pending|default|`

// IsUsualWord reports whether an invalid value is a word that exports use for a
// choice. No other may be shown of one person alone: a column mapped by mistake
// holds names and addresses.
func IsUsualWord(text string) bool {
	word := strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(strings.TrimSpace(text)))
	return word == "" || len(word) <= 16 && !strings.Contains(word, "|") &&
		(strings.Contains(usualWords, "|"+word+"|") || strings.TrimSpace(text) == "-1")
}
