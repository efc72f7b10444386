package jobs

import "fmt"

// Kinds of inputs in a manifest.
const (
	kindProfiles = "profiles"
	kindConsents = "consents"
	kindList     = "send_list"

	kindSuppression   = "suppression"
	kindAllowed       = "allowed"
	kindRegistry      = "registry"
	kindExemption     = "exemption"
	kindErased        = "erased"
	kindProviderBlock = "provider_block"

	kindEvents = "events"
)

// Inputs go by name in gates, with --accept and in the manifest: a send list by
// its own, the snapshots by these.
const profilesName = "profiles"

// consentsName is the name of consents number i of n.
func consentsName(i, n int) string { return numbered("consents", i, n) }

// numbered is a name that number i of n inputs share.
func numbered(name string, i, n int) string {
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%s-%d", name, i+1)
}

// inputNames lists the names of all inputs of a job.
func (j *Job) inputNames() (names []string) {
	if j.Profiles != nil {
		names = append(names, profilesName)
	}
	for i := range j.Consents {
		names = append(names, consentsName(i, len(j.Consents)))
	}
	for _, s := range j.screenings() {
		names = append(names, s.name)
	}
	for i := range j.Events {
		names = append(names, j.Events[i].Name)
	}
	for i := range j.SendLists {
		names = append(names, j.SendLists[i].Name)
	}
	return names
}
