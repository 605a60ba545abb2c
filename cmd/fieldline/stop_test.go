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
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("stopping took %s", took)
	}
}
