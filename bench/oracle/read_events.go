package oracle

import (
	"fmt"
	"strings"
)

// readEvents fills the table of events.
func readEvents(d *database, dir string, e Events) error {
	column := func(key, all string) string {
		if name, ok := e.Columns[key]; ok {
			return "nullif(" + name + "::VARCHAR, '')"
		}
		if all == "" {
			return "NULL"
		}
		return "'" + all + "'"
	}
	scope := e.Scope
	if scope == "" {
		scope = "channel"
	}
	choice := column("choice", e.Choice)
	if e.Values != nil {
		choice = fmt.Sprintf("CASE %s WHEN 'STOP' THEN 'n' WHEN 'START' THEN 'y' ELSE %[1]s END", choice)
	}
	return d.exec(fmt.Sprintf("INSERT INTO event_input SELECT %s, %s, %s, %s, %s, %s, %s::TIMESTAMPTZ::TIMESTAMP, ? FROM %s",
		column("profile", ""), column("address", ""), column("channel", e.Channel), column("scope", scope), choice,
		column("subscription", ""), column("time", ""), files(dir, e.Path, e.Delimiter)), strings.ToUpper(e.Region))
}
