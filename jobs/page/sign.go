package page

import (
	"net/http"
	"strings"
)

// signing is the content of the page that asks for the token.
type signing struct {
	Back  string // where to go then
	Error string
}

// back is where a form wants to return to, a path of this page.
func back(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return "/"
	}
	return path
}

func (p *Page) askToken(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusOK, "sign-in", "Sign in", signing{Back: back(r.URL.Query().Get("back"))})
}

func (p *Page) signIn(w http.ResponseWriter, r *http.Request) {
	to := back(r.PostFormValue("back"))
	if !p.sessions.isToken(r.PostFormValue("token")) {
		p.o.Log.Warn("a wrong token on the page")
		p.show(w, r, http.StatusForbidden, "sign-in", "Sign in", signing{to, "That is not the token."})
		return
	}
	c := p.sessions.begin()
	c.Secure = p.o.Host != "" // which is then reached by https only
	http.SetCookie(w, c)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (p *Page) signOut(w http.ResponseWriter, r *http.Request) {
	if !p.mayChange(r) {
		p.fail(w, r, http.StatusForbidden, "You are not signed in.")
		return
	}
	p.sessions.end(r)
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: p.o.Host != ""})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
