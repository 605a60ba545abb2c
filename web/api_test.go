package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"fieldline/element"
)

// call is one line of the API's behaviour.
type call struct {
	name         string
	method, path string
	body         string
	accept       string
	status       int
	code, field  string   // of a problem
	has          []string // parts of the body
}

// calls are all groups, in an order in which each finds what it needs.
func calls() []call {
	return slices.Concat(connectorCalls(), elementCalls(), valueCalls(), eventCalls(), diagnosisCalls())
}

func connectorCalls() []call {
	name := url.PathEscape(odd)
	return []call{
		{"description", "GET", "/openapi.json", "", "", 200, "", "", []string{`"openapi":"3.1.0"`}},
		{"connectors", "GET", "/connectors", "", "", 200, "", "", []string{`"critical":0`, `"minor":2`}},
		{"odd name", "GET", "/connectors/" + name + "/1.0", "", "", 200, "", "", []string{`"connections":[{`}},
		{"odd name as file", "GET", "/connectors/" + name + "/1.0", "", "application/xml", 200, "", "", []string{"<Protocol>odd\r\n</Protocol>"}},
		{"file of a browser", "GET", "/connectors/" + name + "/1.0", "", "text/html,application/xml;q=0.9,*/*;q=0.8", 200, "", "", []string{"<Protocol>"}},
		{"json wanted more", "GET", "/connectors/" + name + "/1.0", "", "application/xml;q=0.4, application/json;q=0.5", 200, "", "", []string{`"parameters"`}},
		{"no connector", "GET", "/connectors/none/1", "", "", 404, "not-found", "", nil},
		{"upload", "POST", "/connectors", "<Protocol>a</Protocol>", "", 201, "", "", []string{`"findings":[]`}},
		{"upload again", "POST", "/connectors", "<Protocol>a</Protocol>", "", 200, "", "", []string{`"version":"2.0"`}},
		{"another file", "POST", "/connectors", "<Protocol>b</Protocol>", "", 409, "conflict", "", nil},
		{"refused file", "POST", "/connectors", "nothing", "", 422, "invalid", "", []string{`"findings":[{"id":"XML"`}},
		{"large file", "POST", "/connectors", "<Protocol>" + strings.Repeat("x", MaxConnector), "", 413, "too-large", "", nil},
	}
}

func elementCalls() []call {
	big := `{"name":"` + strings.Repeat("x", MaxBody) + `"}`
	return []call{
		{"elements", "GET", "/elements", "", "", 200, "", "", []string{`"elements":[{"id":"e1"`}},
		{"make", "POST", "/elements", `{"name":"B","connector":"Generic WebSocket","connections":[{"id":1,"host":"h"}],"start":false}`, "", 201, "", "", []string{`"state":"stopped"`}},
		{"unknown field", "POST", "/elements", `{"name":"B","colour":1}`, "", 400, "invalid", "colour", nil},
		{"unknown field below", "POST", "/elements", `{"connections":[{"id":1,"prot":1}]}`, "", 400, "invalid", "connections[0].prot", nil},
		{"other casing", "POST", "/elements", `{"Name":"B"}`, "", 400, "invalid", "Name", nil},
		{"twice", "POST", "/elements", `{"name":"B","name":"C"}`, "", 400, "invalid", "name", nil},
		{"wrong type", "POST", "/elements", `{"name":1}`, "", 400, "invalid", "name", nil},
		{"no JSON", "POST", "/elements", `{"name":`, "", 400, "invalid", "", nil},
		{"two values", "POST", "/elements", `{} {}`, "", 400, "invalid", "", nil},
		{"a list", "POST", "/elements", `[]`, "", 400, "invalid", "", nil},
		{"null", "POST", "/elements", `null`, "", 400, "invalid", "", nil},
		{"no body", "POST", "/elements", ``, "", 400, "invalid", "", nil},
		{"large body", "POST", "/elements", big, "", 413, "too-large", "", nil},
		{"settings refused", "POST", "/elements", `{"name":"B","connector":"x","connections":[{"id":1,"host":"a b"}]}`, "", 422, "invalid", "connections[0].host", nil},
		{"one", "GET", "/elements/e1", "", "", 200, "", "", []string{`"lastCause":{"phase":"tcp"`, `"nextTry":null`, `"severity":null`}},
		{"none", "GET", "/elements/none", "", "", 404, "not-found", "", nil},
		{"patch", "PATCH", "/elements/e1", `{"name":"Other"}`, "", 200, "", "", []string{`"name":"Other"`}},
		{"patch refused", "PATCH", "/elements/e1", `{"reconnect":"never"}`, "", 422, "invalid", "reconnect", nil},
		{"pause", "POST", "/elements/e1/pause", "", "", 202, "", "", []string{`"state":"paused"`}},
		{"restart", "POST", "/elements/e1/restart", "{}", "", 202, "", "", []string{`"state":"active"`}},
		{"reconnect all", "POST", "/elements/e1/reconnect", "", "", 202, "", "", nil},
		{"reconnect one", "POST", "/elements/e1/reconnect", `{"connection":1}`, "", 202, "", "", nil},
		{"reconnect none", "POST", "/elements/e1/reconnect", `{"connection":9}`, "", 404, "not-found", "", nil},
		{"reconnect unknown field", "POST", "/elements/e1/reconnect", `{"conn":9}`, "", 400, "invalid", "conn", nil},
		{"stop", "POST", "/elements/e1/stop", "", "", 202, "", "", []string{`"state":"stopped"`}},
		{"reconnect of stopped", "POST", "/elements/e1/reconnect", "", "", 409, "conflict", "", nil},
		{"start", "POST", "/elements/e1/start", "", "", 202, "", "", nil},
		{"no such order", "POST", "/elements/e1/explode", "", "", 404, "not-found", "", nil},
	}
}

