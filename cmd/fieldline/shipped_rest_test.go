package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/simulator"
)

// Parameters of the REST connector.
const (
	pidPath        = 21
	pidUser        = 31
	pidPassword    = 33
	pidAPIKey      = 35
	pidInterval    = 41
	pidPollNow     = 42
	pidList        = 71
	pidKeyMember   = 73
	pidMembers     = 75
	pidRowPath     = 81
	pidRowVerb     = 83
	pidStatus      = 240
	pidType        = 241
	pidBody        = 250
	pidPolls       = 500
	pidGood        = 501
	pidRefusals    = 502
	pidNoAnswers   = 503
	pidBadAnswers  = 504
	pidLeftOut     = 505
	pidLastError   = 506
	pidWritePath   = 601
	pidWriteBody   = 603
	pidSend        = 604
	pidWriteStatus = 640
	pidWriteAnswer = 650
)

// serveREST runs a simulated HTTP device for the length of the test.
func serveREST(t *testing.T, o simulator.RESTOptions) (*simulator.REST, string, int) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := simulator.NewREST(o)
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

// poller makes an element of the REST connector, which has read the list once
// and asks again only when told.
func poller(t *testing.T) (*simulator.REST, *program, element.ID) {
	t.Helper()
	d, host, port := serveREST(t, simulator.RESTOptions{})
	p := startProgram(t, "serve", "--data", t.TempDir())
	e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Mixer", "connector": "REST Poller",
		"connections": []map[string]any{{"id": 0, "host": host, "port": port, "timeoutMs": 1000, "retries": 0}},
	})
	untilRows(t, p, e.ID, "1000", "three channels", func(rows map[string]element.Row) bool { return len(rows) == 3 })
	set(t, p, e.ID, pidInterval, 0)
	return d, p, e.ID
}

// polls asks now and waits until a counter has moved on by one.
func polls(t *testing.T, p *program, id element.ID, counter int) {
	t.Helper()
	n, _ := parameter(t, p, id, counter).Value.Float()
	set(t, p, id, pidPollNow, "1")
	untilShows(t, p, id, counter, fmt.Sprint(n+1))
}

// cells are what the cells of a row show, without the key and the time.
func cells(r element.Row) string {
	var all []string
	for column := element.ParamID(1002); column <= 1007; column++ {
		all = append(all, r.Cells[column].Display)
	}
	return strings.Join(all, "|")
}

func TestRESTShowsTheList(t *testing.T) {
	d, p, id := poller(t)
	first := d.Requests()[0]
	if first.Method != "GET" || first.Path != "/api/channels" || first.Header.Get("Accept") != "application/json" || first.Header.Get("X-Api-Key") != "" || first.Header.Get("Authorization") != "" {
		t.Errorf("the first request is %+v", first)
	}
	shows(t, p, id, map[int]string{pidStatus: "HTTP/1.1 200 OK", pidType: "application/json", pidBadAnswers: "0", pidRefusals: "0", pidNoAnswers: "0", pidLeftOut: "0", 76: "Value 1: name, Value 2: level, Value 3: mute, Value 4: route.from"})
	got := rows(t, p, id, "1000")
	if cells(got["1"]) != "Presenter|-12.5|false|Mic 1||" || cells(got["3"]) != "Jingles|-6|false|Player||" {
		t.Errorf("the rows read %v", got)
	}
	since := got["1"].Cells[1008].Display
	for _, told := range []string{since, parameter(t, p, id, 507).Display} {
		if at, err := time.Parse(time.DateTime, told); err != nil || time.Since(at).Abs() > time.Minute {
			t.Errorf("a time reads %q, want about now", told)
		}
	}

	d.Set(2, "level", -3)
	d.Remove(3)
	d.Add(simulator.Item{"name": "Phone", "mute": nil})
	polls(t, p, id, pidGood)
	got = rows(t, p, id, "1000")
	if len(got) != 3 || cells(got["2"]) != "Guest|-3|true|Mic 2||" || cells(got["4"]) != "Phone|||||" || got["1"].Cells[1008].Display != since {
		t.Errorf("after changes the rows read %v", got)
	}
	polls(t, p, id, pidGood) // an equal answer is one more
	if all := d.Requests(); all[0].Remote != all[len(all)-1].Remote {
		t.Errorf("the connection was not kept: %s and %s", all[0].Remote, all[len(all)-1].Remote)
	}

	// Other lists: wrapped, an object of objects, plain values, without keys.
	for _, tt := range []struct {
		body, list, key, members, left string
		want                           map[string]string
	}{
		{`{"data":{"items":[{"uuid":"a","v":1},{"uuid":"b","v":{"w":[2]}},{"v":3},{"uuid":"a","v":4},5]}}`, "data.items", "uuid", "v", "3", map[string]string{"a": "1|||||", "b": `{"w":[2]}|||||`}},
		{`{"x":{"v":true},"y":{"v":"on"}}`, "", "id", "v", "0", map[string]string{"x": "true|||||", "y": "on|||||"}},
		{`{"temperature":21.5,"fans":[1,2],"__proto__":"p","":7}`, "", "id", "", "1", map[string]string{"temperature": "21.5|||||", "fans": "[1,2]|||||", "__proto__": "p|||||"}},
		{`[]`, "", "id", "v", "0", nil},
	} {
		d.Answer(tt.body)
		set(t, p, id, pidList, tt.list)
		set(t, p, id, pidKeyMember, tt.key)
		set(t, p, id, pidMembers, tt.members)
		polls(t, p, id, pidGood)
		got := rows(t, p, id, "1000")
		if len(got) != len(tt.want) {
			t.Errorf("%s has the rows %v", tt.body, got)
		}
		for key, want := range tt.want {
			if cells(got[key]) != want {
				t.Errorf("%s: row %s reads %s, want %s", tt.body, key, cells(got[key]), want)
			}
		}
		shows(t, p, id, map[int]string{pidLeftOut: tt.left})
	}
}

