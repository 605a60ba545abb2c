package web

import (
	"context"
	"fieldline/element"
	"net/http"
	"sync"
	"time"

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

// sockets counts the browser sockets and ends them.
type sockets struct {
	limit   int
	metrics *metrics

	mu     sync.Mutex
	closed bool
	open   map[context.Context]context.CancelCauseFunc
	none   chan struct{} // closed when closed and the last socket ended
}

func newSockets(limit int, m *metrics) *sockets {
	return &sockets{limit: limit, metrics: m, open: map[context.Context]context.CancelCauseFunc{}, none: make(chan struct{})}
}

// errCode is the cause that ends a socket: the close code and the reason.
type errCode struct {
	code   int
	reason string
}

func (e *errCode) Error() string { return e.reason }

var (
	errStopping = &errCode{websocket.CloseServiceRestart, "the server stops; come back in a second"}          //nolint:gochecknoglobals // a constant
	errFull     = &errCode{websocket.CloseTryAgainLater, "too many pages are open; close some and try again"} //nolint:gochecknoglobals // a constant
)

// enter counts a new socket. ctx ends, with its close code as the cause, when
// the server stops or the request does. leave must be called when its
// goroutines have ended.
func (s *sockets) enter(parent context.Context) (ctx context.Context, end context.CancelCauseFunc, leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, nil, errStopping
	}
	if len(s.open) >= s.limit {
		return nil, nil, nil, errFull
	}
	ctx, end = context.WithCancelCause(parent)
	s.open[ctx] = end
	s.metrics.sockets.Store(int64(len(s.open)))
	return ctx, end, func() {
		end(nil)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, ctx)
		s.metrics.sockets.Store(int64(len(s.open)))
		if s.closed && len(s.open) == 0 {
			close(s.none)
		}
	}, nil
}

func (s *sockets) close(ctx context.Context) error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		if len(s.open) == 0 {
			close(s.none)
		}
	}
	for _, end := range s.open {
		end(errStopping)
	}
	s.mu.Unlock()
	select {
	case <-s.none:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// live is the browser's socket. The guard has compared Origin by now.
func (s *Server) live(c echo.Context) error {
	r := c.Request()
	if !websocket.IsWebSocketUpgrade(r) {
		c.Response().Header().Set("Upgrade", "websocket")
		return &refusal{status: http.StatusUpgradeRequired, err: element.Errorf(element.Invalid, "This address is the browser's socket; open it as a WebSocket.")}
	}
	ctx, end, leave, full := s.sockets.enter(context.WithoutCancel(r.Context()))
	if full == nil {
		defer leave()
	}
	upgrader := websocket.Upgrader{
		HandshakeTimeout: WriteIn,
		CheckOrigin:      func(*http.Request) bool { return true }, // the guard did
		Error:            func(http.ResponseWriter, *http.Request, int, error) {},
	}
	conn, err := upgrader.Upgrade(c.Response(), r, nil)
	if err != nil {
		return badRequest("", "The handshake of the socket cannot be read: %s.", err)
	}
	c.Response().Committed = true // hijacked: nothing can be written as HTTP any more
	c.Response().Status = http.StatusSwitchingProtocols
	if full != nil {
		farewell(conn, full)
		return conn.Close()
	}
	p := newPage(s, conn, ctx, end)
	p.serve()
	return nil
}
