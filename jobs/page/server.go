package page

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Listen opens the address that a page is served on. Without a host, by which it is
// reached from elsewhere, only addresses of this machine will do.
func Listen(ctx context.Context, address, host string) (net.Listener, error) {
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%q is no address; write it as in 127.0.0.1:8321", address)
	}
	if host == "" && !isLoopback(name) {
		return nil, fmt.Errorf("%s is reached from elsewhere: say by which name, and set a token, or listen on 127.0.0.1", address)
	}
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w; choose another address, or serve no page", err)
	}
	// What localhost is, is for the machine's own files to say.
	if at, ok := l.Addr().(*net.TCPAddr); host == "" && (!ok || !at.IP.IsLoopback()) {
		return nil, errors.Join(fmt.Errorf("%s leads to %s, which is reached from elsewhere", address, l.Addr()), l.Close())
	}
	return l, nil
}

// Serve answers requests until the context ends, and those under way for some
// seconds more.
func (p *Page) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{
		Handler: p.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(p.o.Log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		stopped <- errors.Join(s.Shutdown(late), s.Close())
	})
	err := s.Serve(l)
	if stop() { // it ended by itself
		return fmt.Errorf("serve the page: %w", err)
	}
	if err := <-stopped; !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