// A list that is too long is cut, and the connector goes on.
func TestRESTBoundsTheList(t *testing.T) {
	d, p, id := poller(t)
	const most, there = 1000, 1200
	var list []string
	for i := range there {
		list = append(list, fmt.Sprintf(`{"id":%d,"name":"n"}`, i))
	}
	d.Answer("[" + strings.Join(list, ",") + "]")
	polls(t, p, id, pidGood)
	if got := rows(t, p, id, "1000"); len(got) != most || cells(got["999"]) != "n|||||" {
		t.Errorf("%d rows of %d objects, want %d", len(got), there, most)
	}
	shows(t, p, id, map[int]string{pidLeftOut: fmt.Sprint(there - most)})
	d.Answer("[]")
	polls(t, p, id, pidGood)
	if got := rows(t, p, id, "1000"); len(got) != 0 {
		t.Errorf("%d rows of an empty list", len(got))
	}
}

func TestRESTSurvivesBadAnswers(t *testing.T) {
	d, p, id := poller(t)
	kept := func(why string) {
		t.Helper()
		if got := rows(t, p, id, "1000"); len(got) != 3 || cells(got["1"]) != "Presenter|-12.5|false|Mic 1||" {
			t.Errorf("%s changed the rows to %v", why, got)
		}
	}
	for _, body := range []string{"", "<html>", `{"data"`, "null", "17", `"text"`, strings.Repeat("[", 5000)} {
		d.Answer(body)
		polls(t, p, id, pidBadAnswers)
		kept(fmt.Sprintf("%.20q", body))
	}
	until(t, p, id, "the wrong JSON", logSays("The answer is no JSON"))
	d.Compress(false)
	d.Refuse(http.StatusInternalServerError, http.Header{"Content-Type": {"text/plain"}}, "overheated")
	polls(t, p, id, pidRefusals)
	kept("a refusal")
	shows(t, p, id, map[int]string{pidStatus: "HTTP/1.1 500 Internal Server Error", pidType: "text/plain", pidBody: "overheated", pidLastError: "The device answered 500 Internal Server Error."})

	d.Refuse(0, nil, "")
	d.Delay(time.Hour)
	polls(t, p, id, pidNoAnswers)
	kept("a timeout")
	shows(t, p, id, map[int]string{pidLastError: "There was no answer."})
	if row := rows(t, p, id, "1000")["1"]; !row.Cells[1003].Stale {
		t.Errorf("a device that does not answer leaves the row %v", row)
	}
	d.Delay(0)
	d.Set(1, "name", "Host")
	polls(t, p, id, pidGood)
	if row := rows(t, p, id, "1000")["1"]; cells(row) != "Host|-12.5|false|Mic 1||" || row.Cells[1003].Stale {
		t.Errorf("a device that is back leaves the row %v", row)
	}
	for _, ev := range until(t, p, id, "the failures", logSays("Request 1 of session 1 failed")) {
		if message, _ := ev["message"].(string); strings.Contains(message, "ended early") {
			t.Errorf("an answer ended the script: %s", message)
		}
	}
}

