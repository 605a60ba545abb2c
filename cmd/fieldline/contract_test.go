package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/simulator"
)

// patience bounds every wait of the tests; nothing waits for it to pass.
const patience = time.Minute

const seedHeader = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"

// device runs a simulated device for the length of the test.
func device(t *testing.T, o simulator.Options) (*simulator.Device, string, int) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := simulator.New(o)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- d.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the device: %v", err)
		}
	})
	addr := listener.Addr().(*net.TCPAddr)
	return d, addr.IP.String(), addr.Port
}

// seen waits until the device's log satisfies ok.
func seen(t *testing.T, d *simulator.Device, what string, ok func([]simulator.Entry) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := d.Wait(ctx, ok); err != nil {
		log, _ := json.MarshalIndent(d.Log(), "", " ")
		t.Fatalf("the device never saw %s: %v\n%s", what, err, log)
	}
}

// call makes one API request and returns the status and the body.
func (p *program) call(t *testing.T, method, path string, body any) (int, []byte) {
	t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, p.base+"api/v1"+path, r)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, b
}

// get makes a call that has to answer with status and reads the answer.
func get[T any](t *testing.T, p *program, status int, method, path string, body any) T {
	t.Helper()
	got, b := p.call(t, method, path, body)
	if got != status {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, got, status, b)
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s %s: %v: %s", method, path, err, b)
	}
	return v
}

// create makes an element of the shipped connector for a device.
func create(t *testing.T, p *program, name, host string, port int) element.Element {
	t.Helper()
	return get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": name, "connector": "Generic WebSocket",
		"connections": []map[string]any{{"id": 1, "host": host, "port": port}},
	})
}

func set(t *testing.T, p *program, id element.ID, pid int, value any) element.Write {
	t.Helper()
	return get[element.Write](t, p, http.StatusOK, "PUT", fmt.Sprintf("/elements/%s/parameters/%d", id, pid), map[string]any{"value": value})
}

func parameter(t *testing.T, p *program, id element.ID, pid int) element.Parameter {
	t.Helper()
	return get[element.Parameter](t, p, http.StatusOK, "GET", fmt.Sprintf("/elements/%s/parameters/%d", id, pid), nil)
}

type eventPage struct {
	Events []map[string]any `json:"events"`
	Cursor element.Cursor   `json:"cursor"`
	Gap    bool             `json:"gap"`
}

// until follows the events of an element until ok holds for all so far.
func until(t *testing.T, p *program, id element.ID, what string, ok func(events []map[string]any) bool) []map[string]any {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		page := get[eventPage](t, p, http.StatusOK, "GET", "/elements/"+string(id)+"/events?limit=1000", nil)
		if ok(page.Events) {
			return page.Events
		}
		if time.Now().After(deadline) {
			b, _ := json.MarshalIndent(page.Events, "", " ")
			t.Fatalf("the events never showed %s:\n%s", what, b)
		}
	}
}

func count(events []map[string]any, kind string) int {
	n := 0
	for _, e := range events {
		if e["kind"] == kind {
			n++
		}
	}
	return n
}

func opened(n int) func([]simulator.Entry) bool {
	return func(log []simulator.Entry) bool {
		open := 0
		for _, e := range log {
			if e.Status == http.StatusSwitchingProtocols {
				open++
			}
		}
		return open >= n
	}
}

