//go:build interop

package link_test

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

// run starts a program that ends with the test. Its complaints are shown when
// the test fails.
func run(t *testing.T, out io.Writer, command ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	var complaint strings.Builder
	cmd.Stdout, cmd.Stderr = out, &complaint
	if err := cmd.Start(); err != nil {
		t.Fatalf("The interop tests need %s: %v", command[0], err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said: %s", strings.Join(command, " "), complaint.String())
		}
	})
}

// startPeer runs a server that prints its port.
func startPeer(t *testing.T, command []string) int {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	run(t, in, command...)
	_ = in.Close() // the program has its own
	line, _ := bufio.NewReader(out).ReadString('\n')
	port, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("%s did not start", strings.Join(command, " "))
	}
	return port
}

// startPython runs the echo server of the package websockets.
func startPython(t *testing.T) int {
	return startPeer(t, []string{cmp.Or(os.Getenv("PYTHON"), "python3"), "interop/peer.py", "default"})
}

// freePort is one that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// configFile writes a configuration.
func configFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// awaitPort waits until a program listens.
func awaitPort(t *testing.T, port int) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(patience); time.Now().Before(until); <-tick.C {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = c.Close()
			return
		}
	}
	t.Fatalf("nothing listens on port %d", port)
}

// local dials a port of this machine, with the seed's header unless bare.
func local(port int, bare bool) link.Config {
	cfg := config(nil, offer)
	if bare {
		cfg.Headers = nil
	}
	cfg.Port = port
	return cfg
}

// bothOffers runs f with the seed's header and without.
func bothOffers(t *testing.T, f func(t *testing.T, bare bool)) {
	t.Run("seed's header", func(t *testing.T) { f(t, false) })
	t.Run("no header", func(t *testing.T) { f(t, true) })
}

// refusedBy dials and wants a failure.
func refusedBy(t *testing.T, cfg link.Config, phase, code string) link.Attempt {
	t.Helper()
	s, a := link.Dial(t.Context(), cfg)
	if s != nil {
		s.Close(1000, "", 0)
		t.Fatalf("opened, want %s %s", phase, code)
	}
	if f := a.Failure; f.Phase != phase || f.Code != code {
		t.Errorf("failed with %s %s: %s; want %s %s", f.Phase, f.Code, f.Message, phase, code)
	}
	return a
}
