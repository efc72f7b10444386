package writers

import (
	"encoding/binary"

	"github.com/apache/arrow/go/v15/arrow"
)

// dictionaryMax is the size of a dictionary, in bytes, after which the rest of a
// column chunk is plain: what does not repeat only costs there.
const dictionaryMax = 1 << 20

// dictionary gives the values of a column chunk numbers.
type dictionary struct {
	codes map[string]int32
	plain []byte // its page
	last  []byte // the value before, which is often the next one too
	code  int32

	// Codes of the words of an Arrow dictionary, kept so that no other has its
	// address; -1 for those not met.
	source arrow.ArrayData
	known  []int32
}

func newDictionary() *dictionary { return &dictionary{codes: map[string]int32{}, code: -1} }

// number returns the code of a value and whether it is new. Sized values stand
// in the page after their length.
func (d *dictionary) number(value []byte, sized bool) (code int32, isNew bool) {
	if d.code >= 0 && string(value) == string(d.last) {
		return d.code, false
	}
	code, known := d.codes[string(value)]
	if !known {
		code = int32(len(d.codes))
		d.codes[string(value)] = code
		if sized {
			d.plain = binary.LittleEndian.AppendUint32(d.plain, uint32(len(value)))
		}
		d.plain = append(d.plain, value...)
	}
	d.last, d.code = append(d.last[:0], value...), code
	return code, !known
}

// words returns the codes of the words of an Arrow dictionary.
func (d *dictionary) words(source arrow.ArrayData) []int32 {
	if d.source != source {
		d.source = source
		d.known = d.known[:0]
		for range source.Len() {
			d.known = append(d.known, -1)
		}
	}
	return d.known
}
