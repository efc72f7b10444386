package page

import (
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
)

const (
	mostBody = 64 << 10 // bytes of a request
	policy   = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	// The report brings its style along; it runs nothing, sends nothing and is of
	// no origin.
	reportPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

// guard lets requests through that may be answered.
func (p *Page) guard(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.fail(w, r, http.StatusForbidden, "This was asked for by another site, and is not done.")
	}))
	next = origins.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		open := r.URL.Path == "/healthz" // says nothing of the jobs, and probes come by any name
		wait := p.sessions.tries.wait()
		switch {
		case !open && !p.isOurs(r.Host):
			http.Error(w, "This page is not known by that name.", http.StatusMisdirectedRequest)
		case wait > 0 && showsToken(r):
			seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
			h.Set("Retry-After", seconds)
			p.fail(w, r, http.StatusTooManyRequests, "There were too many wrong tokens. Try again in "+seconds+" seconds.")
		case !open && p.o.Host != "" && !p.mayRead(r):
			if r.Method == http.MethodGet && r.URL.Path != "/metrics" {
				http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
				return
			}
			http.Error(w, "Sign in, or send the token.", http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// showsToken reports whether a request comes with a token to be looked at.
func showsToken(r *http.Request) bool {
	_, borne := borne(r)
	return borne || r.Method == http.MethodPost && r.URL.Path == "/sign-in"
}

// isOurs reports whether a request's host is this machine, or the name that the
// page is told it has.
func (p *Page) isOurs(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	return isLoopback(name) || p.o.Host != "" && strings.EqualFold(name, p.o.Host)
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// mayRead reports whether a request from elsewhere is of somebody with the token,
// or on the way to show it.
func (p *Page) mayRead(r *http.Request) bool {
	return r.URL.Path == "/sign-in" || r.URL.Path == "/style.css" || p.sessions.of(r) != nil || p.sessions.bears(r)
}

// mayChange reports whether a request that changes something comes with the secret
// of its session, or with the token itself.
func (p *Page) mayChange(r *http.Request) bool {
	if p.sessions.bears(r) {
		return true
	}
	s := p.sessions.of(r)
	return s != nil && same([]byte(r.PostFormValue("secret")), []byte(s.secret))
}
