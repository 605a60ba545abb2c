package link

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"fieldline/element"
)

// TestDialCauses: errors of the operating system that a loopback cannot make.
func TestDialCauses(t *testing.T) {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	sys := func(n syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", n)}
	}
	tests := []struct {
		err  error
		ctx  context.Context
		want string
	}{
		{sys(syscall.ECONNREFUSED), nil, "tcp refused"},
		{sys(syscall.EHOSTUNREACH), nil, "tcp no-route"},
		{sys(syscall.ENETUNREACH), nil, "tcp no-route"},
		{sys(syscall.ETIMEDOUT), nil, "tcp timeout"},
		{sys(syscall.ECONNRESET), nil, "tcp reset"},
		{sys(syscall.EMFILE), nil, "tcp no-files"},
		{sys(syscall.EACCES), nil, "tcp failed"},
		{&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, nil, "tcp timeout"},
		{context.DeadlineExceeded, nil, "tcp timeout"},
		{context.Canceled, over, "tcp canceled"},
		{&net.DNSError{IsNotFound: true}, nil, "dns not-found"},
		{&net.DNSError{IsTimeout: true}, nil, "dns timeout"},
		{&net.DNSError{Err: "server misbehaving"}, nil, "dns failed"},
		{&net.DNSError{}, over, "dns canceled"},
	}
	for _, tt := range tests {
		ctx := tt.ctx
		if ctx == nil {
			ctx = context.Background()
		}
		a := &attempt{cfg: &Config{Destination: element.Destination{Host: "device", Port: 80}}}
		c := a.dialCause(ctx, fmt.Errorf("wrapped: %w", tt.err))
		if got := c.Phase + " " + c.Code; got != tt.want || !strings.HasSuffix(c.Message, ".") || !strings.Contains(c.Message, "device") {
			t.Errorf("%v: %s: %s; want %s", tt.err, got, c.Message, tt.want)
		}
	}
}

func TestTLSCauses(t *testing.T) {
	a := &attempt{cfg: &Config{Destination: element.Destination{Scheme: "wss", Host: "device", Port: 443}}}
	tests := []struct {
		err  error
		want string
	}{
		{tls.AlertError(40), "handshake"},
		{tls.RecordHeaderError{}, "not-tls"},
		{context.DeadlineExceeded, "timeout"},
		{io.EOF, "hung-up"},
		{syscall.ECONNRESET, "hung-up"},
		{errors.New("tls: other"), "handshake"},
	}
	for _, tt := range tests {
		if c := a.tlsCause(context.Background(), &tls.Config{}, tt.err); c.Code != tt.want || !strings.Contains(c.Message, "device:443") {
			t.Errorf("%v: %+v, want %s", tt.err, c, tt.want)
		}
	}
}

func TestWireEnds(t *testing.T) {
	s := &Session{wire: &wire{readTimeout: time.Second, writeTimeout: time.Second}}
	tests := []struct {
		err             error
		cause, by, word string
	}{
		{os.ErrDeadlineExceeded, "timeout", byUs, "nothing came from the device for 1 s"},
		{syscall.ECONNRESET, "reset", byDevice, "reset"},
		{io.EOF, "eof", byDevice, "without a Close frame"},
		{net.ErrClosed, "local", byUs, "We closed"},
		{syscall.EHOSTUNREACH, "reset", byDevice, "no route to host"},
	}
	for _, tt := range tests {
		end := s.endOfRead(&errWire{fmt.Errorf("wrapped: %w", tt.err)})
		if end.Cause != tt.cause || end.By != tt.by || end.Code != abnormal || !strings.Contains(end.Message, tt.word) {
			t.Errorf("%v: %+v", tt.err, end)
		}
	}
}

func TestHostHeader(t *testing.T) {
	tests := []struct {
		scheme, host string
		port         int
		want         string
	}{
		{"ws", "h", 80, "h"},
		{"ws", "h", 443, "h:443"},
		{"wss", "h", 443, "h"},
		{"wss", "h", 80, "h:80"},
		{"ws", "::1", 8050, "[::1]:8050"},
		{"ws", "fe80::1%eth0", 80, "[fe80::1]"},
		{"ws", "gerät", 80, "xn--gert-noa"},
	}
	for _, tt := range tests {
		if got := hostHeader(&Config{Destination: element.Destination{Scheme: tt.scheme, Host: tt.host, Port: tt.port}}); got != tt.want {
			t.Errorf("%s %s %d: %q, want %q", tt.scheme, tt.host, tt.port, got, tt.want)
		}
	}
}
