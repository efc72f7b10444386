package page

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	cookieName  = "optout_session"
	sessionLife = 12 * time.Hour
	mostSession = 100
)

// A session is somebody who showed the token.
type session struct {
	secret  string // which forms send back
	expires time.Time
}

// sessions are all who showed the token.
type sessions struct {
	token []byte
	now   func() time.Time
	tries tries

	mu    sync.Mutex
	byKey map[[sha256.Size]byte]*session // by the digest of the cookie
}

func newSessions(token []byte, now func() time.Time) *sessions {
	return &sessions{token: token, now: now, tries: tries{now: now}, byKey: map[[sha256.Size]byte]*session{}}
}

// same compares two secrets in a time that tells nothing about either, nor about
// their lengths.
func same(a, b []byte) bool {
	x, y := sha256.Sum256(a), sha256.Sum256(b)
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// isToken reports whether a text is the token; without a token none is, and none is
// once there were too many wrong ones.
func (s *sessions) isToken(text string) bool {
	return s.tries.try(func() bool { return len(s.token) > 0 && same([]byte(text), s.token) })
}

// bears reports whether a request has the token in its header, as programs send it.
func (s *sessions) bears(r *http.Request) bool {
	text, found := borne(r)
	return found && s.isToken(text)
}

func borne(r *http.Request) (text string, found bool) {
	return strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// begin makes a session and returns its cookie.
func (s *sessions) begin() *http.Cookie {
	key := rand.Text() + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	var oldest [sha256.Size]byte
	for k, other := range s.byKey {
		if !now.Before(other.expires) {
			delete(s.byKey, k)
		} else if first := s.byKey[oldest]; first == nil || other.expires.Before(first.expires) {
			oldest = k
		}
	}
	if len(s.byKey) >= mostSession {
		delete(s.byKey, oldest)
	}
	s.byKey[sha256.Sum256([]byte(key))] = &session{secret: rand.Text(), expires: now.Add(sessionLife)}
	return &http.Cookie{
		Name: cookieName, Value: key, Path: "/", MaxAge: int(sessionLife / time.Second),
		HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// of is the session of a request, nil where it has none.
func (s *sessions) of(r *http.Request) *session {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.byKey[sha256.Sum256([]byte(c.Value))]
	if found == nil || !s.now().Before(found.expires) {
		return nil
	}
	return found
}

// end ends the session of a request.
func (s *sessions) end(r *http.Request) {
	if c, err := r.Cookie(cookieName); err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.byKey, sha256.Sum256([]byte(c.Value)))
	}
}
