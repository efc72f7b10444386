package readers

import "strings"

// jsonKinds is a set of kinds of values.
type jsonKinds uint16

const (
	jsonNull jsonKinds = 1 << iota
	jsonText
	jsonInteger // of at most 15 digits, which a double holds too
	jsonLong    // an integer of 64 bits
	jsonHuge    // a number that neither holds
	jsonFraction
	jsonBoolean
	jsonObject
	jsonArray

	jsonNumbers = jsonInteger | jsonLong | jsonHuge | jsonFraction
	jsonNested  = jsonObject | jsonArray
)

// only reports whether a set has no kinds but these, null apart.
func (k jsonKinds) only(these jsonKinds) bool { return k&^(these|jsonNull) == 0 }

// maxJSONKeys bounds the keys of an input.
const maxJSONKeys = 10_000

// jsonKey is a key that objects of an input have, with those below it. When an
// input is opened the tree learns which there are, and of what kinds their
// values; when it is read another tree has the columns that are wanted.
type jsonKey struct {
	name    string
	quoted  string     // how it mostly stands in text; "" where it cannot without escapes
	opening opening    // how its last text did
	keys    []*jsonKey // below it, in the order of first appearance
	byName  map[string]*jsonKey
	next    int   // where the key behind the last one stands, which mostly comes next
	object  int64 // the last one that had it
	kinds   jsonKinds
	columns []jsonCells
}

// jsonCells is a column that has the values of a key.
type jsonCells struct {
	namedCells
	whole bool // as JSON text
}

// expected is the key below this one that follows the last one, if the text begins
// with it. Nearly all keys of a log are found so, by comparing once.
func (k *jsonKey) expected(text []byte) *jsonKey {
	if k.next >= len(k.keys) {
		return nil
	}
	key := k.keys[k.next]
	if n := len(key.quoted); n == 0 || n > len(text) || string(text[:n]) != key.quoted {
		return nil
	}
	k.next++
	return key
}

// find finds a key below this one, or nil.
func (k *jsonKey) find(name []byte) *jsonKey {
	if k.next < len(k.keys) && k.keys[k.next].name == string(name) {
		k.next++
		return k.keys[k.next-1]
	}
	found := k.byName[string(name)]
	if found == nil {
		return nil
	}
	for i, key := range k.keys[:min(len(k.keys), 32)] {
		if key == found {
			k.next = i + 1
			break
		}
	}
	return found
}

func (k *jsonKey) add(name string) *jsonKey {
	if k.byName == nil {
		k.byName = map[string]*jsonKey{}
	}
	key := &jsonKey{name: name}
	if !hasControl([]byte(name)) && !strings.ContainsAny(name, `"\`) {
		key.quoted = `"` + name + `"`
	}
	k.keys = append(k.keys, key)
	k.byName[name] = key
	k.next = len(k.keys)
	return key
}

// reach finds a key by the names on the way to it, and adds what is missing.
func (k *jsonKey) reach(steps []string) *jsonKey {
	for _, step := range steps {
		key := k.byName[step]
		if key == nil {
			key = k.add(step)
		}
		k = key
	}
	return k
}

// lacks counts the keys of another tree that are not in this one, which is nil for
// one without any.
func (k *jsonKey) lacks(other *jsonKey) (n int) {
	for _, key := range other.keys {
		var mine *jsonKey
		if k != nil {
			mine = k.byName[key.name]
		}
		if mine == nil {
			n++
		}
		n += mine.lacks(key)
	}
	return n
}

// join adds another tree to this one.
func (k *jsonKey) join(other *jsonKey) {
	k.kinds |= other.kinds
	for _, key := range other.keys {
		k.reach([]string{key.name}).join(key)
	}
}

// resolve lists the ways to a key whose path is steps joined by dots, which may
// stand in names too.
func (k *jsonKey) resolve(steps []string) (ways [][]*jsonKey, err error) {
	for n := 1; n <= len(steps); n++ {
		key, err := k.called(strings.Join(steps[:n], "."))
		switch {
		case err != nil:
			return nil, err
		case key == nil:
			continue
		case n == len(steps):
			ways = append(ways, []*jsonKey{key})
			continue
		}
		below, err := key.resolve(steps[n:])
		if err != nil {
			return nil, err
		}
		for _, way := range below {
			ways = append(ways, append([]*jsonKey{key}, way...))
		}
	}
	return ways, nil
}

// called finds a key below this one by name; the prefix of the XDM namespace is
// optional, as in Parquet. Records that are spelled in both ways are not told apart.
func (k *jsonKey) called(name string) (found *jsonKey, err error) {
	for _, key := range k.keys {
		if !sameField(key.name, name) {
			continue
		}
		if found != nil {
			return nil, errTwice(name)
		}
		found = key
	}
	return found, nil
}

// put adds the value of a row to the columns of the key. Text is what is meant, raw how it
// stands there.
func (k *jsonKey) put(row int, kind jsonKinds, text, raw []byte) error {
	for i := range k.columns {
		c := &k.columns[i]
		switch {
		case c.whole:
			if err := c.add(row, raw); err != nil {
				return err
			}
		case kind&jsonNested != 0:
			return errTextChanged
		default:
			if err := c.add(row, text); err != nil {
				return c.fail(err)
			}
		}
	}
	return nil
}
