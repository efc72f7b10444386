package page_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"optout/jobs/page"
	"optout/jobs/page/pagetest"
)

// TestHosts: a page is found by names of this machine only, and by the one it is
// told: a stranger's name that leads here is not answered.
func TestHosts(t *testing.T) {
	v := visit(t, nights(t), nil)
	for host, want := range map[string]int{
		"127.0.0.1:8321": 200, "localhost:8321": 200, "LOCALHOST": 200, "[::1]:8321": 200, "127.0.0.2": 200,
		"evil.example": 421, "evil.example:8321": 421, "localhost.evil.example": 421, "10.0.0.1": 421, "": 421, "127.0.0.1.evil.example": 421,
	} {
		w := v.ask(http.MethodGet, "/", nil, func(r *http.Request) { r.Host = host })
		if w.Code != want {
			t.Errorf("host %q: got %d, want %d", host, w.Code, want)
		}
		if w = v.ask(http.MethodGet, "/healthz", nil, func(r *http.Request) { r.Host = host }); w.Code != 200 {
			t.Errorf("healthz by host %q: got %d", host, w.Code)
		}
	}
}

// TestHeaders: each answer carries the policy.
func TestHeaders(t *testing.T) {
	v := visit(t, nights(t), nil)
	for _, path := range []string{"/", "/jobs/nightly", "/jobs/nightly/attempts/2026-11-25-001", "/sign-in", "/style.css", "/none", "/metrics"} {
		h := v.ask(http.MethodGet, path, nil, nil).Header()
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s: got %q, want %q", path, name, got, want)
			}
		}
	}
}

// TestSignIn: only the token opens a session, whose cookie no script and no other
// site can use.
func TestSignIn(t *testing.T) {
	w := nights(t)
	v := visit(t, w, nil)
	for _, token := range []string{"", "wrong", pagetest.Token + " ", strings.ToUpper(pagetest.Token)} {
		got := v.ask(http.MethodPost, "/sign-in", url.Values{"token": {token}}, nil)
		if got.Code != http.StatusForbidden || got.Header().Get("Set-Cookie") != "" {
			t.Errorf("token %q: got %d, cookie %q", token, got.Code, got.Header().Get("Set-Cookie"))
		}
		contains(t, "wrong token", got.Body.String(), "That is not the token.", "!"+pagetest.Token)
	}
	for back, want := range map[string]string{"/jobs/nightly": "/jobs/nightly", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "": "/"} {
		got := v.ask(http.MethodPost, "/sign-in", url.Values{"token": {pagetest.Token}, "back": {back}}, nil)
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != want {
			t.Errorf("back to %q: got %d, %q", back, got.Code, got.Header().Get("Location"))
		}
		cookie, _, _ := strings.Cut(got.Header().Get("Set-Cookie"), ";")
		if got := strings.TrimPrefix(got.Header().Get("Set-Cookie"), cookie); got != "; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict" {
			t.Errorf("cookie: got %q", got)
		}
	}
	secret := v.signIn()
	contains(t, "signed in", v.get("/jobs/nightly", 200), "Run now</button>", "Sign out")
	if got := v.ask(http.MethodPost, "/sign-out", url.Values{"secret": {"wrong"}}, nil); got.Code != http.StatusForbidden {
		t.Errorf("sign out without the secret: got %d", got.Code)
	}
	v.ask(http.MethodPost, "/sign-out", url.Values{"secret": {secret}}, nil)
	contains(t, "signed out", v.get("/jobs/nightly", 200), "!Run now</button>")
	if log := w.Log.String(); strings.Contains(log, pagetest.Token) || !strings.Contains(log, "a wrong token on the page") {
		t.Errorf("log: %s", log)
	}
}

