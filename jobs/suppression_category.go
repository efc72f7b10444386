package jobs

import (
	"strings"

	"optout/pipeline/consent"
)

// SuppressionCategory says why entries are suppressed.
type SuppressionCategory struct {
	Column string `yaml:"column" jsonschema:"required" doc:"Column that says of each entry why it is suppressed: hard, soft, manual, spam_complaint or a usual spelling of them. What it does not name so binds most."`
	all    string
}

func (SuppressionCategory) words() []string {
	return []string{"hard", "soft", "manual", "spam_complaint"}
}

func (c *SuppressionCategory) single(text string) (err error) {
	c.all, err = oneOf(text, c.words())
	return err
}

// category is that of all entries: manual unless the job says.
func (c SuppressionCategory) category() consent.Category {
	if all, ok := consent.ParseCategory(c.all); ok {
		return all
	}
	return consent.Manual
}

// spellings are the usual ones of why an address is suppressed, in lower case.
func spellings() map[string]consent.Category {
	all := map[string]consent.Category{}
	for c, spellings := range map[consent.Category]string{
		consent.Hard:          "hard, hard bounce, bounce, bounced, invalid",
		consent.Soft:          "soft, soft bounce",
		consent.Manual:        "manual",
		consent.SpamComplaint: "spam complaint, spam, complaint, complained, abuse, feedback loop, fbl",
	} {
		for text := range strings.SplitSeq(spellings, ", ") {
			for _, join := range []string{" ", "_", "-", ""} {
				all[strings.ReplaceAll(text, " ", join)] = c
			}
		}
	}
	return all
}
