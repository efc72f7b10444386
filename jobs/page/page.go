package page

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"optout/jobs/serve"
)

// leastToken is the length of a token that cannot be guessed, in bytes.
const leastToken = 16

// Jobs is what the page shows and starts: a *serve.Daemon.
type Jobs interface {
	// States lists all job files by name.
	States() []serve.State
	// Start runs a job now, for a logical date or today, with gates let through.
	Start(name, date string, accept []string) error
}

// Options are what a page needs to know.
type Options struct {
	Jobs    Jobs
	Out     string           // as in jobs.Options
	Now     func() time.Time // the clock on the wall
	Token   []byte           // of whoever may change something; empty for nobody
	Host    string           // name by which it is reached from elsewhere; empty: only from this machine
	Version string           // of the program
	Log     *slog.Logger
}

// A Page answers browsers and monitoring systems.
type Page struct {
	o         Options
	templates *template.Template
	style     []byte
	sessions  *sessions
}

// New makes a page. Its errors are a token that can be guessed, and one that is
// missing where the page is reached from elsewhere.
func New(o Options) (*Page, error) {
	switch {
	case len(o.Token) > 0 && len(o.Token) < leastToken:
		return nil, fmt.Errorf("the token has %d bytes; it needs at least %d", len(o.Token), leastToken)
	case o.Host != "" && len(o.Token) == 0:
		return nil, errors.New("a page that is reached from elsewhere needs a token")
	}
	templates, style, err := look()
	if err != nil {
		return nil, err
	}
	return &Page{o: o, templates: templates, style: style, sessions: newSessions(o.Token, o.Now)}, nil
}

// Handler answers requests.
func (p *Page) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.overview)
	mux.HandleFunc("GET /jobs/{job}", p.job)
	mux.HandleFunc("GET /jobs/{job}/attempts/{attempt}", p.attempt)
	mux.HandleFunc("GET /jobs/{job}/attempts/{attempt}/report", p.report)
	mux.HandleFunc("POST /jobs/{job}/run", p.run)
	mux.HandleFunc("GET /sign-in", p.askToken)
	mux.HandleFunc("POST /sign-in", p.signIn)
	mux.HandleFunc("POST /sign-out", p.signOut)
	mux.HandleFunc("GET /style.css", p.sheet)
	mux.HandleFunc("GET /metrics", p.metrics)
	mux.HandleFunc("GET /healthz", p.healthz)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p.fail(w, r, http.StatusNotFound, "There is no such page.")
	})
	return p.guard(mux)
}

// frame is what every page has around its content.
type frame struct {
	Title    string
	Here     string // path of the page, to come back to
	Version  string
	Now      time.Time
	SignedIn bool
	CanSign  bool   // there is a token to sign in with
	Secret   string // of the session, for forms
	Content  any
}

// show answers with a page: one of the templates, filled with content.
func (p *Page) show(w http.ResponseWriter, r *http.Request, status int, name, title string, content any) {
	f := frame{
		Title: title, Here: r.URL.Path, Version: p.o.Version, Now: p.o.Now(), CanSign: len(p.o.Token) > 0, Content: content,
	}
	if s := p.sessions.of(r); s != nil {
		f.SignedIn, f.Secret = true, s.secret
	}
	var text bytes.Buffer
	if err := p.templates.ExecuteTemplate(&text, name, f); err != nil {
		p.o.Log.Error("a page is not shown", "page", name, "error", err.Error())
		http.Error(w, "This page cannot be shown; the log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = text.WriteTo(w) // whoever asked is gone
}

// fail answers with what is wrong.
func (p *Page) fail(w http.ResponseWriter, r *http.Request, status int, text string) {
	p.show(w, r, status, "failure", http.StatusText(status), text)
}