func valueCalls() []call {
	return []call{
		{"parameters", "GET", "/elements/e1/parameters", "", "", 200, "", "", []string{`"cursor":{"epoch":"boot-1"`, `"value":null`}},
		{"set text", "PUT", "/elements/e1/parameters/51", `{"value":"x-nmos"}`, "", 200, "", "", []string{`"status":"saved"`, `"by":"192.0.2.1"`}},
		{"set number", "PUT", "/elements/e1/parameters/60", `{"value":12.5}`, "", 200, "", "", []string{`"value":12.5`}},
		{"set empty text", "PUT", "/elements/e1/parameters/50", `{"value":""}`, "", 200, "", "", []string{`"value":""`}},
		{"set refused", "PUT", "/elements/e1/parameters/51", `{"value":"a b"}`, "", 422, "invalid", "value", nil},
		{"set nothing", "PUT", "/elements/e1/parameters/51", `{}`, "", 400, "invalid", "value", nil},
		{"set null", "PUT", "/elements/e1/parameters/51", `{"value":null}`, "", 400, "invalid", "value", nil},
		{"set truth", "PUT", "/elements/e1/parameters/51", `{"value":true}`, "", 400, "invalid", "value", nil},
		{"set if", "PUT", "/elements/e1/parameters/51", `{"value":"b","ifValue":""}`, "", 200, "", "", nil},
		{"set if not", "PUT", "/elements/e1/parameters/51", `{"value":"c","ifValue":"a"}`, "", 409, "conflict", "", nil},
		{"set none", "PUT", "/elements/e1/parameters/7", `{"value":"c"}`, "", 404, "not-found", "", nil},
		{"set word", "PUT", "/elements/e1/parameters/path", `{"value":"c"}`, "", 404, "not-found", "", nil},
		{"parameter", "GET", "/elements/e1/parameters/50", "", "", 200, "", "", []string{`"value":"b"`, `"writeId":51`}},
		{"no parameter", "GET", "/elements/e1/parameters/7", "", "", 404, "not-found", "", nil},
		{"write", "GET", "/elements/e1/writes/w1", "", "", 200, "", "", []string{`"parameter":51`}},
		{"no write", "GET", "/elements/e1/writes/w9", "", "", 404, "not-found", "", nil},
		{"table", "GET", "/elements/e1/tables/1000", "", "", 200, "", "", []string{
			`"columns":[{"id":1001,"name":"key","description":"Key","writeId":null,"key":true},{"id":1002,"name":"label","description":"Label","writeId":1052}]`,
			`"rows":[{"key":"a/b c","display":"First","cells":{"1001":{"value":"a/b c","display":"a/b c"},"1002":{"value":"one","display":"one"}}}]`,
		}},
		{"table of nothing", "GET", "/elements/e1/tables/x", "", "", 404, "not-found", "", nil},
		{"cell set", "PUT", "/elements/e1/tables/1000/a%2Fb%20c/1002", `{"value":"two"}`, "", 200, "", "", []string{`"parameter":1002,"row":"a/b c","value":"two"`}},
		{"cell of no row", "PUT", "/elements/e1/tables/1000/zz/1002", `{"value":"two"}`, "", 404, "not-found", "", nil},
		{"cell of no column", "PUT", "/elements/e1/tables/1000/a/x", `{"value":"two"}`, "", 404, "not-found", "", []string{"no column x"}},
		{"cell without a value", "PUT", "/elements/e1/tables/1000/a%2Fb%20c/1002", `{"value":null}`, "", 400, "invalid", "value", nil},
		{"cell with ifValue", "PUT", "/elements/e1/tables/1000/a%2Fb%20c/1002", `{"value":"x","ifValue":"y"}`, "", 400, "invalid", "ifValue", nil},
		{"no table", "GET", "/elements/e1/tables/50", "", "", 404, "not-found", "", []string{"is no table"}},
		{"cell", "PUT", "/elements/e1/tables/50/a/1002", `{"value":"x"}`, "", 404, "not-found", "", nil},
	}
}

