package readers

import "encoding/binary"

// plainInstant reads a time in the form that nearly every log has,
// 2026-11-25T10:00:00Z, in microseconds since 1970. Whatever else there is, and
// whatever is wrong, it leaves to the general way, which costs ten times as much
// (BenchmarkInstant): that builds two times to find out whether the month has the
// day.
func plainInstant(text []byte) (micros int64, ok bool) {
	const form = "2026-11-25T10:00:00Z"
	if len(text) != len(form) {
		return 0, false
	}
	date, noDate := pairs(text, "0000-00-", 0x7F76767F76767676)
	clock, noClock := pairs(text[8:], "00T00:00", 0x76767F76767F7676)
	end, noEnd := pairs(text[12:], "0:00:00Z", 0x7F76767F76767F76)
	year, month, day := 100*pair(date, 0)+pair(date, 2), pair(date, 5), pair(clock, 0)
	hour, minute, second := pair(clock, 3), pair(clock, 6), pair(end, 5)
	if noDate|noClock|noEnd != 0 || year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	return ((daysSince1970(year, month, day)*24+hour)*60+minute)*60*1e6 + second*1e6, true
}

// pairs reads eight bytes at once that have digits where a form has zeros, and else are
// the form's. Each byte of all is then ten times its digit and the next one; wrong is 0.
// Beyond is what makes 0x80 of the least number that a byte cannot be: 10 where a digit is,
// 1 elsewhere.
func pairs(text []byte, form string, beyond uint64) (all, wrong uint64) {
	x := binary.LittleEndian.Uint64(text) ^ binary.LittleEndian.Uint64([]byte(form))
	return 10*x + x>>8, (x + beyond | x) & 0x8080808080808080
}

// pair is the number of two digits, of which the first is byte i.
func pair(all uint64, i uint) int64 { return int64(all >> (8 * i) & 0xFF) }

func daysOf(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysSince1970 counts years from March, so that the day that not all have comes
// last.
func daysSince1970(year, month, day int64) int64 {
	month -= 3
	if month < 0 {
		month += 12
		year--
	}
	const before = 719_468 // days from March of the year 0 to 1970
	return 365*year + year/4 - year/100 + year/400 + (153*month+2)/5 + day - 1 - before
}
