// Package page shows in a browser what a daemon does: its jobs with their last
// thirty nights, each attempt with its gates, counts and report, and how it differs
// from the night before. It is also where a monitoring system asks.
//
// Everybody who reaches the page may read it: by default only this machine does.
// Whoever knows the token may run a job and let a gate through. The page is HTML
// made here, without scripts and with nothing from elsewhere; guard.go has what
// keeps strangers, and other sites in the same browser, away from it:
//
//   - requests by another name than this machine's, or the one the page is told it
//     has, are refused, so that no site's name can be made to lead here;
//   - what changes something comes from the page itself, with the session's own
//     secret in the form, or with the token in a header, which no site can send;
//   - without a token nothing can be changed, and reached from elsewhere nothing
//     can be read either.
package page
