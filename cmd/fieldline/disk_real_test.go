//go:build disk

package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fieldline/element"
)

// memoryDisk mounts a small disk in memory and returns its folder.
func memoryDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	sh(t, "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", dir)
	t.Cleanup(func() { sh(t, "umount", "-l", dir) })
	return dir
}

func sh(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v %s", name, args, err, out)
	}
}

// fill takes all that is left of a disk.
func fill(t *testing.T, dir string) (path string) {
	t.Helper()
	path = filepath.Join(dir, "fill")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for b := make([]byte, 4096); err == nil; {
		_, err = f.Write(b)
	}
	return path
}

// untilReady waits until /readyz says what it should: a fault, or "" for well.
func untilReady(t *testing.T, p *program, fault string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		status, body := p.page(t, "readyz")
		if fault == "" && status == http.StatusOK || fault != "" && status == http.StatusServiceUnavailable && strings.HasPrefix(body, fault+": ") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("readyz says %d %q, want %q", status, body, fault)
		}
		<-time.After(50 * time.Millisecond)
	}
}

// refused expects a write of a saved value to be refused in words.
func refused(t *testing.T, p *program, id element.ID, says string) {
	t.Helper()
	status, body := p.call(t, "PUT", fmt.Sprintf("/elements/%s/parameters/101", id), map[string]any{"value": strings.Repeat("x", 100_000)})
	if status != http.StatusServiceUnavailable || !strings.Contains(string(body), says) {
		t.Errorf("the write was answered %d %s, want %q", status, body, says)
	}
}

// TestDiskFullAndReadOnly: a real disk that fills up, is read-only, and is well
// again, each while the program runs and when it starts.
func TestDiskFullAndReadOnly(t *testing.T) {
	disk := memoryDisk(t)
	data := filepath.Join(disk, "data")
	_, host, port := hearing(t)
	p := startProgram(t, "serve", "--data", data)
	e := create(t, p, "A", host, port)
	set(t, p, e.ID, 101, "one")
	untilReady(t, p, "")
	filler := fill(t, disk)
	untilReady(t, p, "disk-full")
	refused(t, p, e.ID, "disk is full")
	if _, metrics := p.page(t, "metrics"); !strings.Contains(metrics, `fieldline_fault{name="disk-full"} 1`) {
		t.Error("the metrics do not tell the fault")
	}
	p.stop(t)

	p = startProgram(t, "serve", "--data", data)
	untilReady(t, p, "disk-full")
	if v := parameter(t, p, e.ID, 100); v.Value != element.Text("one") {
		t.Errorf("the saved value reads %v", v.Value)
	}
	refused(t, p, e.ID, "disk")
	if status, body := p.call(t, "POST", "/elements/"+string(e.ID)+"/stop", nil); status != http.StatusAccepted || !strings.Contains(string(body), `"state":"stopped"`) {
		t.Errorf("stop: %d %s", status, body)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	untilReady(t, p, "")
	set(t, p, e.ID, 101, "two")
	until(t, p, e.ID, "the state being saved", func(events []map[string]any) bool {
		return strings.Contains(fmt.Sprint(events), "It is saved now that the element is stopped")
	})
	p.stop(t)

	sh(t, "mount", "-o", "remount,ro", disk)
	p = startProgram(t, "serve", "--data", data)
	untilReady(t, p, "disk-read-only")
	if got := get[element.Element](t, p, http.StatusOK, "GET", "/elements/"+string(e.ID), nil); got.State != element.Stopped {
		t.Errorf("the element is %s", got.State)
	}
	if v := parameter(t, p, e.ID, 100); v.Value != element.Text("two") {
		t.Errorf("the saved value reads %v", v.Value)
	}
	refused(t, p, e.ID, "read-only")
	sh(t, "mount", "-o", "remount,rw", disk)
	untilReady(t, p, "")
	set(t, p, e.ID, 101, "three")
	p.stop(t)

	sh(t, "mount", "-o", "remount,ro", disk)
	p = startProgram(t, "serve", "--data", filepath.Join(disk, "none"))
	untilReady(t, p, "disk-read-only")
	if status, _ := p.call(t, "GET", "/elements", nil); status != http.StatusOK {
		t.Errorf("elements: %d", status)
	}
	p.stop(t)
}

// faulty starts the program as a process of its own, and has the system call
// that makes its data durable fail or hang from then on.
func faulty(t *testing.T, inject string) (p *program, e element.Element, ended func() error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	line := make(chan string, 1)
	log := new(output)
	child := exec.Command(self, "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir())
	child.Env = append(os.Environ(), "RUN_AS_FIELDLINE=1")
	child.Stdout, child.Stderr = firstLine(line), log
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- child.Wait() }()
	t.Cleanup(func() { _ = child.Process.Kill() })
	p = &program{base: strings.TrimSpace(strings.TrimPrefix(<-line, "listening on ")), log: log}
	_, host, port := hearing(t)
	e = create(t, p, "A", host, port)
	untilReady(t, p, "")
	tracer := exec.Command("strace", "-f", "-qq", "-o", os.DevNull, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:"+inject, "-p", fmt.Sprint(child.Process.Pid))
	if err := tracer.Start(); err != nil {
		t.Fatal(err)
	}
	traced := make(chan struct{})
	go func() { _ = tracer.Wait(); close(traced) }()
	return p, e, func() error {
		if err := child.Process.Signal(os.Interrupt); err != nil {
			return err
		}
		begin := time.Now()
		for deadline := begin.Add(patience); inject != "error=EIO" && !strings.Contains(log.String(), "the stop did not go well"); {
			if time.Now().After(deadline) {
				return fmt.Errorf("the stop waits for the disk: %s", log)
			}
			<-time.After(10 * time.Millisecond)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("the stop took %v", took)
		}
		// A process that is traced ends when its tracer lets it.
		_ = tracer.Process.Kill()
		<-traced
		return <-done
	}
}

// TestDiskReportsErrors: fsync fails.
func TestDiskReportsErrors(t *testing.T) {
	p, e, ended := faulty(t, "error=EIO")
	untilReady(t, p, "disk-error")
	refused(t, p, e.ID, "disk reported an error")
	if err := ended(); err != nil {
		t.Errorf("exit: %v", err)
	}
}

// TestDiskHangs: fsync does not come back.
func TestDiskHangs(t *testing.T) {
	p, e, ended := faulty(t, "delay_enter=600000000")
	untilReady(t, p, "disk-hanging")
	refused(t, p, e.ID, "does not answer")
	if status, body := p.call(t, "POST", "/elements/"+string(e.ID)+"/stop", nil); status != http.StatusAccepted || !strings.Contains(string(body), `"state":"stopped"`) {
		t.Errorf("stop: %d %s", status, body)
	}
	if err := ended(); err != nil {
		t.Errorf("exit: %v", err)
	}
}
