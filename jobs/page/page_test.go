package page_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"optout/jobs/history"
	"optout/jobs/page"
	"optout/jobs/page/pagetest"
)

// visitor asks a page as a browser on this machine does.
type visitor struct {
	t      *testing.T
	h      http.Handler
	cookie string
}

// ask sends a request, changed before it goes.
func (v *visitor) ask(method, path string, form url.Values, change func(r *http.Request)) *httptest.ResponseRecorder {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), method, "http://127.0.0.1:8321"+path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if v.cookie != "" {
		r.Header.Set("Cookie", v.cookie)
	}
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	v.h.ServeHTTP(w, r)
	return w
}

// get asks for a page, which must have a status.
func (v *visitor) get(path string, status int) string {
	v.t.Helper()
	w := v.ask(http.MethodGet, path, nil, nil)
	if w.Code != status {
		v.t.Fatalf("GET %s: got %d, want %d\n%s", path, w.Code, status, w.Body)
	}
	return w.Body.String()
}

var secretField = regexp.MustCompile(`name="secret" value="([^"]+)"`)

// signIn signs in and returns the secret of the session.
func (v *visitor) signIn() string {
	v.t.Helper()
	w := v.ask(http.MethodPost, "/sign-in", url.Values{"token": {pagetest.Token}, "back": {"/"}}, nil)
	if w.Code != http.StatusSeeOther {
		v.t.Fatalf("sign in: got %d\n%s", w.Code, w.Body)
	}
	v.cookie, _, _ = strings.Cut(w.Header().Get("Set-Cookie"), ";")
	return secretField.FindStringSubmatch(v.get("/", http.StatusOK))[1]
}

// nights is a world with a job that has some nights behind it.
func nights(t *testing.T) *pagetest.World {
	t.Helper()
	w := pagetest.New(t)
	w.Job("nightly")
	w.Night("nightly", "2026-11-22", history.Published, nil)
	w.Night("nightly", "2026-11-23", history.Failed, nil)
	w.Night("nightly", "2026-11-23", history.Published, nil)
	w.Night("nightly", "2026-11-24", history.Published, nil)
	w.Night("nightly", "2026-11-25", history.Refused, nil)
	return w
}

func visit(t *testing.T, w *pagetest.World, change func(o *page.Options)) *visitor {
	t.Helper()
	return &visitor{t: t, h: w.Start(change)}
}

// contains checks for texts; those that begin with ! must not be there.
func contains(t *testing.T, where, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		absent, not := strings.CutPrefix(text, "!")
		if strings.Contains(page, absent) == not {
			t.Errorf("%s: want %q in\n%s", where, text, page)
		}
	}
}

func TestOverview(t *testing.T) {
	v := visit(t, pagetest.New(t), nil)
	contains(t, "no job", v.get("/", 200), "There is no job file yet")

	w := nights(t)
	w.Job("weekly", "30 2 * * *", "0 4 * * 1")
	w.Broken("wrong.yaml")
	v = visit(t, w, nil)
	contains(t, "overview", v.get("/", 200),
		`2 jobs need a look</b>, of 3`, `<a href="/jobs/nightly"><bdi>nightly</bdi></a>`,
		`30 nights to 2026-11-25: 26 without a run, 3 published, 1 refused`, `<title>Mon 23 Nov 2026: published</title>`,
		`<bdi>wrong.yaml</bdi> is no job</h2>`, `jub: unknown key`,
		"Thu 26 Nov, 02:30\u00a0CET", "in 17\u00a0h", "Mon 30 Nov, 04:00\u00a0CET", `15,856 of 18,328 kept`)
}

func TestJob(t *testing.T) {
	v := visit(t, nights(t), nil)
	text := v.get("/jobs/nightly", 200)
	contains(t, "job", text, `refused</span> for Wed 25 Nov 2026.`, `<a href="/jobs/nightly/attempts/2026-11-23-002">`, `attempt 2`,
		`<code>30 2 * * *</code>`, `<a href="/sign-in?back=/jobs/nightly">Sign in</a> to run it`, `!<button>Run now`)
	v.get("/jobs/none", 404)
	v.get("/none", 404)
}

func TestAttempt(t *testing.T) {
	v := visit(t, nights(t), nil)
	contains(t, "published", v.get("/jobs/nightly/attempts/2026-11-24-001", 200),
		`Compared with <a href="/jobs/nightly/attempts/2026-11-23-002">Mon 23 Nov 2026</a>`, `15,856 <span class="quiet">+2</span>`, `2,452 <span class="quiet">-1</span>`,
		`20 <span class="quiet">as before</span>`,
		`<code>optout diff date=2026-11-23/run=d06a68755ec52b26 date=2026-11-24/run=d06a68755ec52b26</code>`, `attempts/2026-11-24-001/report">Read the audit report`, `1,204,552`, `within 26`, `!Let a gate through`)
	contains(t, "first", v.get("/jobs/nightly/attempts/2026-11-22-001", 200), `no published run before to compare with`, `!optout diff`)
	contains(t, "failed", v.get("/jobs/nightly/attempts/2026-11-23-001", 200), `no space left on device`, `Nothing was published`, `!report">Read`, `!Let a gate through`)
	contains(t, "refused", v.get("/jobs/nightly/attempts/2026-11-25-001", 200), `gate max_age: consents: 40h0m old`, `Let a gate through`, `Sign in</a> to do so`, `not within 26`)
	v.get("/jobs/nightly/attempts/2026-11-25-009", 404)
}

