package peer

import (
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"optout/bench/generate"
)

//go:embed job.sql.tmpl
var jobText string

var jobTemplate = template.Must(template.New("job").Parse(jobText))

// A Task is what the peer is asked for.
type Task struct {
	Snapshot string // its folder
	Out      string // an empty folder
	Lists    []generate.SendList
	Ordered  bool   // rows in the lists' order, as the command writes them
	Narrow   bool   // verdicts apart from the lists, which are read again: slower, in less memory
	Threads  int    // 0 for all
	Memory   string // DuckDB's memory_limit; "" for its own choice
}

// list is what the script needs to know of a send list.
type list struct {
	generate.SendList
	Scan      string
	Judged    string // its rows beside their verdicts
	Form      string // the address in the form in which equal means the same
	Valid     string // whether it is an address
	Number    int    // of the channel
	Namespace string // of the consents for one address
	Personal  bool
}

var channels = map[string]list{
	"email": {Number: 0, Namespace: "email", Form: "lower(trim(email))", Valid: "email LIKE '_%@_%._%' AND email NOT LIKE '%@%@%'", Personal: true},
	"sms":   {Number: 1, Namespace: "phone", Form: "replace(phone, ' ', '')", Valid: "phone LIKE '+%'"},
	"push":  {Number: 2, Namespace: "ecid", Form: "token", Valid: "true"},
}

// settings come first in every script. Order is given up where it is not asked for.
func (t Task) settings() string {
	var s strings.Builder
	s.WriteString("SET preserve_insertion_order = false;\n")
	if t.Threads > 0 {
		fmt.Fprintf(&s, "SET threads = %d;\n", t.Threads)
	}
	if t.Memory != "" {
		fmt.Fprintf(&s, "SET memory_limit = '%s';\n", t.Memory)
	}
	return s.String()
}

// Job is the script of the whole job.
func (t Task) Job() (string, error) {
	data := struct {
		Snapshot, Out, Order string
		Narrow               bool
		Lists                []list
	}{Snapshot: t.Snapshot, Out: t.Out, Narrow: t.Narrow}
	if t.Ordered {
		data.Order = " ORDER BY row"
	}
	for i, l := range t.Lists {
		of := channels[l.Channel]
		of.SendList = l
		of.Scan = fmt.Sprintf("read_parquet('%s/%s', file_row_number = true)", t.Snapshot, l.Path())
		of.Judged = "judged"
		if t.Narrow {
			of.Judged = fmt.Sprintf("(SELECT j.*, profile_id, %s AS written, %s AS address, first_name, last_city, campaign_id, send_at"+
				" FROM %s AS l JOIN judged AS j ON j.row = l.file_row_number AND j.list = %d)", l.Address, of.Form, of.Scan, i)
		}
		data.Lists = append(data.Lists, of)
	}
	var script strings.Builder
	script.WriteString(t.settings())
	err := jobTemplate.Execute(&script, data)
	return script.String(), err
}

// IDScan is the script that reads the id column of the consents and nothing else.
func (t Task) IDScan() string {
	return t.settings() + fmt.Sprintf("SELECT sum(strlen(profile_id)) FROM '%s/consents/*.parquet';\n", t.Snapshot)
}

// A Text is a file of text of a snapshot, with all its columns.
type Text struct {
	Path    string
	columns []string
}

var eventColumns = []string{"ts", "profile_id", "address", "channel", "scope", "choice", "list"}

// Texts are the files of text that a snapshot may have, by what they are.
var Texts = map[string]Text{
	"suppressions": {generate.SuppressionsPath, []string{"TYPE", "VALUE"}},
	"events":       {generate.EventsPath, eventColumns},
	"events-csv":   {generate.EventsCSVPath, eventColumns},
}

// TextScan is the script that reads every column of a file of text and nothing
// else. What there is to know of it the script knows beforehand.
func (t Task) TextScan(of Text) string {
	kinds, sums := make([]string, len(of.columns)), make([]string, len(of.columns))
	for i, name := range of.columns {
		kind, sum := "VARCHAR", "sum(strlen("+name+"))"
		if name == "ts" {
			kind, sum = "TIMESTAMPTZ", "max(ts)"
		}
		kinds[i], sums[i] = fmt.Sprintf("%s: '%s'", name, kind), sum
	}
	read := "read_csv('%s/%s', header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, columns = {%s})"
	if strings.HasSuffix(of.Path, ".ndjson") {
		read = "read_json('%s/%s', format = 'newline_delimited', columns = {%s})"
	}
	return t.settings() + fmt.Sprintf("SELECT count(*), %s FROM "+read+";\n", strings.Join(sums, ", "), t.Snapshot, of.Path, strings.Join(kinds, ", "))
}
