package pipeline

import (
	"context"
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/identity"
)

// ListKeys says which columns of a list, or of its audience, name a recipient.
type ListKeys struct {
	Table            Table
	Profile, Address int // columns, or NoColumn
	Kind             identity.Kind
}

// ReadKeys calls each with the profile id and the address hash of every row, in
// order, as a ledger shows them: nil for none. They are valid until the next row
// is read.
func ReadKeys(ctx context.Context, l ListKeys, n *identity.Normalizer, hashKey []byte, each func(row int64, profile, addressHash []byte) error) error {
	hasher := identity.NewHasher(hashKey)
	var hash []byte
	keys := []keyColumn{{l.Profile, identity.None}, addressColumn(l.Address, l.Kind)}
	return eachKey(ctx, l.Table, n, keys, func(row int64, keys [][]byte) error {
		if keys[1] == nil {
			return each(row, keys[0], nil)
		}
		hash = hasher.AppendHex(hash[:0], keys[1])
		return each(row, keys[0], hash)
	})
}

// keyColumn is a column of addresses of a kind, or of ids for None.
type keyColumn struct {
	column int // or NoColumn
	kind   identity.Kind
}

// addressColumn is the column of a list's addresses. Where its channel has none,
// whatever the column holds is nobody's key.
func addressColumn(column int, kind identity.Kind) keyColumn {
	if kind == identity.None {
		column = NoColumn
	}
	return keyColumn{column, kind}
}

// eachKey calls each with the normal forms of every row's keys, nil for none.
// They are valid until the next row is read.
func eachKey(ctx context.Context, t Table, n *identity.Normalizer, columns []keyColumn, each func(row int64, keys [][]byte) error) error {
	columnTexts, forms, keys := make([]*texts, len(columns)), make([][]byte, len(columns)), make([][]byte, len(columns))
	return eachRecord(ctx, t, func(first int64, record arrow.Record) (err error) {
		for k, c := range columns {
			if c.column == NoColumn {
				continue
			}
			if columnTexts[k], err = newTexts(record.Column(c.column)); err != nil {
				return fmt.Errorf("column %s: %w", record.ColumnName(c.column), err)
			}
		}
		for i := range int(record.NumRows()) {
			for k, of := range columnTexts {
				keys[k] = nil
				if of == nil {
					continue
				}
				raw := of.at(i)
				if raw == nil {
					continue
				}
				var status identity.Status
				if forms[k], status = appendNormal(n, forms[k][:0], columns[k].kind, raw); status == identity.Valid {
					keys[k] = forms[k]
				}
			}
			if err := each(first+int64(i), keys); err != nil {
				return err
			}
		}
		return nil
	})
}
