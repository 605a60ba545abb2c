package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// RaceEnv names the environment variable that builds the program with the race
// detector when it is not empty.
const RaceEnv = "FIELDLINE_RACE"

// Build builds the program into dir and returns its path.
func Build(dir string) (string, error) {
	path := filepath.Join(dir, "fieldline")
	args := []string{"build", "-o", path}
	if os.Getenv(RaceEnv) != "" {
		args = append(args, "-race")
	}
	//nolint:noctx // a build is bounded by the test binary's own timeout
	out, err := exec.Command("go", append(args, "fieldline/cmd/fieldline")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("the program does not build: %w\n%s", err, out)
	}
	return path, nil
}

// StopWithin is how long the program may take to stop after SIGTERM.
const StopWithin = 5 * time.Second

// stopWithin is StopWithin, or four times that with the race detector, which
// makes the last writes to the database many times slower.
func stopWithin() time.Duration {
	if os.Getenv(RaceEnv) != "" {
		return 4 * StopWithin
	}
	return StopWithin
}

// Program is a running process of the program.
type Program struct {
	t    *testing.T
	Base string // "http://127.0.0.1:PORT/base/", always with the slash

	cmd    *exec.Cmd
	ended  chan struct{} // closed when the process is gone and its outputs are read
	err    error         // of the process; read after ended
	mu     sync.Mutex
	stderr bytes.Buffer
}

// Start runs a command that serves ("serve", "--data", dir, …) on a free port
// and returns when it listens. It is stopped at the end of the test.
func Start(t *testing.T, binary string, args ...string) *Program {
	t.Helper()
	return StartAt(t, binary, "127.0.0.1:0", args...)
}

// StartAt is Start on an address of one's own, for a page that waits for its
// server to come back.
func StartAt(t *testing.T, binary, listen string, args ...string) *Program {
	t.Helper()
	p := &Program{t: t, ended: make(chan struct{})}
	p.cmd = exec.Command(binary, append(args, "--listen", listen)...) //nolint:noctx // ended by Stop or Kill
	p.cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("the program does not start: %v", err)
	}
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("the program's log:\n%s", p.Log())
		}
	})
	line := make(chan string, 1)
	go p.collect(stdout, stderr, line)
	select {
	case text := <-line:
		base, ok := strings.CutPrefix(text, "listening on ")
		if !ok || !strings.HasSuffix(base, "/") {
			t.Fatalf("the program's first line is %q, want \"listening on http://…/\"", text)
		}
		p.Base = base
	case <-p.ended:
		t.Fatalf("the program ended before it listened: %v\n%s", p.err, p.Log())
	case <-time.After(Patience):
		t.Fatalf("the program does not listen\n%s", p.Log())
	}
	return p
}

// collect reads both outputs to their end, then waits for the process.
func (p *Program) collect(stdout, stderr io.Reader, line chan<- string) {
	defer close(p.ended)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			select {
			case line <- lines.Text():
			default: // only the first line counts
			}
		}
	}()
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		p.mu.Lock()
		p.stderr.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
	}
	<-read
	p.err = p.cmd.Wait()
}

// Log is what the program wrote to stderr so far.
func (p *Program) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

// Address is host and port that the program listens on.
func (p *Program) Address() string {
	rest := strings.TrimPrefix(p.Base, "http://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// running reports whether the process is there.
func (p *Program) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// Kill ends the process as a power cut does.
func (p *Program) Kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatalf("cannot kill the program: %v", err)
	}
	<-p.ended
}

// Stop asks the program to stop and expects exit status 0 within StopWithin. A
// program that is gone already is left alone.
func (p *Program) Stop() {
	p.t.Helper()
	if !p.running() {
		return
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Errorf("cannot stop the program: %v", err)
	}
	select {
	case <-p.ended:
		if p.err != nil {
			p.t.Errorf("the program stopped with %v, want exit status 0\n%s", p.err, p.Log())
		}
	case <-time.After(stopWithin()):
		p.t.Errorf("the program did not stop within %v\n%s", stopWithin(), p.Log())
		p.Kill()
	}
}
