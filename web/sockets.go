package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"fieldline/element"

	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
)

// The rules of the browser's socket, as docs/browser-socket.md tells pages.
const (
	MaxTopics  = 8                     // streams of one socket
	MaxMessage = 64 << 10              // bytes of a message of a page
	HelloIn    = 5 * time.Second       // a page says hello within
	SilentFor  = 15 * time.Second      // a page that was not heard for so long is gone
	BeatEvery  = 4 * time.Second       // what pages are told
	WriteIn    = 5 * time.Second       // a message is taken by the page's machine within
	NewsEvery  = 50 * time.Millisecond // news of one page is at least so far apart
	closeIn    = 500 * time.Millisecond
)

// sockets knows the pages on the socket and ends them.
type sockets struct {
	limit      int
	perAddress int
	metrics    *metrics

	mu     sync.Mutex
	closed bool
	open   map[*page]struct{}
	of     map[string]int // number of pages by address
	none   chan struct{}  // closed when closed and the last page ended
}

// newSockets allows limit pages; perAddress 0 is half of that.
func newSockets(limit, perAddress int, m *metrics) *sockets {
	if perAddress <= 0 {
		perAddress = (limit + 1) / 2
	}
	return &sockets{limit: limit, perAddress: perAddress, metrics: m, open: map[*page]struct{}{}, of: map[string]int{}, none: make(chan struct{})}
}

// errCode is the cause that ends a socket: the close code and the reason.
type errCode struct {
	code   int
	reason string
}

func (e *errCode) Error() string { return e.reason }

var (
	errOurs     = &errCode{websocket.CloseInternalServerErr, "something went wrong on our side"}                              //nolint:gochecknoglobals // a constant
	errStopping = &errCode{websocket.CloseServiceRestart, "the server is stopping; reconnect in a second"}                    //nolint:gochecknoglobals // a constant
	errFull     = &errCode{websocket.CloseTryAgainLater, "too many pages are open; close some and try again"}                 //nolint:gochecknoglobals // a constant
	errFullOf   = &errCode{websocket.CloseTryAgainLater, "too many pages are open at this address; close some and try again"} //nolint:gochecknoglobals // a constant
)

// enter counts a page in, or says why it cannot stay.
func (s *sockets) enter(p *page) *errCode {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return errStopping
	case len(s.open) >= s.limit:
		return errFull
	case s.of[p.from] >= s.perAddress:
		return errFullOf
	}
	s.open[p] = struct{}{}
	s.of[p.from]++
	s.metrics.sockets.Set(float64(len(s.open)))
	return nil
}

// leave counts a page out when its goroutines have ended.
func (s *sockets) leave(p *page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, p)
	if s.of[p.from]--; s.of[p.from] == 0 {
		delete(s.of, p.from)
	}
	s.metrics.sockets.Set(float64(len(s.open)))
	if s.closed && len(s.open) == 0 {
		close(s.none)
	}
}

func (s *sockets) close(ctx context.Context) error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		if len(s.open) == 0 {
			close(s.none)
		}
	}
	for p := range s.open {
		p.stop(errStopping)
	}
	s.mu.Unlock()
	select {
	case <-s.none:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// live is the browser's socket: what its pages are told, and the pages.
type live struct {
	news      News
	snapshots snapshots
	elements  Elements
	faults    func() []element.Fault
	metrics   *metrics
	log       *slog.Logger
	sockets   *sockets
}

// serve takes a page in. The guard has compared Origin by now.
func (l *live) serve(c echo.Context) error {
	r := c.Request()
	if !websocket.IsWebSocketUpgrade(r) {
		c.Response().Header().Set("Upgrade", "websocket")
		return &refusal{status: http.StatusUpgradeRequired, err: element.Errorf(element.Invalid, "This address is the browser's socket; open it as a WebSocket.")}
	}
	upgrader := websocket.Upgrader{
		HandshakeTimeout: WriteIn,
		CheckOrigin:      func(*http.Request) bool { return true }, // the guard did
		Error:            func(http.ResponseWriter, *http.Request, int, error) {},
	}
	conn, err := upgrader.Upgrade(c.Response(), r, nil)
	if _, ok := errors.AsType[websocket.HandshakeError](err); err != nil && !ok {
		// The connection was taken over before it failed: there is nobody to answer.
		c.Response().Committed = true
		return nil
	}
	if err != nil {
		return badRequest("", "The WebSocket handshake cannot be read: %s.", err)
	}
	c.Response().Committed = true // hijacked: nothing can be written as HTTP any more
	c.Response().Status = http.StatusSwitchingProtocols
	p := newPage(context.WithoutCancel(r.Context()), l, conn, client(r.RemoteAddr))
	if full := l.sockets.enter(p); full != nil {
		p.stop(full)
	} else {
		defer l.sockets.leave(p)
	}
	p.serve()
	return nil
}

// client is the one that an address stands for: IPv6 gives a whole /64 to one.
func client(remoteAddr string) string {
	peer, err := netip.ParseAddrPort(remoteAddr)
	if err != nil {
		return remoteAddr
	}
	ip := peer.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	const perClient = 64
	return netip.PrefixFrom(ip, perClient).Masked().String()
}