func TestRESTPollsByItself(t *testing.T) {
	d, p, id := poller(t)
	set(t, p, id, pidPath, "api/channels/2")
	set(t, p, id, pidInterval, 1)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := d.Wait(ctx, func(all []simulator.Request) bool {
		return len(all) >= 3 && all[len(all)-2].Path == "/api/channels/2" && all[len(all)-1].Path == "/api/channels/2"
	}); err != nil {
		t.Fatalf("%v: %+v", err, d.Requests())
	}
	untilRows(t, p, id, "1000", "the members of one channel", func(rows map[string]element.Row) bool {
		return cells(rows["name"]) == "Guest|||||" && cells(rows["level"]) == "-20|||||"
	})
}

// A device that wants to be left alone is left alone by the rounds; a person
// who presses Poll Now, or writes, asks it all the same.
func TestRESTPollsWhenAPersonWants(t *testing.T) {
	var asked, wrote atomic.Int32
	device := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			wrote.Add(1)
			return
		}
		asked.Add(1)
		rw.WriteHeader(http.StatusTooManyRequests)
	}))
	t.Cleanup(device.Close)
	at := device.Listener.Addr().(*net.TCPAddr)
	p := startProgram(t, "serve", "--data", t.TempDir())
	e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Mixer", "connector": "REST Poller",
		"connections": []map[string]any{{"id": 0, "host": at.IP.String(), "port": at.Port, "retryMs": 3600000, "retryMaxMs": 3600000}},
	})
	set(t, p, e.ID, pidInterval, 1)
	untilShows(t, p, e.ID, pidRefusals, "1")
	untilShows(t, p, e.ID, pidPolls, "2") // it waits
	set(t, p, e.ID, pidPollNow, "1")
	untilShows(t, p, e.ID, pidRefusals, "2")
	untilShows(t, p, e.ID, pidPolls, "4") // the next round waits again
	set(t, p, e.ID, pidSend, "POST")
	untilShows(t, p, e.ID, pidRefusals, "3")
	// The good answer to the write lets the rounds go on until they are refused
	// again: the next one may be under way.
	if n := asked.Load(); n < 3 || n > 4 || wrote.Load() != 1 {
		t.Errorf("asked %d times, written %d times", n, wrote.Load())
	}
}

func TestRESTLogin(t *testing.T) {
	d, p, id := poller(t)
	d.Login("ruth", "s3cret-Word")
	polls(t, p, id, pidRefusals)
	shows(t, p, id, map[int]string{pidLastError: "The device answered 401 Unauthorized."})
	set(t, p, id, pidUser, "ruth")
	set(t, p, id, pidPassword, "s3cret-Word")
	set(t, p, id, pidAPIKey, "k3y-Of-The-House")
	polls(t, p, id, pidGood)
	all := d.Requests()
	if got := all[len(all)-1].Header.Get("X-Api-Key"); got != "k3y-Of-The-House" {
		t.Errorf("the API key is %q", got)
	}
	for pid, secret := range map[int]string{32: "s3cret-Word", 34: "k3y-Of-The-House"} {
		if v := parameter(t, p, id, pid); !v.Masked || strings.Contains(v.Display, secret) {
			t.Errorf("parameter %d reads %+v", pid, v)
		}
	}
}

