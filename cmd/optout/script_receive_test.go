package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptReceive is a webhook until the script ends.
func scriptReceive(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 3, "receive VAR FILE CODE")
	code, err := strconv.Atoi(args[2])
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[1]), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(f, "%s %s %s %v\n%s\n", r.Method, r.Header.Get("Optout-Delivery"), r.Header.Get("Optout-Signature"), err, body)
		w.WriteHeader(code)
	}))
	ts.Defer(func() {
		s.Close()
		ts.Check(f.Close())
	})
	ts.Setenv(args[0], s.URL+"/secret-path")
}
