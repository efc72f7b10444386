package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// read fills the tables of the rules from a job and its Parquet inputs in dir:
// the same files that the command reads.
func read(d *database, dir string, j *Job) error {
	if err := readPolicy(d, j); err != nil {
		return err
	}
	if j.Profiles != nil {
		if err := readProfiles(d, dir, *j.Profiles); err != nil {
			return fmt.Errorf("read %s: %w", j.Profiles.Path, err)
		}
	}
	for i, s := range j.Consents {
		if err := readConsents(d, dir, i, s); err != nil {
			return fmt.Errorf("read %s: %w", s.Path, err)
		}
	}
	for _, e := range j.Events {
		if err := readEvents(d, dir, e); err != nil {
			return fmt.Errorf("read %s: %w", e.Path, err)
		}
	}
	if err := readScreenings(d, dir, j); err != nil {
		return err
	}
	for i, l := range j.SendLists {
		if err := readList(d, dir, i, l); err != nil {
			return fmt.Errorf("read %s: %w", l.Path, err)
		}
	}
	return nil
}

func readPolicy(d *database, j *Job) error {
	if err := d.exec("SET VARIABLE region = ?", strings.ToUpper(j.Policy.DefaultRegion)); err != nil {
		return err
	}
	requireProfile := j.Policy.RequireProfile == nil || *j.Policy.RequireProfile
	if err := d.insert("setting", []any{
		j.Policy.Duplicates != "latest", j.Policy.Propagate, j.Profiles != nil, j.Profiles != nil && j.Profiles.Push != "",
		requireProfile, j.Policy.ReachComplaints,
	}); err != nil {
		return err
	}
	for _, word := range j.Policy.Placeholders {
		if err := d.insert("placeholder_input", []any{word}); err != nil {
			return err
		}
	}
	if j.Policy.Placeholders != nil {
		if err := d.run("nobody"); err != nil {
			return err
		}
	}
	own := Jurisdiction{
		Channels: j.Policy.Channels, Default: j.Policy.Default,
		ValidFor: j.Policy.ValidFor, Personalization: j.Policy.Personalization,
	}
	for layer, l := range append([]Jurisdiction{own}, j.Policy.Jurisdictions...) {
		if err := readLayer(d, layer, l); err != nil {
			return err
		}
	}
	return nil
}

func readLayer(d *database, layer int, l Jurisdiction) error {
	for _, c := range l.Countries {
		if err := d.insert("jurisdiction", []any{layer, c}); err != nil {
			return err
		}
	}
	policies := map[string]ChannelPolicy{}
	for name, p := range l.Channels {
		policies[name] = p
	}
	if l.Default != nil {
		policies["*"] = *l.Default
	}
	for name, p := range policies {
		var accepted any
		if p.AcceptBasis != nil {
			accepted = p.AcceptBasis
		}
		if err := d.exec("INSERT INTO channel_policy VALUES (?, ?, nullif(?, ''), nullif(?, ''), ?::VARCHAR[])",
			layer, name, p.Mode, p.Default, accepted); err != nil {
			return err
		}
	}
	for name, span := range l.ValidFor {
		if err := d.insert("validity", []any{layer, name, int64(spans[span].Seconds())}); err != nil {
			return err
		}
	}
	if l.Personalization != nil {
		return d.insert("gate", []any{layer, l.Personalization.Gate})
	}
	return nil
}

// pattern is the path of the files of an input, which a folder has of one format.
func pattern(dir, path string) string {
	if !strings.HasSuffix(path, "/") {
		return filepath.Join(dir, path)
	}
	for _, format := range ends {
		if _, err := os.Stat(filepath.Join(dir, path, "part-0"+format)); err == nil {
			return filepath.Join(dir, path, "*"+format)
		}
	}
	return filepath.Join(dir, path, "*.parquet")
}

// files is the FROM clause of an input. CSV is read as text, whatever it holds.
func files(dir, path, delimiter string) string {
	path = pattern(dir, path)
	switch {
	case isCSV(path):
		return fmt.Sprintf("(SELECT *, row_number() OVER () AS file_row_number FROM read_csv('%s', all_varchar = true, header = true, delim = %s, quote = '\"', escape = '\"', filename = true, hive_partitioning = false))", path, delimiterOf(path, delimiter))
	case isNDJSON(path):
		return fmt.Sprintf("(SELECT *, row_number() OVER () AS file_row_number FROM read_json('%s', format = 'newline_delimited', filename = true, hive_partitioning = false))", path)
	}
	return fmt.Sprintf("read_parquet('%s', file_row_number = true, filename = true, hive_partitioning = false)", path)
}

// ids are all that a record's key names: one, but for an identity map, where each
// id or address of the namespace counts.
func ids(s Source) string {
	all := fmt.Sprintf("[%s::VARCHAR]", s.Key)
	if name := namespace(s.Key); name != "" {
		all = fmt.Sprintf(`list_transform(flatten([e.value FOR e IN map_entries(identityMap) IF lower(e.key) = lower('%s')]), lambda i: i.id::VARCHAR)`, name)
	}
	if kind := s.keyKind(); kind != "" {
		return fmt.Sprintf("list_transform(%s, lambda address: subject('%s', address_form('%[2]s', address)))", all, kind)
	}
	return all
}

func readProfiles(d *database, dir string, s Source) error {
	column := func(name, kind string) string {
		if name == "" {
			return "NULL"
		}
		return name + "::" + kind
	}
	devices := "NULL"
	if s.Push != "" {
		devices = fmt.Sprintf(`replace(to_json(%s)::VARCHAR, '"xdm:', '"')::JSON`, s.Push)
	}
	// A record without an id still says whose address was erased.
	return d.exec(fmt.Sprintf("INSERT INTO profile_input SELECT unnest(CASE WHEN len(%[1]s) > 0 THEN %[1]s ELSE [NULL] END), %[2]s, %[3]s, %[4]s, %[5]s, %[6]s FROM %[7]s",
		ids(s), column(s.Email, "VARCHAR"), column(s.Phone, "VARCHAR"),
		column(s.Country, "VARCHAR"), column(s.Erased, "BOOLEAN"), devices, files(dir, s.Path, s.Delimiter)))
}

func readConsents(d *database, dir string, source int, s Source) error {
	if s.Layout == "columns" {
		if err := d.insert("flat", []any{source}); err != nil {
			return err
		}
	}
	for field, name := range s.Columns {
		if err := d.insert("mapping", []any{source, field, name}); err != nil {
			return err
		}
	}
	for text, choice := range s.Values {
		if err := d.insert("translation", []any{source, text, choice}); err != nil {
			return err
		}
	}
	return d.exec(fmt.Sprintf(`
		INSERT INTO record
		SELECT record, %d, unnest(%s), body
		FROM (SELECT *, %d + row_number() OVER () AS record, replace(to_json(t)::VARCHAR, '"xdm:', '"')::JSON AS body FROM %s AS t)`,
		source, ids(s), source*1_000_000, files(dir, s.Path, s.Delimiter)))
}
