package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"optout/jobs/history"
)

const (
	eachTry     = 10 * time.Second // limit of one try
	altogether  = time.Minute      // limit of a notice with all its tries
	leastSecret = 16               // bytes
	mostAnswer  = 64 << 10         // bytes of an answer that are read
)

// pauses are those between tries.
func pauses() []time.Duration {
	return []time.Duration{time.Second, 4 * time.Second, 15 * time.Second}
}

// A Webhook is where notices are posted.
type Webhook struct {
	url    *url.URL
	secret []byte
	now    func() time.Time
	client *http.Client
}

// Check reports what is wrong with an address and a secret: notices go by https
// only, but for this machine, and a short secret can be guessed.
func Check(address string, secret []byte) error {
	_, err := parse(address)
	if err == nil && len(secret) < leastSecret {
		err = fmt.Errorf("the secret of the webhook has %d bytes; it needs at least %d", len(secret), leastSecret)
	}
	return err
}

// parse reads the address of a webhook. Errors do not repeat it: it may be a secret.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return nil, errors.New("the webhook is no address; write it as in https://host/path")
	case u.User != nil:
		return nil, errors.New("the address of the webhook has a user name or password; what is told is signed instead")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, errors.New("the address of the webhook must begin with https, unless it is on this machine")
	}
	u.Fragment = ""
	return u, nil
}

func isLoopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

// New makes a webhook of what Check finds nothing wrong with.
func New(address string, secret []byte, now func() time.Time) (*Webhook, error) {
	return newWebhook(address, secret, now, &http.Transport{ForceAttemptHTTP2: true, DisableKeepAlives: true})
}

func newWebhook(address string, secret []byte, now func() time.Time, by http.RoundTripper) (*Webhook, error) {
	if err := Check(address, secret); err != nil {
		return nil, err
	}
	u, err := parse(address)
	if err != nil {
		return nil, err
	}
	return &Webhook{url: u, secret: secret, now: now, client: &http.Client{
		Transport: by, Timeout: eachTry,
		// Where it leads was not what was asked for, and may not be https.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Tell posts the notice of an attempt. It gives up after a minute, or as soon as
// another try would be no better. The error names no more of the address than its
// host.
func (w *Webhook) Tell(ctx context.Context, a *history.Attempt) error {
	body, err := json.Marshal(NoticeOf(a))
	if err != nil {
		return fmt.Errorf("write notice: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, altogether)
	defer cancel()
	for _, pause := range append(pauses(), 0) {
		again, err := w.try(ctx, a.Job+"/"+a.ID(), body)
		if err == nil {
			return nil
		}
		if !again || pause == 0 || !wait(ctx, pause) {
			return fmt.Errorf("tell %s: %w", w.url.Host, err)
		}
	}
	return nil
}

// wait waits, and reports whether there is time left then.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// try posts a notice once. Again says whether another try may succeed.
func (w *Webhook) try(ctx context.Context, delivery string, body []byte) (again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url.String(), bytes.NewReader(body))
	if err != nil {
		return false, bare(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "optout")
	r.Header.Set("Optout-Delivery", delivery)
	r.Header.Set("Optout-Signature", sign(w.secret, w.now(), body))
	answer, err := w.client.Do(r)
	if err != nil {
		return true, bare(err)
	}
	_, _ = io.CopyN(io.Discard, answer.Body, mostAnswer) // what it says is not asked for
	answer.Body.Close()
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return false, nil
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code >= 500:
		return true, fmt.Errorf("it answers %d", code)
	default:
		return false, fmt.Errorf("it answers %d", code)
	}
}

// bare is an error without the address, which may be a secret.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// sign is the signature of a body at a time.
func sign(secret []byte, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
