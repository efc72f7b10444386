package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"pgregory.net/rapid"

	"optout/pipeline/identity"
)

// anyID draws profile ids that are alike: of every length around sixteen, UUIDs
// in two cases, placeholders.
func anyID(t *rapid.T, name string) string {
	n := rapid.IntRange(0, 40).Draw(t, name)
	switch rapid.IntRange(0, 5).Draw(t, name+" form") {
	case 0:
		return strings.Repeat("a", n)
	case 1:
		return strings.Repeat("a", n) + "\x01"
	case 2:
		return testUUID[:34] + fmt.Sprintf("%02x", n)
	case 3:
		return strings.ToUpper(testUUID[:34]) + fmt.Sprintf("%02X", n)
	case 4:
		return rapid.SampledFrom([]string{"0", "null", null, "", "N/A", " a ", "00000000-0000-0000-0000-000000000000"}).Draw(t, name+" odd")
	}
	return fmt.Sprint("id number ", n)
}

// TestIndexIsAMap compares batches of keys with a map of normal forms: what is
// interned has a slot of its own, what is not is not found, and the text comes
// back.
func TestIndexIsAMap(t *testing.T) {
	n := testNormalizer()
	rapid.Check(t, func(t *rapid.T) {
		x, want := newIndex(newHasher()), map[string]slot{}
		x.table = newPlaces(1 << rapid.IntRange(0, 4).Draw(t, "table")) // grows soon
		draw := func(name string) (ids []string) {
			for range rapid.IntRange(1, 60).Draw(t, name) {
				ids = append(ids, anyID(t, name))
			}
			return ids
		}
		var b keyBatch
		read := func(ids []string) []string {
			column := textArray(memory.DefaultAllocator, rapid.Bool().Draw(t, "dictionary"), 0, len(ids), func(i int) string { return ids[i] })
			defer column.Release()
			if err := b.read(column, n, identity.None, &x.hasher); err != nil {
				t.Fatal(err)
			}
			var normal []string
			for i, id := range ids {
				form, status := []byte(nil), identity.Missing
				if id != null {
					form, status = n.AppendProfileID(nil, []byte(id))
				}
				if b.status[i] != status {
					t.Errorf("%q is %s, want %s", id, b.status[i], status)
				}
				if status == identity.Valid {
					normal = append(normal, string(form))
					if got := ids[b.rows[len(normal)-1]]; got != id {
						t.Errorf("key %d is of %q, want %q", len(normal)-1, got, id)
					}
				}
			}
			return normal
		}
		for range rapid.IntRange(1, 3).Draw(t, "batches") {
			normal := read(draw("planned"))
			slots, err := x.internAll(&b)
			if err != nil || len(slots) != len(normal) {
				t.Fatalf("%d slots for %d keys, %v", len(slots), len(normal), err)
			}
			for i, s := range slots {
				old, known := want[normal[i]]
				if known && s != old || !known && int(s) != len(want) {
					t.Errorf("%q has slot %d, want %d (known %v of %d)", normal[i], s, old, known, len(want))
				}
				want[normal[i]] = s
			}
		}
		if x.len() != len(want) {
			t.Errorf("the index has %d keys, want %d", x.len(), len(want))
		}
		normal := read(draw("snapshot"))
		for i, s := range x.lookupAll(&b) {
			if old, known := want[normal[i]]; known && s != old || !known && s != noSlot {
				t.Errorf("%q is found at %d, want %d (known %v)", normal[i], s, old, known)
			}
		}
	})
}

// TestClashes makes every hash clash: keys that differ only in their second
// half, or only in a long text, stay apart. A hash never decides.
func TestClashes(t *testing.T) {
	h := newHasher()
	h.s0 = h.key([]byte("the same")).a // what is multiplied with the rest is then nothing
	var texts [][]byte
	for _, tail := range []string{"", "1", "2", " and 12", " and 13"} {
		texts = append(texts, []byte("the same"+tail))
	}
	var b keyBatch
	for _, text := range texts {
		b.keys = append(b.keys, h.key(text))
	}
	// Two long texts of one hash, as they would be if the hash were bad.
	for _, text := range []string{"a text that is long", "a text that is wrong"} {
		start := len(b.text)
		b.text = append(b.text, text...)
		b.keys = append(b.keys, key{a: h.s0, kind: kindLong, at: newSpan(start, len(b.text))})
	}
	for i := range b.keys {
		k := b.keys[i]
		k.kind = kindShort
		if h.hash(&k) != h.hash(&b.keys[0]) {
			t.Fatalf("the hashes of keys %d and 0 do not clash", i)
		}
	}
	x := newIndex(h)
	x.table = newPlaces(4)
	for range 2 {
		slots, err := x.internAll(&b)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range slots {
			if int(s) != i {
				t.Errorf("key %d has slot %d", i, s)
			}
		}
	}
	for i, s := range x.lookupAll(&b) {
		if int(s) != i {
			t.Errorf("key %d is found at %d", i, s)
		}
	}
	// Not planned, and of the hash of those that are.
	for i := range b.keys {
		b.keys[i].b ^= 1 << 60
		if b.keys[i].kind == kindLong {
			b.keys[i].at.of(b.text)[0] = 'A'
			b.keys[i].b = 0
		}
	}
	for i, s := range x.lookupAll(&b) {
		if s != noSlot {
			t.Errorf("key %d is found at %d, and is not there", i, s)
		}
	}
}