// Ids that a double cannot tell apart are two rows, and a write goes to the
// right one, with a number that keeps its digits.
func TestRESTKeepsIdsApart(t *testing.T) {
	d, p, id := poller(t)
	d.Answer(`[{"id":4611686018427387905,"name":18446744073709551615},{"id":4611686018427387906,"name":"b","route":{"from":[9007199254740993]}}]`)
	polls(t, p, id, pidGood)
	got := rows(t, p, id, "1000")
	if len(got) != 2 || cells(got["4611686018427387905"]) != "18446744073709551615|||||" || cells(got["4611686018427387906"]) != "b|||[9007199254740993]||" {
		t.Fatalf("rows %v", got)
	}
	for value, body := range map[string]string{"9007199254740993": `{"name":9007199254740993}`} {
		get[element.Write](t, p, http.StatusOK, "PUT", "/elements/"+string(id)+"/tables/1000/4611686018427387905/1002", map[string]any{"value": json.Number(value)})
		until(t, p, id, "the request", func([]map[string]any) bool {
			return slices.ContainsFunc(d.Requests(), func(r simulator.Request) bool {
				return r.Method == "PATCH" && r.Path == "/api/channels/4611686018427387905" && r.Body == body
			})
		})
	}
}

func TestRESTWrites(t *testing.T) {
	d, p, id := poller(t)
	cell := func(key string, column int, value any) element.Write {
		t.Helper()
		return get[element.Write](t, p, http.StatusOK, "PUT", fmt.Sprintf("/elements/%s/tables/1000/%s/%d", id, key, column), map[string]any{"value": value})
	}
	last := func() simulator.Request {
		all := d.Requests()
		for _, r := range slices.Backward(all) {
			if r.Method != http.MethodGet {
				return r
			}
		}
		return simulator.Request{}
	}
	untilWrite(t, p, id, cell("1", 1003, "-9.5").ID, element.WriteConfirmed)
	if w := last(); w.Method != "PATCH" || w.Path != "/api/channels/1" || w.Body != `{"level":-9.5}` || w.Header.Get("Content-Type") != "application/json" {
		t.Errorf("the written cell was sent as %+v", w)
	}
	untilWrite(t, p, id, cell("1", 1003, "-9.5").ID, element.WriteConfirmed) // as it is already
	set(t, p, id, pidRowVerb, "PUT")
	untilWrite(t, p, id, cell("2", 1004, "false").ID, element.WriteConfirmed)
	untilWrite(t, p, id, cell("2", 1002, "42").ID, element.WriteConfirmed)
	if w := last(); w.Method != "PUT" || w.Body != `{"name":"42"}` {
		t.Errorf("a text that looks like a number was sent as %+v", w)
	}
	untilRows(t, p, id, "1000", "what was written", func(rows map[string]element.Row) bool { return cells(rows["2"]) == "42|-20|false|Mic 2||" })
	d.Remove(3) // meanwhile: the device does not know it any more
	if w := untilWrite(t, p, id, cell("3", 1003, "1").ID, element.WriteFailed); w.Detail != "The device answered 404 Not Found. It says: “there is nothing at /api/channels/3”." {
		t.Errorf("a write of a row that is gone: %+v", w)
	}
	untilRows(t, p, id, "1000", "two rows", func(rows map[string]element.Row) bool { return len(rows) == 2 })
	set(t, p, id, pidRowPath, "")
	cell("1", 1003, "0")
	until(t, p, id, "what is missing", logSays("Value 2 of 1 was not sent: there is no row path."))

	set(t, p, id, pidWriteBody, `{"name":"Phone"}`)
	untilWrite(t, p, id, set(t, p, id, pidSend, "POST").ID, element.WriteConfirmed)
	untilShows(t, p, id, pidWriteStatus, "HTTP/1.1 201 Created")
	shows(t, p, id, map[int]string{pidWriteAnswer: `{"id":4}`})
	untilRows(t, p, id, "1000", "the new one", func(rows map[string]element.Row) bool { return rows["4"].Cells[1002].Display == "Phone" })
	set(t, p, id, pidWritePath, "/api/channels/4")
	set(t, p, id, pidWriteBody, `{"name":`)
	if w := untilWrite(t, p, id, set(t, p, id, pidSend, "PUT").ID, element.WriteFailed); w.Detail != "The device answered 400 Bad Request. It says: “the body is not a JSON object”." {
		t.Errorf("a body that is no JSON: %+v", w)
	}
}
