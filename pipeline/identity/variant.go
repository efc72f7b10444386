package identity

import (
	"bytes"
	"strconv"
)

// Calling codes of countries where one telephone answers to several numbers.
const (
	mexico    = 52
	argentina = 54
	brazil    = 55
)

// appendFolded appends a national number, folded where a country writes the
// number of one telephone in several ways. An opt-out under one of them holds
// for all.
func appendFolded(dst []byte, code int, national []byte) []byte {
	switch code {
	case mexico:
		return append(dst, foldMexico(national)...)
	case argentina:
		// The 9 marks a mobile number dialled from abroad. The library turns
		// the 15 of numbers dialled at home into that 9.
		if len(national) == 11 && national[0] == '9' {
			national = national[1:]
		}
	case brazil:
		// Mobile numbers got a ninth digit, region by region until 2016; fixed
		// lines begin with 2 to 5. Two digits of area stand before.
		if len(national) == 10 && national[2] >= '6' {
			dst = append(dst, national[:2]...)
			dst = append(dst, '9')
			return append(dst, national[2:]...)
		}
	}
	return append(dst, national...)
}

// foldMexico drops the prefixes that Mexico abolished in 2019: 1 before mobile
// numbers dialled from abroad, 01, 044 and 045 at home.
func foldMexico(national []byte) []byte {
	const digits = 10
	for _, prefix := range []string{"1", "01", "044", "045"} {
		if len(national) == digits+len(prefix) && bytes.HasPrefix(national, []byte(prefix)) {
			return national[len(prefix):]
		}
	}
	return national
}

func appendCode(dst []byte, code int) []byte {
	return strconv.AppendInt(dst, int64(code), 10)
}