// TestLongTexts: texts of a block of the arena, of several, and of more than
// one, each come back whole.
func TestLongTexts(t *testing.T) {
	x := newIndex(newHasher())
	var texts []string
	for i, size := range []int{17, blockSize / 2, blockSize / 3, blockSize / 3, blockSize - 20, blockSize, 3 * blockSize, 100, blockSize - 100} {
		texts = append(texts, strings.Repeat(string(rune('a'+i)), size))
	}
	for range 2 {
		for i, text := range texts {
			k := x.hasher.key([]byte(text))
			if s, err := x.intern(&k, []byte(text)); err != nil || int(s) != i {
				t.Fatalf("text %d has slot %d, %v", i, s, err)
			}
		}
	}
	for i, text := range texts {
		other := []byte(text)
		other[len(other)-1]++
		k := x.hasher.key(other)
		if s := x.lookup(&k, other); s != noSlot {
			t.Errorf("a text that differs in its last byte from text %d is found at %d", i, s)
		}
	}
}

// TestIndexGrows fills an index far beyond its first table, with keys of every
// kind, in batches that are longer than what is fetched ahead.
func TestIndexGrows(t *testing.T) {
	const n = 200_000
	id := func(i int) string {
		switch i % 3 {
		case 0:
			return fmt.Sprintf("%s%08x", testUUID[:28], i)
		case 1:
			return fmt.Sprint("p", i)
		}
		return fmt.Sprint("a-long-profile-id-number-", i)
	}
	x := newIndex(newHasher())
	var b keyBatch
	read := func(from, to int) {
		column := textArray(memory.DefaultAllocator, false, from, to, id)
		defer column.Release()
		if err := b.read(column, testNormalizer(), identity.None, &x.hasher); err != nil {
			t.Fatal(err)
		}
	}
	for from := 0; from < n; from += 7000 {
		read(from, min(from+7000, n))
		if _, err := x.internAll(&b); err != nil {
			t.Fatal(err)
		}
	}
	if x.len() != n || 4*x.len() > 3*int(x.table.homes) {
		t.Errorf("%d keys in a table of %d, want %d in more than four thirds", x.len(), int(x.table.homes), n)
	}
	if want := (n + pageSlots - 1) / pageSlots; len(x.keys) != want || len(x.kinds) != want {
		t.Errorf("%d and %d pages of keys, want %d", len(x.keys), len(x.kinds), want)
	}
	read(0, 2*n)
	for i, s := range x.lookupAll(&b) {
		want := slot(i)
		if i >= n {
			want = noSlot
		}
		if s != want {
			t.Fatalf("key %d is found at %d, want %d", i, s, want)
		}
	}
}

// TestKeysOfAnyType: an id is the same person whatever the type of its column.
func TestKeysOfAnyType(t *testing.T) {
	mem := checked(t)
	for _, ids := range [][]string{
		{testUUID, null, "00000000-0000-0000-0000-000000000000", "9f8b6c1e-1111-4222-8333-444455556667"},
		{"17", "0", null, "9223372036854775807"},
	} {
		x := newIndex(newHasher())
		var planned, b keyBatch
		as := func(form func(string) string) func(i int) string {
			return func(i int) string {
				if ids[i] == null {
					return null
				}
				return form(ids[i])
			}
		}
		for i, column := range []arrow.Array{
			textArray(mem, false, 0, len(ids), as(strings.ToUpper)),
			textArray(mem, true, 0, len(ids), as(func(id string) string { return " " + id + "\n" })),
			idArray(mem, false, true, 0, len(ids), as(strings.TrimSpace)),
		} {
			if i == 0 {
				if err := planned.read(column, testNormalizer(), identity.None, &x.hasher); err != nil {
					t.Fatal(err)
				}
				if _, err := x.internAll(&planned); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.read(column, testNormalizer(), identity.None, &x.hasher); err != nil {
				t.Fatal(err)
			}
			slots := x.lookupAll(&b)
			if x.len() != 2 || len(slots) != 2 || slots[0] != 0 || slots[1] != 1 {
				t.Errorf("%q as %s: got slots %d of %d, want [0 1]", ids, column.DataType(), slots, x.len())
			}
			column.Release()
		}
	}
}