// TestGuessing: after ten wrong tokens, in a form or a header, none is looked at for a
// while; who is signed in stays so.
func TestGuessing(t *testing.T) {
	now := pagetest.Now()
	v := visit(t, nights(t), func(o *page.Options) { o.Now, o.Host = func() time.Time { return now }, "optout.example" })
	v.signIn()
	show := func(token string, header bool) int {
		t.Helper()
		cookie := v.cookie
		defer func() { v.cookie = cookie }()
		v.cookie = ""
		method, path, form, change := http.MethodPost, "/sign-in", url.Values{"token": {token}}, func(*http.Request) {}
		if header {
			method, path, form, change = http.MethodGet, "/metrics", nil, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
		}
		got := v.ask(method, path, form, change)
		if got.Code == http.StatusTooManyRequests {
			contains(t, "too many", got.Body.String(), "too many wrong tokens", "!"+pagetest.Token)
			if after := got.Header().Get("Retry-After"); after != "10" {
				t.Errorf("retry after: got %q", after)
			}
		}
		return got.Code
	}
	right := pagetest.Token
	for i, c := range []struct {
		token  string
		header bool
		passed time.Duration
		want   int
	}{
		{right, false, 0, 303},
		{"wrong", true, 0, 401},
		{right, true, 0, 200},
		{"wrong", true, 0, 401},
		{"wrong", true, 0, 401},
		{"wrong", true, 0, 401},
		{"", true, 0, 401},
		{"wrong", false, 0, 403},
		{"wrong", false, 0, 403},
		{"wrong", false, 0, 403},
		{right, false, 0, 303},
		{"", false, 0, 403},
		{"wrong", false, 0, 403},
		{right, false, 0, 429},
		{right, true, 0, 429},
		{"wrong", true, 0, 429},
		{right, false, 10 * time.Second, 303},
		{"wrong", false, 0, 403},
		{right, false, 0, 429},
		{right, false, -time.Hour, 429},
		{right, false, 10 * time.Second, 303},
		{right, true, 0, 200},
	} {
		now = now.Add(c.passed)
		if got := show(c.token, c.header); got != c.want {
			t.Errorf("%d: got %d, want %d", i, got, c.want)
		}
		contains(t, "signed in", v.get("/jobs/nightly", 200), "Run now</button>")
	}
}

// TestSessionsEnd: after half a day the token is asked for again.
func TestSessionsEnd(t *testing.T) {
	now := pagetest.Now()
	v := visit(t, nights(t), func(o *page.Options) { o.Now = func() time.Time { return now } })
	v.signIn()
	now = now.Add(12*time.Hour - time.Second)
	contains(t, "shortly before", v.get("/jobs/nightly", 200), "Run now</button>")
	now = now.Add(time.Second)
	contains(t, "after", v.get("/jobs/nightly", 200), "!Run now</button>")
}

// TestSessionsAreBounded: of very many sessions, the oldest ends.
func TestSessionsAreBounded(t *testing.T) {
	now := pagetest.Now()
	v := visit(t, nights(t), func(o *page.Options) { o.Now = func() time.Time { return now } })
	var cookies []string
	for range 101 {
		now = now.Add(time.Second)
		v.cookie = ""
		v.signIn()
		cookies = append(cookies, v.cookie)
	}
	for i, want := range map[int]bool{0: false, 1: true, 100: true} {
		v.cookie = cookies[i]
		if got := strings.Contains(v.get("/jobs/nightly", 200), "Run now</button>"); got != want {
			t.Errorf("session %d: signed in is %v, want %v", i, got, want)
		}
	}
}