// TestSeedScenario plays the connector of the documentation's use case
// "custom handshake and dynamic IP" through the outer contract.
func TestSeedScenario(t *testing.T) {
	d, host, port := device(t, simulator.Options{})
	other, otherHost, otherPort := device(t, simulator.Options{Path: "/other"})
	dir := t.TempDir()
	p := startProgram(t, "serve", "--data", dir, "--base-path", "/x")
	if !strings.HasSuffix(p.base, "/x/") {
		t.Errorf("listening on %q, want it to end with the base path", p.base)
	}
	e := create(t, p, "Cam 1", host, port)

	seen(t, d, "a handshake", opened(1))
	first := d.Log()[0]
	if !strings.HasPrefix(first.Head, "GET /x-nmos/events/ws HTTP/1.1\r\n") || !strings.Contains(first.Head, "\r\n"+seedHeader+"\r\n") {
		t.Errorf("the handshake is not what the connector says:\n%s", first.Head)
	}
	until(t, p, e.ID, "open", func(ev []map[string]any) bool { return count(ev, "open") == 1 })
	if v := parameter(t, p, e.ID, 7); v.Value != element.Number(1) || v.Display != "Open" {
		t.Errorf("the status parameter reads %v (%s)", v.Value, v.Display)
	}
	if v := parameter(t, p, e.ID, 220); !strings.HasPrefix(v.Value.String(), "HTTP/1.1 101 ") {
		t.Errorf("parameter 220 holds %q, want the status line", v.Value)
	}
	shake := get[element.Handshake](t, p, http.StatusOK, "GET", "/elements/"+string(e.ID)+"/connections/1/handshake", nil)
	if shake.Request != first.Head || shake.Status != http.StatusSwitchingProtocols {
		t.Errorf("the record differs from what the device saw:\n%q\n%q", shake.Request, first.Head)
	}

	d.Close(1011, "overload")
	events := until(t, p, e.ID, "the closing and the way back", func(ev []map[string]any) bool { return count(ev, "open") == 2 })
	for _, ev := range events {
		if ev["kind"] == "closed" && (ev["code"] != 1011.0 || ev["reason"] != "overload" || ev["by"] != "device") {
			t.Errorf("the closing reads %v", ev)
		}
	}

	if w := set(t, p, e.ID, 51, "other"); w.Status != element.WriteSaved && w.Status != element.WriteSent && w.Status != element.WriteConfirmed {
		t.Errorf("the write of a saved parameter answered %q", w.Status)
	}
	set(t, p, e.ID, 61, net.JoinHostPort(otherHost, fmt.Sprint(otherPort)))
	seen(t, other, "a handshake", opened(1))
	if got := other.Log()[0].RequestLine(); got != "GET /other HTTP/1.1" {
		t.Errorf("the second device was asked %q", got)
	}
	seen(t, d, "Close 1000", func(log []simulator.Entry) bool {
		last := log[len(log)-1]
		return last.End != nil && last.End.By == "client" && last.End.Code == 1000
	})
	until(t, p, e.ID, "open at the new address", func(ev []map[string]any) bool { return count(ev, "open") == 3 })
	p.stop(t)
	seen(t, other, "Close 1001", func(log []simulator.Entry) bool {
		return log[0].End != nil && log[0].End.Code == 1001
	})

	p = startProgram(t, "serve", "--data", dir)
	seen(t, other, "the saved path and address after a restart", opened(2))
	if v := parameter(t, p, e.ID, 50); v.Value != element.Text("other") || !v.Saved {
		t.Errorf("parameter 50 reads %v after a restart", v)
	}
}

func TestWrongAddressIsOneLineNotAFlood(t *testing.T) {
	d, host, port := device(t, simulator.Options{})
	p := startProgram(t, "serve", "--data", t.TempDir())
	e := create(t, p, "Cam 1", host, port)
	seen(t, d, "a handshake", opened(1))
	until(t, p, e.ID, "open", func(ev []map[string]any) bool { return count(ev, "open") == 1 })
	set(t, p, e.ID, 61, "127.0.0.1:1")
	events := until(t, p, e.ID, "three refusals", func(ev []map[string]any) bool {
		for _, e := range ev {
			if e["kind"] == "refused" && e["count"].(float64) >= 3 {
				return true
			}
		}
		return false
	})
	closed := 0
	for _, ev := range events {
		if ev["kind"] == "parameter" && ev["parameter"] == 7.0 && ev["value"] == 0.0 {
			closed++
		}
	}
	if count(events, "refused") != 1 || count(events, "closed") != 1 || closed > 2 {
		t.Errorf("%d refused, %d closed events, the status parameter went to 0 %d times; want one line each:\n%v",
			count(events, "refused"), count(events, "closed"), closed, events)
	}
}

