package writers

import "encoding/json"

// A Summary says what became of every planned row of a run. It holds nothing
// that depends on when the run was made: the same inputs give the same bytes.
type Summary struct {
	RunID string        `json:"run_id"`
	Job   string        `json:"job"`
	Date  string        `json:"logical_date"` // YYYY-MM-DD; "date" is the folder, which warehouses make a column of
	Total Counts        `json:"total"`
	Lists []ListSummary `json:"lists"`
}

// Counts are rows: Planned is always the sum of the other three.
type Counts struct {
	Planned     int64 `json:"planned"`
	Kept        int64 `json:"kept"`
	Dropped     int64 `json:"dropped"`
	Quarantined int64 `json:"quarantined"`
}

// ListSummary is what became of one send list.
type ListSummary struct {
	Name     string `json:"list"`
	Channel  string `json:"channel"`
	Category string `json:"category"` // marketing or transactional
	Counts
	Reasons []ReasonCount `json:"reasons"` // by primary reason, the most severe first

	// Generic is the number of kept rows without personal content; null where
	// the list has none.
	Generic *int64 `json:"generic"`
	// Exempted is the number of kept rows that are on a registry and exempted from
	// it; absent where the job has no exemptions.
	Exempted *int64 `json:"exempted,omitempty"`
	// Bypass is, for a transactional list, what marketing consent would have
	// dropped; null for a marketing list.
	Bypass *Bypass `json:"bypass"`
}

// ReasonCount is the number of rows that a reason refused.
type ReasonCount struct {
	Decision string `json:"decision"` // dropped or quarantined
	Reason   string `json:"reason"`
	Rows     int64  `json:"rows"`   // with this as their primary reason
	Listed   int64  `json:"listed"` // with this among their reasons
}

// Bypass counts transactional rows that were kept against a marketing refusal.
type Bypass struct {
	Rows    int64         `json:"rows"`
	Reasons []BypassCount `json:"reasons"`
}

// BypassCount counts rows by one reason that did not bind them; a row with
// several is in each.
type BypassCount struct {
	Reason string `json:"reason"`
	Rows   int64  `json:"rows"`
}

// JSON is the text of summary.json.
func (s *Summary) JSON() ([]byte, error) { return indent(s) }

func indent(v any) ([]byte, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	return append(text, '\n'), err
}
