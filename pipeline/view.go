package pipeline

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"optout/pipeline/identity"
)

// textsOf reads the column of keys of a record whose columns are as they are
// stored; nil where there is no such column. The values are looked at as keys,
// not converted. The array must be released after the texts are done with.
func (k KeyView) textsOf(record arrow.Record) (*texts, arrow.Array, error) {
	if k.Column == NoColumn || k.Type == nil {
		return nil, nil, nil
	}
	column := record.Column(k.Column)
	if nested, ok := column.(*array.Struct); ok { // entries with their levels
		column = nested.Field(1)
	}
	a := as(column.Data(), k.Type)
	t, err := newTexts(a)
	if err != nil {
		a.Release()
		return nil, nil, fmt.Errorf("column %s: %w", record.ColumnName(k.Column), err)
	}
	return t, a, nil
}

// as is an array of another type with the same layout, which shares its memory.
func as(data arrow.ArrayData, typ arrow.DataType) arrow.Array {
	var words *array.Data
	if data.DataType().ID() == arrow.DICTIONARY {
		inner := as(data.Dictionary(), typ)
		defer inner.Release()
		words = inner.Data().(*array.Data)
		typ = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: typ}
	}
	viewed := array.NewDataWithDictionary(typ, data.Len(), data.Buffers(), data.NullN(), data.Offset(), words)
	defer viewed.Release()
	return array.MakeFromData(viewed)
}

// rowKeys are the keys of the rows of one record, for the ledger.
type rowKeys struct {
	plan              *Plan
	list              *List
	profiles, address *texts
	arrays            [2]arrow.Array
}

func (k *rowKeys) bind(record arrow.Record) (err error) {
	if k.profiles, k.arrays[0], err = k.list.ProfileView.textsOf(record); err != nil {
		return err
	}
	if k.list.Kind == identity.None {
		return nil // whatever the column of addresses holds is nobody's
	}
	k.address, k.arrays[1], err = k.list.AddressView.textsOf(record)
	return err
}

func (k *rowKeys) release() {
	for i, a := range k.arrays {
		if a != nil {
			a.Release()
			k.arrays[i] = nil
		}
	}
	k.profiles, k.address = nil, nil
}

// appendProfile appends the normal form of a row's profile id, if it has one.
func (k *rowKeys) appendProfile(dst []byte, row int) ([]byte, bool) {
	return k.appendKey(dst, k.profiles, identity.None, row)
}

// appendAddress appends the normal form of a row's address, if it has one.
func (k *rowKeys) appendAddress(dst []byte, row int) ([]byte, bool) {
	return k.appendKey(dst, k.address, k.list.Kind, row)
}

func (k *rowKeys) appendKey(dst []byte, of *texts, kind identity.Kind, row int) ([]byte, bool) {
	if of == nil {
		return dst, false
	}
	raw := of.at(row)
	if raw == nil {
		return dst, false
	}
	text, status := appendNormal(k.plan.Normalizer, dst, kind, raw)
	return text, status == identity.Valid
}
