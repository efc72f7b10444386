package readers

// plainInstant reads a time in the form that nearly every log has,
// 2026-11-25T10:00:00Z, in microseconds since 1970. Whatever else there is, and
// whatever is wrong, it leaves to the general way, which costs ten times as much
// (BenchmarkInstant): that builds two times to find out whether the month has the
// day.
func plainInstant(text []byte) (micros int64, ok bool) {
	const form = "2026-11-25T10:00:00Z"
	if len(text) != len(form) || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z' {
		return 0, false
	}
	year := 100*pair(text[0], text[1]) + pair(text[2], text[3])
	month, day := pair(text[5], text[6]), pair(text[8], text[9])
	hour, minute, second := pair(text[11], text[12]), pair(text[14], text[15]), pair(text[17], text[18])
	if year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	return ((daysSince1970(year, month, day)*24+hour)*60+minute)*60*1e6 + second*1e6, true
}

// pair is the number that two digits say, and more than any two say where one is
// none.
func pair(tens, ones byte) int64 {
	t, o := tens-'0', ones-'0'
	if t > 9 || o > 9 {
		return 1e6
	}
	return 10*int64(t) + int64(o)
}

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
