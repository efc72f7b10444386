package pipeline

import (
	"context"

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
	p, list := &Plan{Normalizer: n}, &List{Kind: l.Kind}
	hasher := identity.NewHasher(hashKey)
	var text, profile, hash []byte
	return eachRecord(ctx, l.Table, func(first int64, record arrow.Record) error {
		keys := rowKeys{plan: p, list: list}
		var err error
		if l.Profile != NoColumn {
			if keys.profiles, err = newTexts(record.Column(l.Profile)); err != nil {
				return err
			}
		}
		if l.Address != NoColumn && l.Kind != identity.None {
			if keys.address, err = newTexts(record.Column(l.Address)); err != nil {
				return err
			}
		}
		for i := range int(record.NumRows()) {
			var known bool
			if profile, known = keys.appendProfile(profile[:0], i); !known {
				profile = nil
			}
			if text, known = keys.appendAddress(text[:0], i); known {
				hash = hasher.AppendHex(hash[:0], text)
			} else {
				hash = nil
			}
			if err := each(first+int64(i), profile, hash); err != nil {
				return err
			}
		}
		return nil
	})
}
