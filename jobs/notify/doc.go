// Package notify tells another program what became of a run: it posts a notice to
// a webhook, signed, and tries again where that may help.
//
// A notice is told after the fact. Whether anybody hears it changes nothing about
// the run, which is in the history either way.
//
// The body of a notice is JSON, a [Notice]. The header Optout-Signature reads
// t=SECONDS,v1=HEX: the time of the try in Unix seconds, and the HMAC-SHA256 of
// that number, a dot and the body, with the secret that both sides know. A receiver
// computes it over the body as it came, compares in constant time, and refuses what
// is older than some minutes. A notice that was told twice has the same
// Optout-Delivery.
package notify
