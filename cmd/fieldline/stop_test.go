package main

import (
	"net"
	"strings"
	"testing"
	"time"
)

// TestSilentConnectionDoesNotHoldUpTheStop opens a connection as browsers do
// ahead of time, says nothing on it, and stops the program.
func TestSilentConnectionDoesNotHoldUpTheStop(t *testing.T) {
	p := startProgram(t, "serve", "--data", t.TempDir())
	addr := strings.TrimSuffix(strings.TrimPrefix(p.base, "http://"), "/")
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	p.call(t, "GET", "/elements", nil) // the server has accepted the silent one before this
	begin := time.Now()
	p.stop(t)
	if took := time.Since(begin); took > 5*time.Second { // the contract's bound; the program itself gives up after less
		t.Errorf("stopping took %s", took)
	}
}

// TestSlowSidesAreBounded: nobody holds a connection, and the memory behind it,
// for ever by sending or reading slowly.
func TestSlowSidesAreBounded(t *testing.T) {
	s := newServer(nil)
	for name, d := range map[string]time.Duration{
		"a header": s.ReadHeaderTimeout, "a request": s.ReadTimeout, "an answer": s.WriteTimeout, "silence": s.IdleTimeout,
	} {
		if d <= 0 || d > 15*time.Minute {
			t.Errorf("%s may take %v", name, d)
		}
	}
}
