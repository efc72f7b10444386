package pipeline

import (
	"math"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
)

// moments are when the messages of rows go out. Nearly always these are whole
// seconds, of which four bytes are enough; where one is not, all take eight.
type moments struct {
	seconds []uint32 // since 1970
	micros  []int64  // since 1970 UTC; nil where seconds has them
}

// noSecond stands for consent.NoTime.
const noSecond = math.MaxUint32

func (m *moments) len() int { return max(len(m.seconds), len(m.micros)) }

// at is the time of row i, consent.NoTime where it has none.
func (m *moments) at(i int64) int64 {
	if m.micros != nil {
		return m.micros[i]
	}
	if m.seconds[i] == noSecond {
		return consent.NoTime
	}
	return int64(m.seconds[i]) * 1e6
}

func (m *moments) add(time int64) {
	if m.micros == nil {
		if s, ok := secondOf(time); ok {
			m.seconds = append(m.seconds, s)
			return
		}
		m.widen(cap(m.seconds))
	}
	m.micros = append(m.micros, time)
}

func secondOf(time int64) (uint32, bool) {
	if time == consent.NoTime {
		return noSecond, true
	}
	s := time / 1e6
	return uint32(s), s*1e6 == time && 0 <= s && s < noSecond
}

// widen gives every row eight bytes, and makes room for so many rows.
func (m *moments) widen(room int) {
	micros := make([]int64, 0, max(room, m.len(), 1))
	for i := range m.len() {
		micros = append(micros, m.at(int64(i)))
	}
	m.seconds, m.micros = nil, micros
}

// appendColumn appends the times of sending of the rows that are mine,
// consent.NoTime for null. The record begins with row number first.
func (m *moments) appendColumn(record arrow.Record, column int, first int64, mine []bool) error {
	at, err := newDates(record, column, first, lastDate)
	if err != nil {
		return err
	}
	for i := range int(record.NumRows()) {
		if mine == nil || mine[i] {
			m.add(at(i))
		}
	}
	return nil
}

// joinMoments puts the times of the parts of a list one behind the other.
func joinMoments(parts []listRows) (all moments) {
	wide := false
	for i := range parts {
		wide = wide || parts[i].sendAt.micros != nil
	}
	if wide {
		for i := range parts {
			if m := &parts[i].sendAt; m.micros == nil {
				m.widen(0)
			}
		}
	}
	all.seconds = joinColumn(parts, func(l *listRows) *[]uint32 { return &l.sendAt.seconds })
	all.micros = joinColumn(parts, func(l *listRows) *[]int64 { return &l.sendAt.micros })
	return all
}