func eventCalls() []call {
	return []call{
		{"events", "GET", "/elements/e1/events", "", "", 200, "", "", []string{`"gap":false`, `"kind":"state"`, `"kind":"parameter"`}},
		{"newest", "GET", "/elements/e1/events?limit=1", "", "", 200, "", "", []string{`"kind":"parameter"`}},
		{"after", "GET", "/elements/e1/events?after=1&epoch=boot-1&limit=1000", "", "", 200, "", "", []string{`"gap":false`}},
		{"other epoch", "GET", "/elements/e1/events?after=1&epoch=old", "", "", 200, "", "", []string{`"gap":true`}},
		{"of a kind", "GET", "/elements/e1/events?kind=parameter&limit=1", "", "", 200, "", "", []string{`"kind":"parameter"`}},
		{"of other kinds", "GET", "/elements/e1/events?kind=closed,version&after=0&epoch=boot-1", "", "", 200, "", "", []string{`"events":[]`, `"gap":false`}},
		{"of kinds given twice", "GET", "/elements/e1/events?kind=closed&kind=parameter&limit=1", "", "", 200, "", "", []string{`"kind":"parameter"`}},
		{"unknown kind", "GET", "/elements/e1/events?kind=write,writes", "", "", 400, "invalid", "kind", []string{"writes", "message-in"}},
		{"no kind", "GET", "/elements/e1/events?kind=", "", "", 400, "invalid", "kind", nil},
		{"bad limit", "GET", "/elements/e1/events?limit=0", "", "", 400, "invalid", "limit", nil},
		{"large limit", "GET", "/elements/e1/events?limit=1001", "", "", 400, "invalid", "limit", nil},
		{"bad after", "GET", "/elements/e1/events?after=-1", "", "", 400, "invalid", "after", nil},
	}
}

func diagnosisCalls() []call {
	return []call{
		{"handshake", "GET", "/elements/e1/connections/1/handshake", "", "", 200, "", "", []string{`"request":"GET / HTTP/1.1\r\n\r\n"`, `"phasesMs":{}`}},
		{"no handshake", "GET", "/elements/e1/connections/1/handshake?which=lastSuccess", "", "", 404, "not-found", "", nil},
		{"which", "GET", "/elements/e1/connections/1/handshake?which=first", "", "", 400, "invalid", "which", nil},
		{"handshake of none", "GET", "/elements/e1/connections/one/handshake", "", "", 404, "not-found", "", []string{"no connection one"}},
		{"dry run", "GET", "/elements/e1/connections/1/dry-run", "", "", 200, "", "", []string{`"proxy":"http://ruth:•••@proxy:3128"`, `"error":null`}},
		{"dry run of no address", "GET", "/elements/e1/connections/2/dry-run", "", "", 200, "", "", []string{`"request":""`, `"notes":[]`, `"phase":"address"`}},
		{"dry run of none", "GET", "/elements/e1/connections/9/dry-run", "", "", 404, "not-found", "", nil},
		{"try", "POST", "/elements/e1/connections/1/try", "", "", 200, "", "", []string{`"status":403`, `"phasesMs":{}`}},
		{"try of none", "POST", "/elements/e1/connections/9/try", "{}", "", 404, "not-found", "", nil},
		{"try with a wish", "POST", "/elements/e1/connections/1/try", `{"path":"/"}`, "", 400, "invalid", "path", nil},
		{"try none", "POST", "/elements/e1/connections/x/try", "", "", 404, "not-found", "", nil},
		{"nothing there", "GET", "/nothing", "", "", 404, "not-found", "", nil},
		{"wrong method", "PUT", "/elements", "", "", 405, "invalid", "", nil},
		{"head", "HEAD", "/elements/e1", "", "", 200, "", "", nil},
		{"delete", "DELETE", "/elements/e1", "", "", 204, "", "", nil},
		{"deleted", "DELETE", "/elements/e1", "", "", 404, "not-found", "", nil},
	}
}

