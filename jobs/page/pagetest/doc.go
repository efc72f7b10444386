// Package pagetest makes folders of jobs with nights behind them, and serves their
// page, for the tests of package page in Go and in a browser.
package pagetest
