package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"fieldline/element"
)

// process is the program as a process of its own, for what ends it.
type process struct {
	*exec.Cmd
	base string
	log  *bytes.Buffer
}

func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	p := &process{Cmd: exec.CommandContext(ctx, os.Args[0], append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), log: &bytes.Buffer{}} //nolint:gosec // the test itself
	p.Env = append(os.Environ(), "RUN_AS_FIELDLINE=1")
	p.Stderr = p.log
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	base, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("it said %q, %v\n%s", line, err, p.log)
	}
	p.base = base
	return p
}

// ask calls the API; the body of the answer is returned, "" where there was none.
func (p *process) ask(t *testing.T, method, path, contentType, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}).Do(req)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = res.Body.Close() }()
	answer, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(answer)
}

// scripted makes an element whose QAction runs with the value that is set.
func (p *process) scripted(t *testing.T, code string) element.ID {
	t.Helper()
	xml := `<Protocol xmlns="http://www.skyline.be/protocol"><Name>Heavy</Name><Version>1.0.0.1</Version><Type>virtual</Type>
<Params><Param id="10"><Name>A</Name><Description>A</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="11" setter="true"><Name>A</Name><Description>A</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param></Params>
<QActions><QAction id="5" name="Heavy" encoding="jscript" triggers="10"><![CDATA[` + code + `]]></QAction></QActions></Protocol>`
	if status, answer := p.ask(t, "POST", "api/v1/connectors", "application/xml", xml); status != http.StatusCreated {
		t.Fatalf("upload: %d %s", status, answer)
	}
	status, answer := p.ask(t, "POST", "api/v1/elements", "application/json", `{"name":"Heavy one","connector":"Heavy"}`)
	var e element.Element
	if err := json.Unmarshal([]byte(answer), &e); err != nil || status != http.StatusCreated {
		t.Fatalf("create: %d %s", status, answer)
	}
	return e.ID
}

// trigger sets the value and does not wait for an answer.
func (p *process) trigger(t *testing.T, id string) {
	t.Helper()
	addr := strings.TrimSuffix(strings.TrimPrefix(p.base, "http://"), "/")
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	const body = `{"value":"go"}`
	if _, err := fmt.Fprintf(conn, "PUT /api/v1/elements/%s/parameters/11 HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", id, addr, len(body), body); err != nil {
		t.Fatal(err)
	}
}

// eventually waits for what the API says.
func (p *process) eventually(t *testing.T, path string, is func(status int, answer string) bool) string {
	t.Helper()
	var answer string
	if !becomes(50*time.Millisecond, 90*time.Second, func() bool {
		var status int
		status, answer = p.ask(t, "GET", path, "", "")
		return is(status, answer)
	}) {
		t.Fatalf("%s stays %s\n%s", path, answer, p.log)
	}
	return answer
}

// becomes looks every so often whether something is so, for as long as limit.
func becomes(every, limit time.Duration, so func() bool) bool {
	tick, end := time.NewTicker(every), time.NewTimer(limit)
	defer tick.Stop()
	defer end.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-end.C:
			return false
		}
	}
	return true
}

// endless never returns and cannot be interrupted: every comparison of these
// texts takes long. What goes before can be interrupted, so that it is little
// work: the process is as slow as the race detector makes it.
const endless = `if (protocol.GetParameter(10) === "go") { var x = "x"; while (x.length < 8000000) x += x; var a = x + "a", b = x + "b"; new Array(100000).fill(a).indexOf(b); }`

// TestStuckScript: a script that does not return is named, its callers get an
// answer, and the program still ends in time.
func TestStuckScript(t *testing.T) {
	p := startProcess(t, "--data", t.TempDir())
	id := string(p.scripted(t, endless))
	p.trigger(t, id)
	ready := p.eventually(t, "readyz", func(status int, _ string) bool { return status == http.StatusServiceUnavailable })
	if !strings.HasPrefix(ready, "script-stuck: element Heavy one: QAction 5 (Heavy) has been running for ") {
		t.Errorf("readyz: %s", ready)
	}
	if status, answer := p.ask(t, "GET", "api/v1/elements/"+id+"/parameters", "", ""); status != http.StatusServiceUnavailable || !strings.Contains(answer, "QAction 5 (Heavy) has been running") {
		t.Errorf("a caller got %d %s", status, answer)
	}
	if _, answer := p.ask(t, "GET", "api/v1/elements/"+id, "", ""); !strings.Contains(answer, `"name":"script-stuck"`) {
		t.Errorf("the element: %s", answer)
	}
	if _, answer := p.ask(t, "GET", "api/v1/elements/"+id+"/events", "", ""); !strings.Contains(answer, "does not return") {
		t.Errorf("its events: %s", answer)
	}
	began := time.Now()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil || time.Since(began) > 5*time.Second {
		t.Errorf("the end: %v after %v\n%s", err, time.Since(began), p.log)
	}
}

// TestCrashLoopEnds: an element that was handled when the process died twice is
// held back and says why, until a person starts it.
func TestCrashLoopEnds(t *testing.T) {
	data := t.TempDir()
	var id string
	for i := range 2 {
		p := startProcess(t, "--data", data)
		if i == 0 {
			id = string(p.scripted(t, `for (;;) {}`+endless))
		}
		if _, answer := p.ask(t, "GET", "api/v1/elements/"+id, "", ""); !strings.Contains(answer, `"state":"active"`) {
			t.Errorf("start %d: %s", i, answer)
		}
		p.trigger(t, id)
		mark := data + "/crashes/" + id + ".mark"
		if !becomes(time.Millisecond, time.Minute, func() bool { _, err := os.Stat(mark); return err == nil }) {
			t.Fatal("the script left no mark")
		}
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = p.Wait()
	}
	p := startProcess(t, "--data", data)
	_, answer := p.ask(t, "GET", "api/v1/elements/"+id, "", "")
	if !strings.Contains(answer, `"state":"stopped"`) || !strings.Contains(answer, "The program died 2 times while a script of this element was handled") {
		t.Errorf("the third start: %s", answer)
	}
	if _, answer := p.ask(t, "GET", "api/v1/elements/"+id+"/events", "", ""); !strings.Contains(answer, "The program died 2 times") {
		t.Errorf("its events: %s", answer)
	}
	if status, answer := p.ask(t, "POST", "api/v1/elements/"+id+"/start", "application/json", ""); status != http.StatusAccepted || strings.Contains(answer, "faults") {
		t.Errorf("a person's start: %d %s", status, answer)
	}
	stop(t, p)
	p = startProcess(t, "--data", data, "--start-stopped")
	if _, answer := p.ask(t, "GET", "api/v1/elements/"+id, "", ""); !strings.Contains(answer, `"state":"stopped"`) || !strings.Contains(answer, "--start-stopped") {
		t.Errorf("with --start-stopped: %s", answer)
	}
	stop(t, p)
	p = startProcess(t, "--data", data)
	if _, answer := p.ask(t, "GET", "api/v1/elements/"+id, "", ""); !strings.Contains(answer, `"state":"active"`) || strings.Contains(answer, "faults") {
		t.Errorf("without it: %s", answer)
	}
	stop(t, p)
}

func stop(t *testing.T, p *process) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("the end: %v\n%s", err, p.log)
	}
}