func TestBadInputIsNamed(t *testing.T) {
	_, host, port := device(t, simulator.Options{})
	p := startProgram(t, "serve", "--data", t.TempDir())
	e := create(t, p, "Cam 1", host, port)
	put := func(pid string, body string) (string, string, any) {
		return "PUT", "/elements/" + string(e.ID) + "/parameters/" + pid, json.RawMessage(body)
	}
	post := func(body string) (string, string, any) { return "POST", "/elements", json.RawMessage(body) }
	type problem struct {
		Code, Detail, Field, RequestID string
		Status                         int
	}
	check := func(name string, status int, code, says string) func(method, path string, body any) {
		return func(method, path string, body any) {
			t.Helper()
			got, b := p.call(t, method, path, body)
			var pr problem
			if err := json.Unmarshal(b, &pr); err != nil {
				t.Errorf("%s: %d %s", name, got, b)
				return
			}
			if got != status || pr.Status != status || pr.Code != code || !strings.Contains(pr.Detail+" "+pr.Field, says) || pr.RequestID == "" {
				t.Errorf("%s: want %d %s %q, got %d %+v", name, status, code, says, got, pr)
			}
		}
	}
	check("header with CR LF", 422, "invalid", "carriage return")(put("16", `{"value":"a\r\nX: y"}`))
	check("path with a space", 422, "invalid", "space")(put("51", `{"value":"a b"}`))
	check("port out of range", 422, "invalid", "65535")(put("61", `{"value":"127.0.0.1:99999"}`))
	check("too long", 422, "invalid", "")(put("51", `{"value":"`+strings.Repeat("a", 100_000)+`"}`))
	check("unknown parameter", 404, "not-found", "")(put("999", `{"value":"a"}`))
	check("read-only parameter", 422, "invalid", "")(put("7", `{"value":1}`))
	check("unknown field", 400, "invalid", "vaule")(put("51", `{"vaule":"a"}`))
	check("no value", 400, "invalid", "value")(put("51", `{}`))
	check("other value meanwhile", 409, "conflict", "")(put("51", `{"value":"b","ifValue":"not this"}`))
	check("unknown connector", 404, "not-found", "")(post(`{"name":"B","connector":"No such"}`))
	check("same name", 409, "conflict", "")(post(`{"name":"Cam 1","connector":"Generic WebSocket","connections":[{"id":1,"host":"h"}]}`))
	check("no such connection", 422, "invalid", "connections[0].id")(post(`{"name":"B","connector":"Generic WebSocket","connections":[{"id":9,"host":"h"}]}`))
	check("bad host", 422, "invalid", "connections[0].host")(post(`{"name":"B","connector":"Generic WebSocket","connections":[{"id":1,"host":"a b"}]}`))
	check("unknown element", 404, "not-found", "")("GET", "/elements/nope", nil)
	if v := parameter(t, p, e.ID, 50); v.Value != element.Text("x-nmos/events/ws") {
		t.Errorf("a refused write changed the value to %v", v.Value)
	}

	res := get[map[string]any](t, p, http.StatusOK, "GET", "/connectors/"+url.PathEscape("Generic WebSocket")+"/"+url.PathEscape("1.0.0.1"), nil)
	if res["name"] != "Generic WebSocket" {
		t.Errorf("the connector reads %v", res["name"])
	}
}

func TestElementOrders(t *testing.T) {
	d, host, port := device(t, simulator.Options{})
	p := startProgram(t, "serve", "--data", t.TempDir())
	e := create(t, p, "Cam 1", host, port)
	path := "/elements/" + string(e.ID)
	seen(t, d, "a handshake", opened(1))

	get[element.Element](t, p, http.StatusAccepted, "POST", path+"/stop", nil)
	seen(t, d, "Close 1001", func(log []simulator.Entry) bool { return log[0].End != nil && log[0].End.Code == 1001 })
	if status, b := p.call(t, "POST", path+"/reconnect", map[string]any{"connection": 1}); status != http.StatusConflict {
		t.Errorf("reconnect of a stopped element: %d %s", status, b)
	}
	if w := set(t, p, e.ID, 50, "/x-nmos/events/ws?a=1"); w.Status != element.WriteSaved {
		t.Errorf("a stopped element takes writes; got %+v", w)
	}
	d.RequirePath("/x-nmos/events/ws")
	get[element.Element](t, p, http.StatusAccepted, "POST", path+"/start", nil)
	seen(t, d, "the new path", func(log []simulator.Entry) bool {
		return strings.HasPrefix(log[len(log)-1].Head, "GET /x-nmos/events/ws?a=1 ") && log[len(log)-1].Open()
	})
	get[element.Element](t, p, http.StatusAccepted, "POST", path+"/pause", nil)
	if !d.Log()[len(d.Log())-1].Open() {
		t.Error("a paused element lost its connection")
	}
	get[element.Element](t, p, http.StatusAccepted, "POST", path+"/restart", nil)
	n := len(d.Log())
	seen(t, d, "a new handshake", func(log []simulator.Entry) bool { return len(log) >= n && log[len(log)-1].Open() })
	if status, b := p.call(t, "DELETE", path, nil); status != http.StatusNoContent {
		t.Errorf("delete: %d %s", status, b)
	}
	if status, _ := p.call(t, "GET", path, nil); status != http.StatusNotFound {
		t.Errorf("a deleted element answers %d", status)
	}
}

func TestDemoIsOpenWhenItListens(t *testing.T) {
	p := startProgram(t, "demo", "--device-listen", "127.0.0.1:0", "--data", t.TempDir())
	list := get[map[string][]element.Element](t, p, http.StatusOK, "GET", "/elements", nil)["elements"]
	if len(list) != 1 || list[0].Name != demoName {
		t.Fatalf("the demo has %+v", list)
	}
	until(t, p, list[0].ID, "open", func(ev []map[string]any) bool { return count(ev, "open") == 1 })
}
