package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"optout/jobs/history"
	"optout/writers"
)

var (
	start  = time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)
	secret = []byte("a secret of sixteen bytes or more")
)

func attempt() *history.Attempt {
	exit, end := 3, start.Add(time.Minute)
	return &history.Attempt{
		Job: "nightly", Date: "2026-11-24", Number: 2, Status: history.Refused, Exit: &exit, By: history.BySchedule,
		StartedAt: start, FinishedAt: &end, Error: "refused: gate max_age", RunID: "ab12",
		Gates: []writers.Gate{{Name: "max_age", Subject: "consents", Reading: "40h"}, {Name: "empty", Passed: true}, {Name: "max_shrink", Accepted: true}},
	}
}

// TestNotice: what a receiver gets, to the byte, and how it is signed.
func TestNotice(t *testing.T) {
	var got *http.Request
	var body []byte
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	}))
	defer s.Close()
	w, err := New(s.URL+"/hook?key=1", secret, func() time.Time { return start.Add(time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Tell(t.Context(), attempt()); err != nil {
		t.Fatal(err)
	}
	want := `{"notice_version":1,"job":"nightly","date":"2026-11-24","attempt":"2026-11-24-002","status":"refused","exit_status":3,` +
		`"started_by":"schedule","started_at":"2026-11-24T01:30:00Z","finished_at":"2026-11-24T01:31:00Z","run_id":"ab12",` +
		`"error":"refused: gate max_age","accepted":[],` +
		`"refused":[{"gate":"max_age","subject":"consents","reading":"40h","limit":"","passed":false,"accepted":false}],"total":null}`
	if diff := cmp.Diff(want, string(body)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("1795487400." + want))
	for name, want := range map[string]string{
		"Optout-Signature": "t=1795487400,v1=" + hex.EncodeToString(mac.Sum(nil)),
		"Optout-Delivery":  "nightly/2026-11-24-002", "Content-Type": "application/json",
	} {
		if got := got.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got.Method != http.MethodPost || got.URL.String() != "/hook?key=1" {
		t.Errorf("got %s %s", got.Method, got.URL)
	}
}

func TestNoticeOfWhatWasPublished(t *testing.T) {
	a := attempt()
	a.Summary = &writers.Summary{Total: writers.Counts{Planned: 3, Kept: 2, Dropped: 1}}
	a.Gates, a.Accepted = nil, []string{"max_age:consents"}
	text, err := json.Marshal(NoticeOf(a))
	if err != nil {
		t.Fatal(err)
	}
	want := `"accepted":["max_age:consents"],"refused":[],"total":{"planned":3,"kept":2,"dropped":1,"quarantined":0}}`
	if !strings.HasSuffix(string(text), want) {
		t.Errorf("got %s, want %s at its end", text, want)
	}
}

func TestCheck(t *testing.T) {
	for address, want := range map[string]string{
		"https://hooks.example.com/a?b=c": "", "http://127.0.0.1:9/x": "", "http://[::1]/x": "", "http://localhost:80": "", "https://10.0.0.1": "",
		"http://hooks.example.com/a": "must begin with https", "http://10.0.0.1/a": "must begin with https", "http://localhost.example.com": "must begin with https",
		"ftp://127.0.0.1/a": "must begin with https", "https://u:p@hooks.example.com": "user name", "hooks.example.com": "no address", "": "no address", "https:a": "no address", "https://%zz": "no address",
	} {
		err := Check(address, secret)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", address, err, want)
		}
		if err != nil && address != "" && strings.Contains(err.Error(), address) {
			t.Errorf("%s: the error repeats the address: %v", address, err)
		}
	}
	if err := Check("https://hooks.example.com", secret[:15]); err == nil || strings.Contains(err.Error(), "a secret") {
		t.Errorf("a short secret: got %v", err)
	}
	if _, err := New("http://hooks.example.com", secret, time.Now); err == nil {
		t.Error("New took what Check refuses")
	}
}

// answers answers each try as told: a status, 0 for a broken line, -1 for silence.
type answers struct {
	codes []int
	tries []time.Duration // when, since the first
	begun time.Time
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	if a.begun.IsZero() {
		a.begun = time.Now()
	}
	a.tries = append(a.tries, time.Since(a.begun))
	code := a.codes[min(len(a.tries), len(a.codes))-1]
	switch code {
	case 0:
		return nil, errors.New("connection refused")
	case -1:
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return &http.Response{StatusCode: code, Header: http.Header{"Location": {"http://elsewhere"}}, Body: io.NopCloser(bytes.NewReader(nil)), Request: r}, nil
}

// TestTries: what is tried again, when, and when it is given up.
func TestTries(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		codes []int
		tries []time.Duration
		want  string // of the error
	}{
		{[]int{204}, []time.Duration{0}, ""},
		{[]int{0, 503, 200}, []time.Duration{0, 1 * s, 5 * s}, ""},
		{[]int{500}, []time.Duration{0, 1 * s, 5 * s, 20 * s}, "tell hooks.example.com: it answers 500"},
		{[]int{429, 408, 0, 200}, []time.Duration{0, 1 * s, 5 * s, 20 * s}, ""},
		{[]int{0}, []time.Duration{0, 1 * s, 5 * s, 20 * s}, "tell hooks.example.com: connection refused"},
		{[]int{400, 200}, []time.Duration{0}, "it answers 400"},
		{[]int{302, 200}, []time.Duration{0}, "it answers 302"},
		{[]int{-1, 200}, []time.Duration{0, 11 * s}, ""},
		{[]int{-1}, []time.Duration{0, 11 * s, 25 * s, 50 * s}, "deadline exceeded"},
	} {
		synctest.Test(t, func(t *testing.T) {
			by := &answers{codes: c.codes}
			w, err := newWebhook("https://hooks.example.com/secret-path", secret, time.Now, by)
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			err = w.Tell(t.Context(), attempt())
			if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret-path")) {
				t.Errorf("%v: got %v, want %q", c.codes, err, c.want)
			}
			if !slices.Equal(by.tries, c.tries) {
				t.Errorf("%v: tried after %v, want %v", c.codes, by.tries, c.tries)
			}
			if took := time.Since(begun); took > altogether {
				t.Errorf("%v: took %s", c.codes, took)
			}
		})
	}
}

// TestTellIsStopped: who stops waiting gets the reason of the last try.
func TestTellIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, err := newWebhook("https://hooks.example.com", secret, time.Now, &answers{codes: []int{500}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if err := w.Tell(ctx, attempt()); err == nil || !strings.Contains(err.Error(), "500") {
			t.Errorf("got %v", err)
		}
	})
}
