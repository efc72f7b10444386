package browsertest

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "directory to keep pictures in")

// A browser shows the page of one world.
type browser struct {
	t    *testing.T
	ctx  context.Context
	site string

	mu         sync.Mutex
	complaints []string
}

// open starts Chromium without a script engine for pages: they must do without.
func open(t *testing.T, h http.Handler) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("no Chromium: install Debian's package chromium")
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, site: s.URL}
	messages := chromedp.Console(ctx)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for m, err := range messages {
			if err != nil {
				return
			}
			b.mu.Lock()
			b.complaints = append(b.complaints, m.String())
			b.mu.Unlock()
		}
	}()
	end := cancel
	t.Cleanup(func() { end(); <-read })
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.ctx, cancel = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(cancel)
	return b
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// call sends the browser a command of its protocol.
func call[P any](b *browser, command cdp.Command[P, cdp.Empty], parameters P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, command, parameters); err != nil {
		b.t.Fatal(err)
	}
}

// screen sets width and colour scheme.
func (b *browser) screen(width int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// visit opens a path of the page.
func (b *browser) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.site + path))
}

// eval evaluates an expression, as the page's own scripts could not.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func (b *browser) text() string { return eval[string](b, "document.body.innerText") }

// picture keeps a picture of the whole page, if pictures are kept.
func (b *browser) picture(name string) {
	b.t.Helper()
	if *screenshots == "" {
		return
	}
	image, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name+".png"), image, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// looks shows a path at all widths and in both schemes, and holds it against what
// must be so everywhere.
func (b *browser) looks(name, path string) {
	b.t.Helper()
	for _, width := range []int64{1200, 360} {
		for _, scheme := range []string{"light", "dark"} {
			b.screen(width, scheme)
			b.visit(path)
			b.picture(fmt.Sprintf("%s-%d-%s", name, width, scheme))
			if scroll := eval[int64](b, "document.documentElement.scrollWidth"); scroll > width {
				b.t.Errorf("%s at %d: it is %d wide: %s", path, width, scroll, eval[string](b, wide))
			}
		}
	}
	for what, expression := range must {
		if found := eval[string](b, expression); found != "" {
			b.t.Errorf("%s: %s: %s", path, what, found)
		}
	}
	b.quiet(path)
}

// quiet checks that the browser complained of nothing.
func (b *browser) quiet(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		b.t.Errorf("%s: the browser complains:\n%s", where, strings.Join(b.complaints, "\n"))
	}
	b.complaints = nil
}

// wide names what reaches out of the page.
const wide = `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== "absolute").map(e => e.outerHTML.slice(0, 80)).slice(0, 5).join("; ")`

// must are expressions that name what is wrong with a page, and are empty.
var must = map[string]string{
	"one main, one h1, one title":     `["main", "h1", "title:not(svg title)"].filter(s => document.querySelectorAll(s).length !== 1).join()`,
	"a language":                      `document.documentElement.lang === "en" ? "" : "none"`,
	"headings go down one at a time":  `[...document.querySelectorAll("h1,h2,h3,h4")].reduce(([last, bad], h) => { const n = +h.tagName[1]; return [n, n > last + 1 ? bad + h.innerText : bad] }, [0, ""])[1]`,
	"links and buttons have names":    `[...document.querySelectorAll("a, button")].filter(e => !(e.textContent.trim() || e.ariaLabel)).map(e => e.outerHTML.slice(0, 80)).join()`,
	"fields have labels":              `[...document.querySelectorAll("input:not([type=hidden], [hidden])")].filter(e => !e.labels.length).map(e => e.outerHTML).join()`,
	"ids stand once":                  `[...document.querySelectorAll("[id]")].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i).join()`,
	"sections are named":              `[...document.querySelectorAll("section")].filter(e => !document.getElementById(e.getAttribute("aria-labelledby"))).map(e => e.outerHTML.slice(0, 80)).join()`,
	"nothing comes from elsewhere":    `[...document.querySelectorAll("[src], link[href]")].map(e => e.src || e.href).filter(u => !u.startsWith(location.origin) && !u.startsWith("data:,")).join()`,
	"no scripts, no styles in places": `[...document.querySelectorAll("script, style, [style], [onclick]")].map(e => e.outerHTML.slice(0, 80)).join()`,
	"text can be read":                contrast,
}

// contrast names text whose contrast with its ground is below WCAG AA.
const contrast = `(() => {
	const rgb = c => (c.match(/[\d.]+/g) || []).map(Number);
	const lum = ([r, g, b]) => { const f = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b) };
	const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c } return [255, 255, 255] };
	const bad = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; n = walk.nextNode();) {
		const e = n.parentElement;
		if (!n.data.trim() || e.closest("svg, button:disabled")) continue;
		const [a, b] = [lum(rgb(getComputedStyle(e).color)), lum(ground(e))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < 4.5) bad.push(n.data.trim().slice(0, 30) + " " + ratio.toFixed(2));
	}
	return bad.slice(0, 5).join("; ");
})()`
