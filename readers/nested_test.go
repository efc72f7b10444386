package readers_test

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"optout/readers"
)

// TestConsentValues finds the consents in the files of every writer, whatever it
// called the groups inside lists and maps.
func TestConsentValues(t *testing.T) {
	want := expected(t).Consents
	for _, name := range want.Files {
		t.Run(strings.TrimSuffix(name, ".parquet"), func(t *testing.T) {
			in := open(t, checked(t), filepath.Join(interop, name))
			if diff := gocmp.Diff(pick(want.Rows, "profile_id"), column(t, in, leaf(t, in, readers.Key, "profile_id"))); diff != "" {
				t.Errorf("profile_id (-want +got):\n%s", diff)
			}
			for _, channel := range []string{"any", "email", "sms", "push", "postalMail"} {
				for field, role := range map[string]readers.Role{"val": readers.Choice, "time": readers.Time} {
					got := column(t, in, leaf(t, in, role, "consents.marketing", channel, field))
					if diff := gocmp.Diff(dig(want.Rows, channel, field), got); diff != "" {
						t.Errorf("%s.%s (-want +got):\n%s", channel, field, diff)
					}
				}
			}
			got := column(t, in, leaf(t, in, readers.Choice, "consents.personalize.content.val"))
			if diff := gocmp.Diff(pick(want.Rows, "personalize"), got); diff != "" {
				t.Errorf("personalize (-want +got):\n%s", diff)
			}
			got = column(t, in, leaf(t, in, readers.Time, "consents", "metadata", "time"))
			if diff := gocmp.Diff(pick(want.Rows, "metadata_time"), got); diff != "" {
				t.Errorf("metadata (-want +got):\n%s", diff)
			}
		})
	}
}

