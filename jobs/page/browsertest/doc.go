// Package browsertest looks at the page of optout serve in Chromium: at two widths,
// light and dark, with a keyboard only, and for what the browser complains of. It is
// a module of its own, since what drives the browser weighs more than the program.
//
//	go test -screenshots DIR    keep the pictures
package browsertest
