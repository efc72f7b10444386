package jobs

import (
	"fmt"
	"maps"
	"slices"
)

// checkFields refuses columns that are mapped to a field which no list is judged
// by and which the consent schema does not have either: a slip of the pen there
// would drop a whole column of refusals.
func checkFields(j *Job, m *mistakes) {
	known := j.knownFields()
	for i := range j.Consents {
		for field := range j.Consents[i].Columns {
			path, _, _ := cutLast(field, ".")
			val := path + ".val"
			if !isConsentField(field) || field == metadataTime || slices.Contains(known, val) {
				continue
			}
			m.add(fmt.Sprintf("%s.columns.%s", j.consentsKey(i), field), "no list is judged by %s%s", val, suggest(val, known))
		}
	}
}

// knownFields lists the fields of the schema, and those of channels and purposes
// that the job's lists name.
func (j *Job) knownFields() []string {
	known := map[string]bool{}
	for _, field := range []string{anyField, personalizeField, "collect.val", "share.val", "adID.val"} {
		known[field] = true
	}
	for _, c := range channels {
		known[c.valField()] = true
	}
	for i := range j.SendLists {
		known[channelOf(j.SendLists[i].Channel).valField()] = true
		for _, purpose := range j.SendLists[i].Requires {
			known[purpose+".val"] = true
		}
	}
	return slices.Sorted(maps.Keys(known))
}