// TestStart: who may start a run, and how.
func TestStart(t *testing.T) {
	w := nights(t)
	v := visit(t, w, nil)
	secret := v.signIn()
	cookie := v.cookie
	now := url.Values{"secret": {secret}}
	gates := url.Values{"secret": {secret}, "approve": {"yes"}, "date": {"2026-11-25"}, "accept": {"max_age:consents", "max_shrink:consents"}}
	bearer := func(token string) func(r *http.Request) {
		return func(r *http.Request) {
			r.Header.Del("Cookie")
			r.Header.Set("Authorization", "Bearer "+token)
		}
	}
	site := func(name string) func(r *http.Request) {
		return func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", name) }
	}
	for _, c := range []struct {
		name   string
		form   url.Values
		change func(r *http.Request)
		want   int
		starts bool
	}{
		{"no session", now, func(r *http.Request) { r.Header.Del("Cookie") }, 403, false},
		{"another session", now, func(r *http.Request) { r.Header.Set("Cookie", cookie+"x") }, 403, false},
		{"no secret", url.Values{}, nil, 403, false},
		{"a wrong secret", url.Values{"secret": {secret + "x"}}, nil, 403, false},
		{"the secret in the address", url.Values{}, func(r *http.Request) { r.URL.RawQuery = now.Encode() }, 403, false},
		{"another site", now, site("cross-site"), 403, false},
		{"a neighbour site", now, site("same-site"), 403, false},
		{"another origin", now, func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }, 403, false},
		{"a wrong token", url.Values{}, bearer("wrong"), 403, false},
		{"an empty token", url.Values{}, bearer(""), 403, false},
		{"a large body", url.Values{"secret": {secret}, "x": {strings.Repeat("x", 100_000)}}, nil, 403, false},
		{"a wrong date", url.Values{"secret": {secret}, "date": {"tomorrow"}}, nil, 400, false},
		{"a wrong gate", url.Values{"secret": {secret}, "accept": {"missing"}}, nil, 400, false},
		{"no gate ticked", url.Values{"secret": {secret}, "approve": {"yes"}}, nil, 400, false},
		{"a form", now, site("same-origin"), 303, true},
		{"gates", gates, nil, 303, true},
		{"a program", url.Values{}, bearer(pagetest.Token), 303, true},
	} {
		before := len(w.Starts())
		got := v.ask(http.MethodPost, "/jobs/nightly/run", c.form, c.change)
		if got.Code != c.want {
			t.Errorf("%s: got %d, want %d\n%s", c.name, got.Code, c.want, got.Body)
		}
		if c.starts {
			w.Await("it ended", func() bool { return len(w.Starts()) > before && !w.Running() })
		} else if len(w.Starts()) != before {
			t.Errorf("%s: a run was started", c.name)
		}
	}
	want := []string{"nightly 2026-11-25 page []", "nightly 2026-11-25 page [max_age:consents max_shrink:consents]", "nightly 2026-11-25 page []"}
	if diff := cmp.Diff(want, w.Starts()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := v.ask(http.MethodGet, "/jobs/nightly/run", nil, nil); got.Code == http.StatusSeeOther {
		t.Errorf("GET starts: %d", got.Code)
	}
	if got := v.ask(http.MethodPost, "/jobs/none/run", now, nil); got.Code != http.StatusNotFound {
		t.Errorf("no such job: got %d", got.Code)
	}
}

func TestBusy(t *testing.T) {
	w := nights(t)
	v := visit(t, w, nil)
	secret := v.signIn()
	w.Run("nightly")
	got := v.ask(http.MethodPost, "/jobs/nightly/run", url.Values{"secret": {secret}}, nil)
	if got.Code != http.StatusConflict {
		t.Errorf("got %d", got.Code)
	}
	contains(t, "busy", got.Body.String(), "the job is running, for 2026-11-25", "<button disabled>Run now")
	contains(t, "overview", v.get("/", 200), "1 is running now", "running</span>")
}

