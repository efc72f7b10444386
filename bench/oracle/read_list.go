package oracle

import (
	"fmt"
	"strings"
)

// listFiles is the FROM clause of a send list, whose audience has its columns: in
// NDJSON the keys at the top, of a type where all their values are of it, else text.
func (d *database) listFiles(dir string, l SendList) (string, error) {
	pattern := pattern(dir, l.Path)
	if !isNDJSON(pattern) {
		return files(dir, l.Path, l.Delimiter), nil
	}
	objects := fmt.Sprintf("read_json_objects('%s', format = 'newline_delimited', filename = true)", pattern)
	keys, err := d.lines("SELECT unnest(json_keys(json)) FROM (SELECT json FROM " + objects + " LIMIT 1)")
	if err != nil {
		return "", err
	}
	columns := make([]string, len(keys))
	for i, key := range keys {
		kind, err := d.lines(fmt.Sprintf(`
			SELECT CASE
				WHEN bool_and(kind LIKE '%%BIGINT') THEN 'BIGINT'
				WHEN bool_and(kind LIKE '%%BIGINT' OR kind = 'DOUBLE') THEN 'DOUBLE'
				WHEN bool_and(kind = 'BOOLEAN') THEN 'BOOLEAN'
				ELSE 'VARCHAR' END
			FROM (SELECT json_type(json, '$."%s"') AS kind FROM %s) WHERE kind <> 'NULL'`, key, objects))
		if err != nil {
			return "", err
		}
		columns[i] = fmt.Sprintf(`(json->>'$."%[1]s"')::%[2]s AS "%[1]s"`, key, kind[0])
	}
	return fmt.Sprintf("(SELECT %s, filename, row_number() OVER () AS file_row_number FROM %s)", strings.Join(columns, ", "), objects), nil
}

// readList fills the table of planned rows.
func readList(d *database, dir string, list int, l SendList) error {
	column := func(name, kind string) string {
		if name == "" {
			return "NULL"
		}
		return name + "::" + kind
	}
	category, subscription := "marketing", any(nil)
	if l.Category != "" {
		category = l.Category
	}
	if l.Subscription != "" {
		subscription = l.Subscription
	}
	var app, platforms any
	if l.App != "" {
		app = l.App
	}
	if l.Platforms != nil {
		platforms = strings.ToLower(strings.Join(l.Platforms, " "))
	}
	// Rows without a time of their own go out at the end of the logical date.
	sendAt, sendColumn := "2026-11-06 00:00:00", l.SendAt
	if l.SendAt != "" && l.SendAt != "send_at" {
		sendAt, sendColumn = stamp(sending), ""
	}
	if err := d.insert("send_list", []any{
		list, l.Name, l.Channel, category, subscription, sendAt,
		l.Profile != "", l.Address != "", l.Channel != "direct_mail", l.Personalization != nil, l.Sender, app, platforms,
	}); err != nil {
		return err
	}
	for _, purpose := range l.Requires {
		if err := d.insert("requirement", []any{list, purpose}); err != nil {
			return err
		}
	}
	rows, err := d.listFiles(dir, l)
	if err != nil {
		return err
	}
	return d.exec(fmt.Sprintf(`
		INSERT INTO planned_input
		SELECT %d, row_number() OVER (ORDER BY filename, file_row_number) - 1, %s, %s, %s, %s::TIMESTAMP
		FROM %s`, list, column(l.Profile, "VARCHAR"), column(l.Address, "VARCHAR"),
		column(l.Campaign, "VARCHAR"), column(sendColumn, "TIMESTAMPTZ"), rows))
}