// TestAPI makes the calls one after the other, under each base path. Every
// answer has to be what openapi.json says of it.
func TestAPI(t *testing.T) { makeCalls(t, calls()) }

func makeCalls(t *testing.T, calls []call) {
	t.Helper()
	for _, base := range bases() {
		t.Run("base "+base, func(t *testing.T) {
			s := newSite(t, under(base)).withElement(t)
			doc := readDescription(t, s)
			for _, c := range calls {
				t.Run(c.name, func(t *testing.T) {
					w := s.ask(t, c.method, apiPrefix+c.path, c.body, "Accept", c.accept, "Content-Type", "application/json")
					if w.Code != c.status {
						t.Fatalf("status %d, want %d: %s", w.Code, c.status, w.Body)
					}
					for _, part := range c.has {
						if !strings.Contains(w.Body.String(), part) {
							t.Errorf("%s is not in %s", part, w.Body)
						}
					}
					doc.check(t, s, c, w.Result().Header.Get("Content-Type"), w.Body.Bytes())
					if c.code != "" {
						checkProblem(t, c, w.Header(), decoded[problem](t, w.Body))
					}
				})
			}
		})
	}
}

func checkProblem(t *testing.T, c call, h http.Header, p problem) {
	t.Helper()
	if string(p.Code) != c.code || p.Field != c.field || p.Status != c.status {
		t.Errorf("problem %+v, want code %s, field %q", p, c.code, c.field)
	}
	if p.RequestID == "" || p.RequestID != h.Get(HeaderRequestID) || p.Detail == "" || h.Get("Content-Type") != "application/problem+json" {
		t.Errorf("problem %+v with headers %v", p, h)
	}
}

func TestLocations(t *testing.T) {
	for _, base := range bases() {
		s := newSite(t, under(base))
		w := s.ask(t, "POST", "/api/v1/elements", `{"name":"A","connector":"c","connections":[{"id":1,"host":"h"}]}`)
		if got := w.Header().Get("Location"); got != base+"/api/v1/elements/e1" {
			t.Errorf("Location %q under %q", got, base)
		}
		w = s.ask(t, "POST", "/api/v1/connectors", `<Protocol/>`)
		if got := w.Header().Get("Location"); got != base+"/api/v1/connectors/Uploaded/2.0" {
			t.Errorf("Location %q under %q", got, base)
		}
	}
}

// TestConfirm: a write that the connector asks about passes with the token of
// the problem, once, and with the same value only.
func TestConfirm(t *testing.T) {
	s := newSite(t).withElement(t)
	put := func(body string) (int, problem) {
		w := s.ask(t, "PUT", "/api/v1/elements/e1/parameters/70", body)
		if w.Code == 200 {
			return w.Code, problem{}
		}
		return w.Code, decoded[problem](t, w.Body)
	}
	status, p := put(`{"value":"1"}`)
	if status != 409 || p.Code != element.Conflict || p.Confirm == "" || !strings.Contains(p.Detail, "Reboot the device?") {
		t.Fatalf("%d %+v", status, p)
	}
	if status, _ := put(`{"value":"2","confirm":"` + p.Confirm + `"}`); status != 409 {
		t.Errorf("another value: %d", status)
	}
	if status, _ := put(`{"value":"1","confirm":"` + p.Confirm + `"}`); status != 200 {
		t.Errorf("the same value: %d", status)
	}
	if status, _ := put(`{"value":"1","confirm":"` + p.Confirm + `"}`); status != 409 {
		t.Errorf("the token again: %d", status)
	}
	if n := len(s.service.writes); n != 1 {
		t.Errorf("%d writes", n)
	}
}
