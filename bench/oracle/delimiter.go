package oracle

import (
	"fmt"
	"strings"
)

// An inputFile is what the job file says of where an input lies and how it is read.
type inputFile struct{ path, delimiter *string }

// inputFiles are those of all inputs, by path.
func (j *Job) inputFiles() map[string]inputFile {
	all := map[string]inputFile{}
	add := func(path, delimiter *string) { all[*path] = inputFile{path, delimiter} }
	if j.Profiles != nil {
		add(&j.Profiles.Path, &j.Profiles.Delimiter)
	}
	for i := range j.Consents {
		add(&j.Consents[i].Path, &j.Consents[i].Delimiter)
	}
	for i := range j.SendLists {
		add(&j.SendLists[i].Path, &j.SendLists[i].Delimiter)
	}
	for i := range j.Events {
		add(&j.Events[i].Path, &j.Events[i].Delimiter)
	}
	for _, lists := range [][]Screening{j.Suppressions, j.ProviderBlocks, j.Allowed, j.Registries, j.Erased} {
		for i := range lists {
			add(&lists[i].Path, &lists[i].Delimiter)
			for k := range lists[i].Exemptions {
				add(&lists[i].Exemptions[k].Path, &lists[i].Exemptions[k].Delimiter)
			}
		}
	}
	return all
}

// delimit draws what stands between the fields of some of the inputs in CSV: what
// the job says, or a tab, as the end of a name does.
func (j *Job) delimit(d dice, tables []Table) {
	files := j.inputFiles()
	for i := range tables {
		t, of := &tables[i], files[tables[i].path]
		if !isCSV(t.path) && !isCSV(t.text) || d.chance(50) {
			continue
		}
		if d.chance(40) {
			t.path, t.text = strings.Replace(t.path, ".csv", ".tsv", 1), strings.Replace(t.text, ".csv", ".tsv", 1)
			*of.path = t.path
		}
		*of.delimiter = one(d, "", ";", "|", ":", "tab", "!")
		t.delimiter = *of.delimiter
	}
}

// delimiterOf is what stands between the fields of a file in CSV, as SQL writes it.
func delimiterOf(path, delimiter string) string {
	switch {
	case delimiter == "tab", delimiter == "" && strings.Contains(path, ".tsv"):
		return `E'\t'`
	case delimiter == "":
		return "','"
	}
	return fmt.Sprintf("'%s'", delimiter)
}
