package browsertest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"optout/jobs/history"
	"optout/jobs/page/pagetest"
)

// month writes a month of nights for a job, of which a few went wrong.
func month(w *pagetest.World, job string, seed int) {
	for i := range 30 {
		date := time.Date(2026, 10, 27+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		status := history.Published
		switch (i*7 + seed*5) % 31 {
		case 3:
			status = history.Failed
		case 11, 12:
			status = history.Refused
		case 17:
			status = history.Skipped
		case 23:
			continue
		}
		if i == 29 && seed%9 != 0 {
			status = history.Published
		}
		w.Night(job, date, status, nil)
	}
}

func TestEmpty(t *testing.T) {
	w := pagetest.New(t)
	open(t, w.Start(nil)).looks("empty", "/")
}

func TestOneJob(t *testing.T) {
	w := pagetest.New(t)
	w.Job("nightly-marketing")
	month(w, "nightly-marketing", 1)
	b := open(t, w.Start(nil))
	b.looks("one-overview", "/")
	b.looks("one-job", "/jobs/nightly-marketing")
	b.looks("one-attempt", "/jobs/nightly-marketing/attempts/2026-11-25-001")
	b.looks("sign-in", "/sign-in")
}

func TestFortyJobs(t *testing.T) {
	w := pagetest.New(t)
	for i := range 38 {
		name := fmt.Sprintf("%s-%02d", []string{"newsletter", "black-friday-email-and-text-messages", "winback", "order-updates"}[i%4], i+1)
		w.Job(name)
		month(w, name, i)
	}
	w.Job("never-run-yet", `schedule: "30 2 * * *"`, "")
	w.Broken("half-written.yaml")
	b := open(t, w.Start(nil))
	b.looks("forty", "/")
	if text := b.text(); !strings.Contains(text, "of 40.") {
		t.Errorf("got %.300s", text)
	}
}

func TestRefused(t *testing.T) {
	w := pagetest.New(t)
	w.Job("nightly-marketing")
	month(w, "nightly-marketing", 1)
	w.Night("nightly-marketing", "2026-11-25", history.Refused, nil)
	b := open(t, w.Start(nil))
	b.looks("refused", "/jobs/nightly-marketing/attempts/2026-11-25-002")
	b.signIn("/jobs/nightly-marketing/attempts/2026-11-25-002")
	b.looks("refused-signed-in", "/jobs/nightly-marketing/attempts/2026-11-25-002")
}

func TestRunning(t *testing.T) {
	w := pagetest.New(t)
	w.Job("nightly-marketing")
	month(w, "nightly-marketing", 1)
	b := open(t, w.Start(nil))
	w.Run("nightly-marketing")
	b.looks("running-overview", "/")
	b.looks("running-job", "/jobs/nightly-marketing")
}

// signIn signs in with the keyboard alone.
func (b *browser) signIn(from string) {
	b.t.Helper()
	b.visit(from)
	b.do(chromedp.Click(`header a[href^="/sign-in"]`, chromedp.NodeVisible), chromedp.WaitVisible("#token"),
		chromedp.SendKeys("#token", pagetest.Token+kb.Enter), chromedp.WaitVisible(`form[action="/sign-out"]`))
}

// TestKeyboard: what can be done here can be done without a mouse, and shows where
// the keyboard is.
func TestKeyboard(t *testing.T) {
	w := pagetest.New(t)
	w.Job("nightly-marketing")
	w.Night("nightly-marketing", "2026-11-25", history.Refused, nil)
	b := open(t, w.Start(nil))
	b.screen(1200, "light")
	b.visit("/")
	var seen []string
	for range 5 {
		b.do(chromedp.KeyEvent(kb.Tab))
		seen = append(seen, eval[string](b, `document.activeElement.innerText.trim()`))
		if outline := eval[string](b, `getComputedStyle(document.activeElement).outlineStyle + " " + getComputedStyle(document.activeElement).outlineWidth`); outline != "solid 3px" {
			t.Errorf("%s: the outline is %q", seen[len(seen)-1], outline)
		}
		if len(seen) == 1 {
			b.picture("keyboard")
			if left := eval[float64](b, `document.activeElement.getBoundingClientRect().left`); left < 0 {
				t.Errorf("the first link is out of sight: %v", left)
			}
		}
	}
	if got, want := fmt.Sprintf("%q", seen), `["Skip to the content" "optout" "Sign in" "nightly-marketing" "✗refused"]`; got != want {
		t.Errorf("tabs: got %s, want %s", got, want)
	}

	b.signIn("/jobs/nightly-marketing/attempts/2026-11-25-001")
	b.do(chromedp.Focus("#gate-0"), chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter),
		chromedp.WaitVisible("#now"))
	w.Await("it ended", func() bool { return len(w.Starts()) == 1 && !w.Running() })
	b.visit("/jobs/nightly-marketing")
	if got, want := w.Starts()[0], "nightly-marketing 2026-11-25 page [max_age:consents max_shrink:consents]"; got != want {
		t.Errorf("started %q, want %q", got, want)
	}
	b.visit("/jobs/nightly-marketing/attempts/2026-11-25-002")
	if text := b.text(); !strings.Contains(text, "2 safety gates overridden by hand") {
		t.Errorf("got %s", text)
	}
	b.looks("approved", "/jobs/nightly-marketing/attempts/2026-11-25-002")
}

// TestReport: the published report is shown in a cage.
func TestReport(t *testing.T) {
	w := pagetest.New(t)
	w.Job("nightly-marketing")
	w.Night("nightly-marketing", "2026-11-25", history.Published, nil)
	b := open(t, w.Start(nil))
	b.visit("/jobs/nightly-marketing/attempts/2026-11-25-001/report")
	if text := b.text(); !strings.Contains(text, "The report of 2026-11-25") {
		t.Errorf("got %q", text)
	}
	if origin := eval[string](b, "self.origin"); origin != "null" {
		t.Errorf("the report is of origin %q", origin)
	}
}
