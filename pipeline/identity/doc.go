// Package identity says what makes two addresses the same person: it brings
// email addresses, phone numbers, device tokens and profile ids to one normal
// form, knows the placeholders that stand for nobody, and hashes normal forms
// for outputs that must not show them.
//
// Read it in this order:
//
//   - [Normalizer] turns raw text into a normal form and a [Status]. Two texts
//     reach the same person exactly if both are [Valid] and their normal forms
//     are the same bytes. A normal form is its own normal form.
//   - [Hasher] makes the hexadecimal hash of a normal form.
//
// The rules come from these sources; a rule marked (ours) is this project's
// choice where they are silent.
//
// Email: RFC 5321 and 5322 (shape and lengths), RFC 6531 (letters beyond
// ASCII), Unicode NFC (UAX 15), IDNA for the domain (RFC 5891, UTS 46 without
// transitional mapping), RFC 1034 and 3696 (labels).
//
//   - The whole address is lower-cased, the local part too (ours: RFC 5321
//     lets a host tell cases apart, hardly any does). Letters are mapped one by
//     one, so "ß" and "ss" stay apart and the Turkish "İ" is an "i".
//   - Invisible characters are dropped wherever they stand (ours): zero-width
//     ones, the byte order mark, the soft hyphen, marks of writing direction.
//   - Plus tags and dots are kept; only a [Widening] passes over them.
//   - One dot at the end of the domain, the DNS root, is dropped (ours); two
//     are malformed.
//   - Malformed (ours): quoted local parts, display names, "mailto:", comments,
//     a full-width "@", a domain without a dot or with a numeric last label
//     (an IPv4 address), IP literals, labels with an underscore or with a
//     hyphen at either end, U+FFFD (what a wrong decoding leaves behind).
//   - A hyphen pair in the third and fourth place is accepted (ours: such
//     names exist), and so are dots anywhere in the local part (ours: old
//     Japanese mobile addresses). A local part may be longer than 64 bytes,
//     the address not longer than 320.
//
// Phone: ITU-T E.164 ("+" and at most fifteen digits), numbering plans of
// Google's libphonenumber through github.com/nyaruka/phonenumbers.
//
//   - A number must be possible: a known calling code and a length its plan
//     has. It need not be assigned, since plans change before metadata does. A
//     number that works only inside its own area is malformed (ours).
//   - "00" is "+". Where that reading is not possible, and for "0011", the
//     region's own international prefix is tried (ours).
//   - A national prefix after the calling code, as in +33 (0)6, is dropped as
//     the library does, again and again until nothing changes (ours).
//   - Variants that reach one person: Mexico +52 1 and the old 01, 044, 045
//     prefixes; Argentina +54 9 and 15 after the area code; Brazil the ninth
//     digit of mobile numbers (eight digits that begin with 6 to 9).
//   - Digits of any script and the prefix "tel:" are accepted.
//   - Malformed (ours): letters, extensions and parameters, a leading hyphen,
//     a number that was a float (an exponent, a fraction of zeros, one digit
//     before the point), a number without a country where the normalizer has
//     no region.
//
// Token: byte for byte, without ASCII white space around it.
//
// Placeholders are compared after trimming, in ASCII without regard to case,
// with the text as it came and with its normal form, where those among them that
// are addresses stand in theirs, too.
//
// No error of this package holds a person's data.
package identity
