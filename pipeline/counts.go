package pipeline

import (
	"fmt"

	"optout/pipeline/consent"
)

// Counts says what became of the rows of one send list.
type Counts struct {
	Planned   int64
	Decisions [consent.NumDecisions]int64
	Primary   [consent.NumReasons]int64 // rows by their primary reason
	Listed    [consent.NumReasons]int64 // rows that have the reason at all
	Bypassed  [consent.NumReasons]int64 // transactional rows that marketing would have lost
	Reprieved int64                     // transactional rows with any of those
	Generic   int64                     // kept rows whose content was made generic
	Exempted  int64                     // kept rows that a registry has, lifted by an exemption
}

func (c *Counts) add(v consent.Verdict) {
	c.Planned++
	c.Decisions[v.Decision]++
	if v.Reasons != 0 {
		c.Primary[v.Reasons.Primary()]++
	}
	for rest := v.Reasons; rest != 0; rest &= rest - 1 {
		c.Listed[rest.Primary()]++
	}
	if v.Bypassed != 0 && v.Decision == consent.Kept {
		c.Reprieved++
		for rest := v.Bypassed; rest != 0; rest &= rest - 1 {
			c.Bypassed[rest.Primary()]++
		}
	}
}

func (c *Counts) merge(d *Counts) {
	c.Planned += d.Planned
	for i := range c.Decisions {
		c.Decisions[i] += d.Decisions[i]
	}
	for i := range c.Primary {
		c.Primary[i] += d.Primary[i]
		c.Listed[i] += d.Listed[i]
		c.Bypassed[i] += d.Bypassed[i]
	}
	c.Reprieved += d.Reprieved
	c.Generic += d.Generic
	c.Exempted += d.Exempted
}

// balance makes sure that every planned row has a decision and every refused
// row a reason.
func (c *Counts) balance(planned int64) error {
	kept, dropped, quarantined := c.Decisions[consent.Kept], c.Decisions[consent.Dropped], c.Decisions[consent.Quarantined]
	reasons := int64(0)
	for _, n := range c.Primary {
		reasons += n
	}
	switch {
	case c.Decisions[consent.NotGranted] != 0:
		return fmt.Errorf("%d rows were neither granted nor refused", c.Decisions[consent.NotGranted])
	case c.Planned != planned || kept+dropped+quarantined != planned:
		return fmt.Errorf("planned %d is not kept %d + dropped %d + quarantined %d", planned, kept, dropped, quarantined)
	case reasons != dropped+quarantined:
		return fmt.Errorf("%d rows were refused, %d have a reason", dropped+quarantined, reasons)
	}
	return nil
}