// TestConsentEntries assembles the maps: of namespaces to ids to consents, of
// namespaces to lists of ids, of lists to subscriptions.
func TestConsentEntries(t *testing.T) {
	want := expected(t).Consents
	key, value, element := readers.MapKey, readers.MapValue, readers.Element
	choice, text, time := readers.Choice, readers.Text, readers.Time
	for _, name := range want.Files {
		t.Run(strings.TrimSuffix(name, ".parquet"), func(t *testing.T) {
			in := open(t, checked(t), filepath.Join(interop, name))
			inside := func(role readers.Role, fields string) []any {
				return column(t, in, leaf(t, in, role, "consents", "idSpecific", value, value, fields))
			}
			got := joinMaps(
				column(t, in, leaf(t, in, text, "consents.idSpecific", key)),
				column(t, in, leaf(t, in, readers.Key, "consents.idSpecific", value, key)),
				map[string][]any{
					"email":       inside(choice, "marketing.email.val"),
					"email_time":  inside(time, "marketing.email.time"),
					"sms":         inside(choice, "marketing.sms.val"),
					"personalize": inside(choice, "personalize.content.val"),
				})
			if diff := gocmp.Diff(mapEntries(want.Rows, "idSpecific"), got); diff != "" {
				t.Errorf("idSpecific (-want +got):\n%s", diff)
			}
			got = joinMaps(
				column(t, in, leaf(t, in, text, "identityMap", key)),
				column(t, in, leaf(t, in, readers.Key, "identityMap", value, element, "id")), nil)
			if diff := gocmp.Diff(mapEntries(want.Rows, "identityMap"), got); diff != "" {
				t.Errorf("identityMap (-want +got):\n%s", diff)
			}
			subscriptions := []string{"consents.marketing.email.subscriptions"}
			lists := column(t, in, leaf(t, in, text, append(subscriptions, key)...))
			vals := column(t, in, leaf(t, in, choice, append(subscriptions, value, "val")...))
			if diff := gocmp.Diff(pick(want.Rows, "email_subscriptions"), joinMap(lists, vals)); diff != "" {
				t.Errorf("subscriptions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestListElements finds the elements of lists of two and three levels, of every
// writer's names.
func TestListElements(t *testing.T) {
	type path = []string
	element, key, value := readers.Element, readers.MapKey, readers.MapValue
	for file, leaves := range map[string]map[string]path{
		"list_spark.parquet": {
			"tags.list.element": {"tags", element}, "texts.list.element.list.element": {"texts", element, element},
			"pairs.list.element.y": {"pairs", element, "y"}, "groves.key_value.value.list.element.x": {"groves", value, element, "x"},
		},
		"list_spark_legacy.parquet": {
			"tags.array": {"tags", element}, "solid_pairs.array.y": {"solid_pairs", element, "y"}, "ints.bag.array": {"ints", element},
			"texts.bag.array.bag.array": {"texts", element, element}, "pairs.bag.array.x": {"pairs", element, "x"},
		},
		"list_pyarrow_item.parquet": {
			"ints.list.item": {"ints", element}, "texts.list.item.list.item": {"texts", element, element},
		},
		"list_parquetgo_legacy.parquet": {
			"avro.array": {"avro", element}, "avro_pair.array.x": {"avro_pair", element, "x"}, "avro_one.array.x": {"avro_one", element, "x"},
			"bare_pair.element.x": {"bare_pair", element, "x"}, "bare_pair.element.y": {"bare_pair", element, "y"},
			"thrift.thrift_tuple": {"thrift", element}, "thrift_one.thrift_one_tuple.x": {"thrift_one", element, "x"},
			"hive.bag.array_element": {"hive", element}, "bare": {"bare", element},
			"hive_map.map.key": {"hive_map", key}, "hive_map.map.value": {"hive_map", value},
			"entry_map.entries.value.deep.bag.array_element": {"entry_map", value, "deep", element},
		},
	} {
		in := open(t, checked(t), filepath.Join(interop, file))
		for name, steps := range leaves {
			l := leaf(t, in, readers.Stored, steps...)
			var got [][]any
			for _, row := range column(t, in, l) {
				values := []any{}
				for _, e := range row.([]entry) {
					if e.value != nil {
						values = append(values, e.value)
					}
				}
				got = append(got, values)
			}
			if diff := gocmp.Diff(expected(t).Lists[file].Leaves[name], got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", file, name, diff)
			}
		}
	}
}

// TestListPages reads lists whose pages have one row each, beside a column of
// one page.
func TestListPages(t *testing.T) {
	type row struct {
		ID   int64    `parquet:"id"`
		Tags []string `parquet:"tags,list"`
	}
	rows := []row{{1, []string{"a"}}, {2, []string{"b", "c"}}, {3, nil}, {4, []string{"d"}}, {5, []string{"e"}}}
	for version := range 2 {
		path := filepath.Join(t.TempDir(), "lists.parquet")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w := parquet.NewGenericWriter[row](file, parquet.PageBufferSize(1), parquet.DataPageVersion(version+1))
		for i := range rows {
			if _, err := w.Write(rows[i : i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(w.Close(), file.Close()); err != nil {
			t.Fatal(err)
		}
		in := open(t, checked(t), path)
		table := in.Table(leaf(t, in, readers.Key, "id"), leaf(t, in, readers.Text, "tags", readers.Element))
		testTable(t, table, int64(len(rows)))
		var got []row
		err = eachRecord(table, func(r arrow.Record) {
			for i := range int(r.NumRows()) {
				made := row{ID: r.Column(0).(*array.Int64).Value(i)}
				for _, e := range plain(r.Column(1), i).([]entry) {
					if e.value != nil {
						made.Tags = append(made.Tags, e.value.(string))
					}
				}
				got = append(got, made)
			}
		})
		if diff := gocmp.Diff(rows, got); err != nil || diff != "" {
			t.Errorf("pages of version %d: %v (-want +got):\n%s", version+1, err, diff)
		}
		// Alone, the lists of all pages come in one record.
		tags := column(t, in, leaf(t, in, readers.Text, "tags", readers.Element))
		if len(tags) != len(rows) || len(tags[1].([]entry)) != 2 || tags[4].([]entry)[0].value != "e" {
			t.Errorf("pages of version %d: got %v of %v", version+1, tags, rows)
		}
	}
}

// joinMaps makes the entries of a map of maps, or of a map of lists, from its
// leaves: the outer keys, the inner keys and further leaves beside these.
func joinMaps(outer, inner []any, more map[string][]any) (rows []any) {
	for row := range outer {
		entries, ns := []any{}, -1
		for i, e := range inner[row].([]entry) {
			if e.rep < 2 {
				ns++ // this entry belongs to the next outer key
			}
			if e.value == nil {
				continue
			}
			found := map[string]any{"ns": outer[row].([]entry)[ns].value, "id": e.value}
			for name, column := range more {
				found[name] = column[row].([]entry)[i].value
			}
			entries = append(entries, found)
		}
		rows = append(rows, sorted(entries))
	}
	return rows
}

func joinMap(keys, vals []any) (rows []any) {
	for row := range keys {
		entries := []any{}
		for i, e := range keys[row].([]entry) {
			if e.value != nil {
				entries = append(entries, map[string]any{"list": e.value, "val": vals[row].([]entry)[i].value})
			}
		}
		rows = append(rows, sortedBy(entries, "list"))
	}
	return rows
}

// mapEntries takes one column of entries, without those of no id, in order.
func mapEntries(rows []map[string]any, name string) (values []any) {
	for _, row := range rows {
		entries := slices.DeleteFunc(slices.Clone(row[name].([]any)), func(e any) bool { return e.(map[string]any)["id"] == nil })
		values = append(values, sorted(entries))
	}
	return values
}

func sorted(entries []any) []any { return sortedBy(entries, "ns", "id") }

func sortedBy(entries []any, names ...string) []any {
	slices.SortFunc(entries, func(a, b any) int {
		for _, name := range names {
			if c := cmp.Compare(a.(map[string]any)[name].(string), b.(map[string]any)[name].(string)); c != 0 {
				return c
			}
		}
		return 0
	})
	return entries
}

func dig(rows []map[string]any, path ...string) (values []any) {
	for _, row := range rows {
		v := any(row)
		for _, name := range path {
			v = v.(map[string]any)[name]
		}
		values = append(values, v)
	}
	return values
}