// TestNoToken: without a token nobody can change anything.
func TestNoToken(t *testing.T) {
	w := nights(t)
	v := visit(t, w, func(o *page.Options) { o.Token = nil })
	contains(t, "job", v.get("/jobs/nightly", 200), "started without <code>OPTOUT_TOKEN</code>", "!<form", "!Sign in")
	contains(t, "attempt", v.get("/jobs/nightly/attempts/2026-11-25-001", 200), "!<form", "optout run --accept")
	for _, token := range []string{"", "x"} {
		if got := v.ask(http.MethodPost, "/sign-in", url.Values{"token": {token}}, nil); got.Code != http.StatusForbidden {
			t.Errorf("token %q: got %d", token, got.Code)
		}
		got := v.ask(http.MethodPost, "/jobs/nightly/run", url.Values{}, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
		if got.Code != http.StatusForbidden {
			t.Errorf("token %q: got %d", token, got.Code)
		}
	}
	if len(w.Starts()) > 0 {
		t.Errorf("started %s", w.Starts())
	}
}

// TestElsewhere: reached from elsewhere, nothing is shown without the token.
func TestElsewhere(t *testing.T) {
	v := visit(t, nights(t), func(o *page.Options) { o.Host = "optout.example" })
	named := func(r *http.Request) { r.Host = "optout.example" }
	for path, want := range map[string]int{
		"/": 303, "/jobs/nightly": 303, "/jobs/nightly/attempts/2026-11-24-001/report": 303, "/metrics": 401, "/none": 303,
		"/sign-in": 200, "/style.css": 200, "/healthz": 200,
	} {
		if got := v.ask(http.MethodGet, path, nil, named); got.Code != want {
			t.Errorf("%s: got %d, want %d", path, got.Code, want)
		}
		if got := v.ask(http.MethodGet, path, nil, nil); got.Code != want { // a name of this machine is no password
			t.Errorf("%s by 127.0.0.1: got %d, want %d", path, got.Code, want)
		}
		got := v.ask(http.MethodGet, path, nil, func(r *http.Request) {
			named(r)
			r.Header.Set("Authorization", "Bearer "+pagetest.Token)
		})
		if got.Code == http.StatusSeeOther || got.Code == http.StatusUnauthorized {
			t.Errorf("%s with the token: got %d", path, got.Code)
		}
	}
	if got := v.ask(http.MethodPost, "/jobs/nightly/run", url.Values{}, named); got.Code != http.StatusUnauthorized {
		t.Errorf("start: got %d", got.Code)
	}
	got := v.ask(http.MethodPost, "/sign-in", url.Values{"token": {pagetest.Token}}, named)
	if !strings.HasSuffix(got.Header().Get("Set-Cookie"), "; HttpOnly; Secure; SameSite=Strict") {
		t.Errorf("cookie: got %q", got.Header().Get("Set-Cookie"))
	}
}

func TestNew(t *testing.T) {
	if _, err := page.New(page.Options{Token: []byte("fifteen bytes .")}); err == nil || strings.Contains(err.Error(), "fifteen bytes") {
		t.Errorf("a short token: got %v", err)
	}
	if _, err := page.New(page.Options{Host: "optout.example"}); err == nil {
		t.Error("elsewhere without a token: got no error")
	}
}

func TestListen(t *testing.T) {
	for address, host := range map[string]string{"127.0.0.1:0": "", "localhost:0": "", "[::1]:0": "", "0.0.0.0:0": "optout.example"} {
		l, err := page.Listen(t.Context(), address, host)
		if err != nil {
			if strings.Contains(err.Error(), "cannot assign") { // a machine without IPv6
				continue
			}
			t.Errorf("%s: %v", address, err)
			continue
		}
		l.Close()
	}
	for _, address := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "optout.example:0", "127.0.0.1", ""} {
		l, err := page.Listen(t.Context(), address, "")
		if err == nil {
			l.Close()
			t.Errorf("%q: got no error", address)
		}
	}
}

// TestServe: the server answers, and ends when it is told to.
func TestServe(t *testing.T) {
	l, err := page.Listen(t.Context(), "127.0.0.1:0", "")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	p, err := page.New(page.Options{Jobs: pagetest.New(t).Daemon(), Now: pagetest.Now, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, l) }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 15)
	if _, err := c.Read(answer); err != nil || !slices.Equal(answer, []byte("HTTP/1.1 200 OK")) {
		t.Errorf("got %q, %v", answer, err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("it still listens")
	}
}
