package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"fieldline/element"
)

// Call makes one request to the API, path below <base>api/v1/, and returns the
// status and the body. A body that is not nil is sent as JSON.
func (p *Program) Call(method, path string, body any) (int, []byte) {
	p.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.Base+"api/v1/"+path, r)
	if err != nil {
		p.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	client := http.Client{Timeout: Patience, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		p.t.Fatalf("%s %s: %v\n%s", method, path, err, p.Log())
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatalf("%s %s: %v", method, path, err)
	}
	return res.StatusCode, b
}

// API makes a call that has to succeed and reads its answer into T. The
// sentence of a refusal is the failure of the test.
func API[T any](t *testing.T, p *Program, method, path string, body any) T {
	t.Helper()
	status, b := p.Call(method, path, body)
	var v T
	if status/100 != 2 {
		var problem struct{ Detail string }
		if json.Unmarshal(b, &problem) != nil || problem.Detail == "" {
			problem.Detail = string(b)
		}
		t.Fatalf("%s %s: %d: %s", method, path, status, problem.Detail)
	}
	if len(b) == 0 {
		return v
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s %s: %v: %s", method, path, err, b)
	}
	return v
}

// Create makes an element of a shipped connector for a device and starts it.
func (p *Program) Create(name, connector string, d *Device) element.Element {
	p.t.Helper()
	return API[element.Element](p.t, p, http.MethodPost, "elements", map[string]any{
		"name": name, "connector": connector,
		"connections": []map[string]any{{"id": 1, "host": d.Host, "port": d.Port}},
	})
}

// Set writes a parameter.
func (p *Program) Set(id element.ID, parameter element.ParamID, value any) element.Write {
	p.t.Helper()
	return API[element.Write](p.t, p, http.MethodPut, fmt.Sprintf("elements/%s/parameters/%d", id, parameter), map[string]any{"value": value})
}

// Parameter reads a parameter.
func (p *Program) Parameter(id element.ID, parameter element.ParamID) element.Parameter {
	p.t.Helper()
	return API[element.Parameter](p.t, p, http.MethodGet, fmt.Sprintf("elements/%s/parameters/%d", id, parameter), nil)
}

// Event is an event as the API lists it.
type Event map[string]any

// Kind is the event's kind.
func (e Event) Kind() string {
	kind, _ := e["kind"].(string)
	return kind
}

// Count is the number of events of a kind.
func Count(events []Event, kind string) int {
	n := 0
	for _, e := range events {
		if e.Kind() == kind {
			n++
		}
	}
	return n
}

// Events are the newest events of an element, oldest first.
func (p *Program) Events(id element.ID) []Event {
	p.t.Helper()
	page := API[struct{ Events []Event }](p.t, p, http.MethodGet, fmt.Sprintf("elements/%s/events?limit=1000", id), nil)
	return page.Events
}

// Until waits until the events of an element satisfy ok, and returns them.
func (p *Program) Until(id element.ID, what string, ok func([]Event) bool) []Event {
	p.t.Helper()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for end := time.Now().Add(Patience); time.Now().Before(end); <-tick.C {
		if events := p.Events(id); ok(events) {
			return events
		}
	}
	b, _ := json.MarshalIndent(p.Events(id), "", " ") //nolint:errcheck // it was JSON
	p.t.Fatalf("the events never showed %s:\n%s", what, b)
	return nil
}

// UntilOpen waits until an element has been open n times.
func (p *Program) UntilOpen(id element.ID, n int) {
	p.t.Helper()
	p.Until(id, fmt.Sprintf("%d openings", n), func(events []Event) bool { return Count(events, "open") >= n })
}

// Upload stores a connector.
func (p *Program) Upload(xml []byte) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.Base+"api/v1/connectors", bytes.NewReader(xml))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/xml")
	client := http.Client{Timeout: Patience, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusCreated {
		p.t.Fatalf("the connector is not taken: %d %v %s", res.StatusCode, err, b)
	}
}
