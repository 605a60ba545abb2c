package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// HeaderRequestID carries the id of a request in its answer. Problems, error
// pages and the log name the same one.
const HeaderRequestID = "X-Request-Id"

// requestIDLength is the number of base32 characters of a request id: 60 bits.
const requestIDLength = 12

// middleware is what happens to each request before and after its handler.
type middleware struct {
	links   *links
	headers headers
	guard   guard
	intake  *intake
	errors  *errorPages
	metrics *metrics
	log     *slog.Logger
}

// wrap gives a request its id and the headers, asks the guards and the handler,
// renders the error, and writes the log line and the metrics.
func (m *middleware) wrap(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		id := rand.Text()[:requestIDLength]
		c.Response().Header().Set(HeaderRequestID, id)
		m.headers.set(c.Response().Header())
		if err := m.handle(next, c); err != nil {
			m.errors.answer(err, c)
		}
		r, status := c.Request(), c.Response().Status
		m.metrics.request(c.Path(), r.Method, status)
		m.log.LogAttrs(r.Context(), slog.LevelDebug, "request",
			slog.String("method", r.Method), slog.String("uri", maskURI(r.URL)), slog.Int("status", status),
			slog.Duration("took", time.Since(start)), slog.String("by", by(c)), slog.String("request", id))
		return nil
	}
}

// handle runs the handler when the request may be asked, and turns a panic
// into an error that holds the stack for the log.
func (m *middleware) handle(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler: //nolint:errorlint // compared as net/http does
			panic(p)
		default:
			err = &element.Error{Code: element.Internal, Op: "web", Msg: "panic", Err: fmt.Errorf("%v\n%s", p, debug.Stack())}
		}
	}()
	defer m.intake.watch(c.Response(), c.Request())()
	if err := m.guard.check(c.Request()); err != nil {
		return err
	}
	if m.links.base != "" && !isBelow(c.Request().URL.Path, m.links.base) {
		return element.Errorf(element.NotFound, "There is nothing at this address. Everything of this server is below %s/.", m.links.of(c).Base())
	}
	return next(c)
}

// requestID is the id that the middleware gave.
func requestID(c echo.Context) string { return c.Response().Header().Get(HeaderRequestID) }

// by names who asks, for receipts and events: the peer's address until there
// is a sign-in.
func by(c echo.Context) string {
	host, _, err := net.SplitHostPort(c.Request().RemoteAddr)
	if err != nil {
		return "unknown"
	}
	return host
}

// maskURI is the request's target with the values of secrets masked.
func maskURI(u *url.URL) string {
	if u.RawQuery == "" {
		return element.MaskURL(u.EscapedPath())
	}
	return element.MaskURL(u.EscapedPath() + "?" + u.RawQuery)
}

// clientLeft reports whether an error only says that nobody waits any more.
func clientLeft(c echo.Context, err error) bool {
	return errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil
}