func TestReport(t *testing.T) {
	v := visit(t, nights(t), nil)
	w := v.ask(http.MethodGet, "/jobs/nightly/attempts/2026-11-24-001/report", nil, nil)
	contains(t, "report", w.Body.String(), "The report of 2026-11-24")
	contains(t, "policy", w.Header().Get("Content-Security-Policy"), "sandbox;", "default-src 'none'", "!script", "!allow-")
	v.get("/jobs/nightly/attempts/2026-11-25-001/report", 404)
	v.get("/jobs/nightly/attempts/2026-11-25-009/report", 404)

	// The history is not believed where it leads out of the job's directory.
	world := pagetest.New(t)
	world.Job("nightly")
	world.Night("nightly", "2026-11-24", history.Published, nil)
	world.Night("nightly", "2026-11-25", history.Published, func(a *history.Attempt) { a.Path = "../nightly/date=2026-11-24/run=d06a68755ec52b26" })
	v = visit(t, world, nil)
	v.get("/jobs/nightly/attempts/2026-11-24-001/report", 200)
	v.get("/jobs/nightly/attempts/2026-11-25-001/report", 404)
}

func TestMonitors(t *testing.T) {
	v := visit(t, nights(t), nil)
	if got := v.get("/healthz", 200); got != "ok\n" {
		t.Errorf("healthz: got %q", got)
	}
	contains(t, "metrics", v.get("/metrics", 200), `optout_job_last_attempt_status{job="nightly",status="refused"} 1`, `optout_build_info{goversion=`)
}

// TestNames: what the page shows is not taken for markup.
func TestNames(t *testing.T) {
	w := pagetest.New(t)
	w.Job("nightly")
	w.Night("nightly", "2026-11-25", history.Failed, func(a *history.Attempt) { a.Error, a.Host = `<script>alert(1)</script>`, `"><b>` })
	v := visit(t, w, nil)
	contains(t, "attempt", v.get("/jobs/nightly/attempts/2026-11-25-001", 200), "!<script", "&lt;script&gt;", `!"><b>`)
}

// TestSeveralAttempts: of a date with several attempts, a published run is what it
// came to; it is compared with another night, and a refusal before it is done with.
func TestSeveralAttempts(t *testing.T) {
	w := pagetest.New(t)
	w.Job("nightly")
	w.Night("nightly", "2026-11-23", history.Published, nil)
	w.Night("nightly", "2026-11-24", history.Refused, nil)
	w.Night("nightly", "2026-11-24", history.Published, nil)
	w.Night("nightly", "2026-11-24", history.Already, nil)
	w.Night("nightly", "2026-11-24", history.Failed, nil)
	v := visit(t, w, nil)
	v.signIn()
	contains(t, "overview", v.get("/", 200), `<title>Tue 24 Nov 2026: published before</title>`, `30 nights to 2026-11-25: 28 without a run, 2 published`)
	contains(t, "refused", v.get("/jobs/nightly/attempts/2026-11-24-001", 200), "!Let a gate through")
	contains(t, "published again", v.get("/jobs/nightly/attempts/2026-11-24-003", 200), `Compared with <a href="/jobs/nightly/attempts/2026-11-23-001">`)
}

// TestGatesThatStay: what cannot be let through is not offered.
func TestGatesThatStay(t *testing.T) {
	w := pagetest.New(t)
	w.Job("nightly")
	w.Night("nightly", "2026-11-25", history.Refused, func(a *history.Attempt) { a.Gates[0].Name = "missing" })
	v := visit(t, w, nil)
	v.signIn()
	contains(t, "missing", v.get("/jobs/nightly/attempts/2026-11-25-001", 200), "!Let a gate through", "<code>missing</code>")
}

// TestUnreadable: an attempt whose file is damaged is shown as one that failed.
func TestUnreadable(t *testing.T) {
	w := pagetest.New(t)
	w.Job("nightly")
	w.Night("nightly", "2026-11-25", history.Published, nil)
	if err := os.WriteFile(filepath.Join(w.Dir, "out", "nightly", "attempts", "2026-11-25-001.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	v := visit(t, w, nil)
	contains(t, "overview", v.get("/", 200), `1 job needs a look`, `<a href="/jobs/nightly/attempts/2026-11-25-001">`)
	contains(t, "attempt", v.get("/jobs/nightly/attempts/2026-11-25-001", 200), "read history: 2026-11-25-001.json", "at a time not known", "!Program", "!0001")
}
