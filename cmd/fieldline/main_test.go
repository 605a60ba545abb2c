package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) {
	if os.Getenv("RUN_AS_FIELDLINE") != "" {
		main()
	}
	goleak.VerifyTestMain(m)
}

// command runs the program in this process and returns its exit status and
// outputs.
func command(t *testing.T, args ...string) (status int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(t.Context(), args, streams{&o, &e})
	return status, o.String(), e.String()
}

func TestExitStatus(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		want int
		says string // on stderr
	}{
		{"version", []string{"version"}, exitOK, ""},
		{"help", []string{"serve", "--help"}, exitOK, ""},
		{"no command", nil, exitUsage, "expected one of"},
		{"unknown command", []string{"fly"}, exitUsage, "fly"},
		{"unknown flag", []string{"serve", "--fast"}, exitUsage, "--fast"},
		{"no port", []string{"serve", "--listen", "localhost"}, exitUsage, "HOST:PORT"},
		{"remote without leave", []string{"serve", "--listen", "0.0.0.0:0"}, exitUsage, "--allow-remote"},
		{"no such port", []string{"serve", "--listen", "127.0.0.1:99999"}, exitUsage, "65535"},
		{"no name of a port", []string{"simulate", "--listen", "127.0.0.1:x"}, exitUsage, "65535"},
		{"external URL", []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--external-url", "nonsense"}, exitUsage, "nonsense"},
		{"frames", []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--frame-ancestors", "x; y"}, exitUsage, "x;"},
		{"address of the demo's device", []string{"demo", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--device-listen", "nonsense"}, exitUsage, "--device-listen: "},
		{"address of a device", []string{"simulate", "--listen", "nowhere"}, exitUsage, "HOST:PORT"},
		{"status of refusals", []string{"simulate", "--refuse", "99"}, exitUsage, "200 to 599\n"},
		{"header without a value", []string{"simulate", "--demand-header", "x"}, exitUsage, "NAME:VALUE\n"},
		{"header without a name", []string{"simulate", "--demand-header", ": x"}, exitUsage, "NAME:VALUE\n"},
		{"header of requests", []string{"simulate", "--device", "rest", "--demand-header", "a:b"}, exitUsage, "has none\n"},
		{"path with a space", []string{"simulate", "--listen", "127.0.0.1:0", "--path", "a b"}, exitUsage, "--path: "},
		{"time that is over", []string{"simulate", "--delay=-5s"}, exitUsage, "--delay: "},
		{"base path", []string{"serve", "--base-path", "x y"}, exitUsage, "--base-path"},
		{"small messages", []string{"serve", "--max-message", "10"}, exitUsage, "--max-message"},
		{"small bodies", []string{"serve", "--max-bodies", "1024"}, exitUsage, "--max-bodies"},
		{"no bodies", []string{"demo", "--min-body-rate", "0"}, exitUsage, "--min-body-rate"},
		{"no sockets", []string{"serve", "--max-sockets", "0"}, exitUsage, "--max-sockets"},
		{"all sockets", []string{"serve", "--max-sockets", "4", "--sockets-per-address", "5"}, exitUsage, "--sockets-per-address"},
		{"a proxy by its name", []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--trusted-proxies", "10.0.0.0/8,portal.corp"}, exitUsage, "--trusted-proxies: \"portal.corp\""},
		{"no sessions", []string{"simulate", "--sessions", "0"}, exitUsage, "--sessions"},
		{"severity", []string{"check", "--fail-on", "bad", file}, exitUsage, "severity"},
		{"missing file", []string{"check", filepath.Join(t.TempDir(), "no.xml")}, exitFailed, "no.xml"},
		{"data is a file", []string{"serve", "--listen", "127.0.0.1:0", "--data", file}, exitFailed, file},
		{"address of another machine", []string{"serve", "--allow-remote", "--listen", "192.0.2.1:0"}, exitFailed, "192.0.2.1:0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, _, errOut := command(t, tt.args...)
			if status != tt.want || !strings.Contains(errOut, tt.says) {
				t.Errorf("exit status %d, want %d; stderr, want %q in it:\n%s", status, tt.want, tt.says, errOut)
			}
		})
	}
}

func TestFlagsHaveEnvironmentVariables(t *testing.T) {
	t.Setenv("FIELDLINE_LISTEN", "nowhere")
	status, _, errOut := command(t, "serve")
	if status != exitUsage || !strings.Contains(errOut, "nowhere") {
		t.Errorf("FIELDLINE_LISTEN was not read: exit status %d, stderr %s", status, errOut)
	}
}

func TestCheck(t *testing.T) {
	shippedFile := filepath.Join("..", "..", "element", "connector", "examples", "generic-websocket.xml")
	broken := filepath.Join(t.TempDir(), "broken.xml")
	if err := os.WriteFile(broken, []byte("<Protocol>\n<Name>X</Name>"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("a good connector", func(t *testing.T) {
		status, out, errOut := command(t, "check", "--json", "--fail-on", "warning", shippedFile)
		if status != exitOK || !strings.Contains(out, `"refused":false`) {
			t.Errorf("exit status %d\n%s%s", status, out, errOut)
		}
	})
	t.Run("a refused one beside a good one", func(t *testing.T) {
		status, out, errOut := command(t, "check", "--json", broken, shippedFile)
		if status != exitFailed || strings.Count(out, "\n") != 2 || !strings.Contains(out, `"refused":true`) || !strings.Contains(errOut, broken) {
			t.Errorf("exit status %d\n%s%s", status, out, errOut)
		}
	})
	t.Run("lines for people and editors", func(t *testing.T) {
		status, out, _ := command(t, "check", broken)
		if status != exitFailed || !strings.HasPrefix(out, broken+":") {
			t.Errorf("exit status %d, out:\n%s", status, out)
		}
	})
}

// The log of testdata/faulty.xml, whose second line has characters of several
// bytes before the fault; -update writes it anew.
func TestCheckSARIF(t *testing.T) {
	golden := filepath.Join("testdata", "faulty.sarif")
	status, out, errOut := command(t, "check", "--sarif", "--fail-on", "major", filepath.Join("testdata", "faulty.xml"))
	if status != exitFailed || !strings.Contains(errOut, "faulty.xml has ") || !strings.Contains(errOut, "--fail-on major") {
		t.Errorf("exit status %d, want %d; stderr %s", status, exitFailed, errOut)
	}
	out = strings.Replace(out, `"version": "`+version+`"`, `"version": "VERSION"`, 1)
	if *update {
		if err := os.WriteFile(golden, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out); diff != "" {
		t.Errorf("the log changed (-want +got):\n%s", diff)
	}
	if status, _, errOut := command(t, "check", "--sarif", "--json", golden); status != exitUsage {
		t.Errorf("two forms at once: exit status %d, stderr %s", status, errOut)
	}
}

// A file that is refused, and one that cannot be read, leave a log that says
// so much as is known.
func TestCheckSARIFOfBrokenFiles(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "bröken.xml")
	if err := os.WriteFile(broken, []byte("<Protocol>\n<Name>X</Name>"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, errOut := command(t, "check", "--sarif", broken, broken+"x")
	if status != exitFailed || !strings.Contains(out, `"ruleId": "FL-03"`) || !strings.Contains(out, "file:///") || !strings.Contains(errOut, broken+"x") {
		t.Errorf("exit status %d\n%s%s", status, out, errOut)
	}
}

func TestPortTaken(t *testing.T) {
	listener, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	status, _, errOut := command(t, "serve", "--listen", listener.Addr().String(), "--data", t.TempDir())
	if status != exitFailed || !strings.Contains(errOut, "--listen") {
		t.Errorf("exit status %d, stderr %s", status, errOut)
	}
}

func TestSecondProcessOnTheSameFolder(t *testing.T) {
	dir := t.TempDir()
	first := startProgram(t, "serve", "--data", dir)
	status, _, errOut := command(t, "serve", "--listen", "127.0.0.1:0", "--data", dir)
	if status != exitFailed || !strings.Contains(errOut, dir) {
		t.Errorf("exit status %d, stderr %s", status, errOut)
	}
	first.stop(t)
}

// program is the program running in this process.
type program struct {
	base   string // http://127.0.0.1:PORT/base/
	cancel context.CancelFunc
	status chan int
	log    *output
}

// startProgram runs a serving command on a free port and returns when it
// listens. It is stopped at the end of the test if the test did not.
func startProgram(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	p := &program{cancel: cancel, status: make(chan int, 1), log: new(output)}
	line := make(chan string, 1)
	go func() {
		p.status <- run(ctx, append(args, "--listen", "127.0.0.1:0"), streams{firstLine(line), p.log})
	}()
	t.Cleanup(func() { p.stop(t) })
	select {
	case text := <-line:
		p.base = strings.TrimSpace(strings.TrimPrefix(text, "listening on "))
	case status := <-p.status:
		p.status <- status
		t.Fatalf("the program ended with %d before it listened:\n%s", status, p.log)
	}
	return p
}

// stop ends the program as SIGTERM does and expects exit status 0. A second
// call does nothing.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if p.cancel == nil {
		return
	}
	p.cancel()
	p.cancel = nil
	if status := <-p.status; status != exitOK {
		t.Errorf("the program ended with %d:\n%s", status, p.log)
	}
}

// firstLine is a writer that hands over what is first written to it.
type firstLine chan<- string

func (c firstLine) Write(b []byte) (int, error) {
	select {
	case c <- string(b):
	default:
	}
	return len(b), nil
}
