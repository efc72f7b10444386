package identity

import "bytes"

// A Widening makes a suppression reach further: addresses that some providers
// deliver to one mailbox count as one. It may only ever add to what is
// suppressed (consent.md, section 5). The zero value widens nothing.
type Widening struct {
	PlusTags  bool // anna+news@example.com is anna@example.com, at every provider
	GmailDots bool // a.nna@googlemail.com is anna@gmail.com
}

// AppendWidened appends what the normal form of an email address becomes when
// it is widened: two addresses with the same result are one to a suppression.
func AppendWidened(dst, email []byte, w Widening) []byte {
	at := bytes.LastIndexByte(email, '@')
	local, domain := email[:at], email[at+1:]
	if plus := bytes.IndexByte(local, '+'); w.PlusTags && plus > 0 {
		local = local[:plus]
	}
	if w.GmailDots && (string(domain) == "gmail.com" || string(domain) == "googlemail.com") {
		start := len(dst)
		for _, c := range local {
			if c != '.' {
				dst = append(dst, c)
			}
		}
		if len(dst) == start {
			dst = append(dst, local...) // dots and nothing else: nobody's mailbox
		}
		return append(dst, "@gmail.com"...)
	}
	dst = append(append(dst, local...), '@')
	return append(dst, domain...)
}
