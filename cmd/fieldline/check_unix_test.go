//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestCheckReadsNoMoreThanAConnectorMayHave: a pipe does not say its size.
func TestCheckReadsNoMoreThanAConnectorMayHave(t *testing.T) {
	status, out, errOut := command(t, "check", "--json", "/dev/zero")
	if status != exitFailed || !strings.Contains(out, `"refused":true`) || !strings.Contains(errOut, "larger than 16777216 bytes") {
		t.Errorf("exit status %d, out %s, stderr %s", status, out, errOut)
	}
}

// TestCheckCanBeInterrupted: nothing is left to tidy, so a signal ends it at
// once, also while it waits for a pipe that nobody writes to.
func TestCheckCanBeInterrupted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	check := exec.CommandContext(t.Context(), os.Args[0], "check", pipe)
	check.Env = append(os.Environ(), "RUN_AS_FIELDLINE=1")
	if err := check.Start(); err != nil {
		t.Fatal(err)
	}
	feed, err := os.OpenFile(pipe, os.O_WRONLY, 0) // waits until check reads
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = feed.Close() }()
	if err := check.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err = check.Wait()
	if status, ok := check.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Errorf("it ended with %v, not by the signal", err)
	}
}
