package simulator_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"fieldline/element/simulator"
)

// startREST serves a REST device on loopback until the test ends.
func startREST(t *testing.T, o simulator.RESTOptions) (*simulator.REST, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := simulator.NewREST(o)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return d, "http://" + l.Addr().String()
}

// request makes one request and returns the answer with its body.
func request(t *testing.T, method, url, body string, edit func(*http.Request)) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(req)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body) // the transport unpacks it
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

func TestRESTDevice(t *testing.T) {
	d, base := startREST(t, simulator.RESTOptions{Path: "things", Items: []simulator.Item{{"name": "a", "n": 1}, {"name": "b"}}})
	for _, tt := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/things", "", 200, `[{"id":1,"n":1,"name":"a"},{"id":2,"name":"b"}]`},
		{"GET", "/things/2?x=1", "", 200, `{"id":2,"name":"b"}`},
		{"PATCH", "/things/1", `{"n":5}`, 200, `{"id":1,"n":5,"name":"a"}`},
		{"PUT", "/things/1", `{"id":9,"name":"c"}`, 200, `{"id":1,"n":5,"name":"c"}`},
		{"PUT", "/things/1", `{"m":1}`, 422, `{"error":"there is no member \"m\""}`},
		{"PUT", "/things/1", `null`, 400, `{"error":"the body is not a JSON object"}`},
		{"POST", "/things", `{"name":"d"}`, 201, `{"id":3}`},
		{"POST", "/things", `[]`, 400, `{"error":"the body is not a JSON object"}`},
		{"DELETE", "/things/3", "", 204, ""},
		{"GET", "/things/3", "", 404, `{"error":"there is nothing at /things/3"}`},
		{"GET", "/", "", 404, `{"error":"there is nothing at /"}`},
		{"DELETE", "/things", "", 405, `{"error":"DELETE is not possible here"}`},
		{"POST", "/things/1", "", 405, `{"error":"POST is not possible here"}`},
		{"POST", "/things", strings.Repeat(" ", simulator.MaxBody+1), 413, `{"error":"a body may be 1048576 bytes"}`},
	} {
		res, body := request(t, tt.method, base+tt.path, tt.body, nil)
		if res.StatusCode != tt.status || body != tt.want || res.Uncompressed != (body != "") {
			t.Errorf("%s %s: %d %s (packed %v), want %d %s", tt.method, tt.path, res.StatusCode, body, res.Uncompressed, tt.status, tt.want)
		}
	}
	if !d.Set(2, "name", "z") || d.Set(7, "name", "z") || !d.Remove(1) || d.Remove(1) || d.Add(nil) != 4 {
		t.Error("Set, Remove or Add is wrong about what there is")
	}
	if _, body := request(t, "GET", base+"/things", "", nil); body != `[{"id":2,"name":"z"},{"id":4}]` {
		t.Errorf("the list is %s", body)
	}
	all := d.Requests()
	if r := all[2]; len(all) != 15 || r.Method != "PATCH" || r.Path != "/things/1" || r.Body != `{"n":5}` || r.Status != 200 || r.Header.Get("Accept-Encoding") != "gzip" {
		t.Errorf("the record reads %+v", r)
	}
}

func TestRESTDeviceMisbehaves(t *testing.T) {
	d, base := startREST(t, simulator.RESTOptions{})
	base += simulator.DefaultRESTPath
	d.Compress(false)
	d.Refuse(503, http.Header{"Retry-After": {"5"}}, "later")
	if res, body := request(t, "GET", base, "", nil); res.StatusCode != 503 || body != "later" || res.Header.Get("Retry-After") != "5" || res.Uncompressed {
		t.Errorf("%v %s", res, body)
	}
	d.Answer("{")
	if res, body := request(t, "GET", base, "", nil); res.StatusCode != 200 || body != "{" {
		t.Errorf("%v %s", res, body)
	}
	d.Refuse(0, nil, "")
	d.Login("ruth", "word")
	if res, _ := request(t, "GET", base, "", nil); res.StatusCode != 401 || res.Header.Get("Www-Authenticate") == "" {
		t.Errorf("%v", res)
	}
	if res, _ := request(t, "GET", base, "", func(r *http.Request) { r.SetBasicAuth("ruth", "word") }); res.StatusCode != 200 {
		t.Errorf("%v", res)
	}
	d.Login("", "")
	d.Delay(time.Hour) // the end of the device cuts it short
	go func() {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base, nil)
		if err == nil {
			if res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req); err == nil {
				res.Body.Close()
			}
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := d.Wait(ctx, func(all []simulator.Request) bool { return len(all) == 5 && all[4].Status == 0 }); err != nil {
		t.Error(err)
	}
	cancel()
	if err := d.Wait(ctx, func([]simulator.Request) bool { return false }); err == nil {
		t.Error("Wait does not end with its context")
	}
}
