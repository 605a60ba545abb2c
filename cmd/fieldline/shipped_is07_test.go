package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/simulator"
)

// States of a row of the IS-07 connector's table.
var (
	sourceStale    = element.Number(0)
	sourceLive     = element.Number(1)
	sourceShutdown = element.Number(2)
)

const (
	tally       = "5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0001"
	temperature = "5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0002"
	onAir       = "5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0003"
	condition   = "5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0004"
)

// allIn reports whether every row of the IS-07 connector's table is in a state.
func allIn(state element.Value) func(map[string]element.Row) bool {
	return func(rows map[string]element.Row) bool {
		for _, row := range rows {
			if row.Cells[1007].Value != state {
				return false
			}
		}
		return len(rows) > 0
	}
}

// is07 makes an element of the IS-07 connector for a device, and waits until
// it hears all sources.
func is07(t *testing.T, o simulator.Options) (*simulator.Device, *program, element.ID) {
	t.Helper()
	d, host, port := device(t, o)
	p := startProgram(t, "serve", "--data", t.TempDir())
	e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Studio 1", "connector": "IS-07 Event Source",
		"connections": []map[string]any{{"id": 1, "host": host, "port": port}},
	})
	untilRows(t, p, e.ID, "1000", "four live sources", func(rows map[string]element.Row) bool {
		return len(rows) == 4 && allIn(sourceLive)(rows)
	})
	return d, p, e.ID
}

// received counts the messages of a session that begin with text.
func received(e simulator.Entry, text string) int {
	n := 0
	for _, m := range e.Messages {
		if m.Kind == "text" && strings.HasPrefix(m.Data, text) {
			n++
		}
	}
	return n
}

// pidNotUnderstood is the counter of the IS-07 connector.
const pidNotUnderstood = 230

const (
	subscription = `{"command":"subscription","sources":["`
	health       = `{"command":"health","timestamp":"`
)

func TestIS07ShowsSources(t *testing.T) {
	d, p, id := is07(t, simulator.Options{Interval: -1})
	all := subscription + strings.Join([]string{tally, temperature, onAir, condition}, `","`) + `"]}`
	seen(t, d, "the subscription, and then health", func(log []simulator.Entry) bool {
		m := log[0].Messages
		return len(m) >= 2 && m[0].Data == all && strings.HasPrefix(m[1].Data, health)
	})
	got := rows(t, p, id, "1000")
	for _, tt := range []struct{ source, kind, value, unit string }{
		{tally, "boolean", "false", ""},
		{temperature, "number/temperature/C", "20.1", "C"},
		{onAir, "string", "Morning news", ""},
		{condition, "number/enum/StudioCondition", "1", ""},
	} {
		cells := got[tt.source].Cells
		if cells[1002].Display != tt.kind || cells[1003].Display != tt.value || cells[1004].Display != tt.unit || cells[1007].Display != "Live" {
			t.Errorf("source %s reads %v, want %+v", tt.source, cells, tt)
		}
		for _, column := range []element.ParamID{1005, 1006} {
			at, err := time.Parse(time.RFC3339, cells[column].Display)
			if err != nil || time.Since(at).Abs() > time.Minute {
				t.Errorf("source %s: column %d reads %q, want about now", tt.source, column, cells[column].Display)
			}
		}
	}

	message := func(source, kind, rest string) string {
		return `{"message_type":"` + kind + `","identity":{"source_id":"` + source + `"}` + rest + `}`
	}
	for _, m := range []string{
		"not JSON", "null", "17", message(tally, "unheard-of", ""), message("another", "state", `,"payload":{"value":1}`),
		message(onAir, "state", ""), message(onAir, "state", `,"payload":{"value":{}}`),
		message(tally, "shutdown", ""), message(temperature, "reboot", ""),
		message(condition, "state", `,"event_type":"string/enum/Mode","payload":{"value":"safe"},"timing":{"creation_timestamp":"1441974485:12300000"}`),
	} {
		d.Send(m)
	}
	got = untilRows(t, p, id, "1000", "the last message", func(rows map[string]element.Row) bool {
		return rows[condition].Cells[1003].Display == "safe"
	})
	if at := got[condition].Cells[1005].Display; at != "2015-09-11T12:27:28.012Z" {
		t.Errorf("the origin time reads %s", at)
	}
	for source, want := range map[string]element.Value{tally: sourceShutdown, temperature: sourceStale, onAir: sourceLive, condition: sourceLive} {
		if state := got[source].Cells[1007].Value; state != want {
			t.Errorf("source %s is in state %v, want %v", source, state, want)
		}
	}
	if len(got) != 4 || got[onAir].Cells[1003].Display != "Morning news" {
		t.Errorf("messages to be ignored changed the table: %v", got)
	}

	shows(t, p, id, map[int]string{pidNotUnderstood: "6"})

	set(t, p, id, 81, " "+onAir+", "+onAir+",new ")
	seen(t, d, "the new list", func(log []simulator.Entry) bool { return received(log[0], subscription+onAir+`","new"]}`) == 1 })
	got = untilRows(t, p, id, "1000", "the new list", func(rows map[string]element.Row) bool { return len(rows) == 2 })
	if got["new"].Cells[1007].Value != sourceStale {
		t.Errorf("a source that was never heard reads %v", got["new"])
	}
	for _, ev := range until(t, p, id, "its opening", func(ev []map[string]any) bool { return count(ev, "open") == 1 }) {
		if ev["kind"] == "log" && ev["level"] != "info" {
			t.Errorf("the log complains: %v", ev)
		}
	}
}

// The age of a source counts up until its next state, also while the device is
// not heard.
func TestIS07CountsAges(t *testing.T) {
	d, p, id := is07(t, simulator.Options{Interval: -1})
	age := func(source string, from, to float64) func(map[string]element.Row) bool {
		return func(rows map[string]element.Row) bool {
			n, ok := rows[source].Cells[1010].Value.Float()
			return ok && n >= from && n <= to
		}
	}
	untilRows(t, p, id, "1000", "an age of two seconds", age(tally, 2, 60))
	d.Send(`{"message_type":"state","identity":{"source_id":"` + tally + `"},"event_type":"boolean","payload":{"value":true}}`)
	got := untilRows(t, p, id, "1000", "a new state", age(tally, 0, 1))
	if !age(onAir, 2, 60)(got) {
		t.Errorf("a source without a new state reads %v", got[onAir].Cells[1010])
	}
	d.Refuse(http.StatusServiceUnavailable, nil, "")
	d.Drop()
	untilRows(t, p, id, "1000", "stale sources that grow older", func(rows map[string]element.Row) bool {
		return allIn(sourceStale)(rows) && age(tally, 2, 60)(rows)
	})
}

func TestIS07SubscribesAgain(t *testing.T) {
	d, p, id := is07(t, simulator.Options{Interval: 50 * time.Millisecond})
	first := rows(t, p, id, "1000")[temperature].Cells[1003].Display
	untilRows(t, p, id, "1000", "the value move", func(rows map[string]element.Row) bool {
		return rows[temperature].Cells[1003].Display != first
	})
	seen(t, d, "health again after five seconds", func(log []simulator.Entry) bool { return received(log[0], health) >= 3 })

	d.Refuse(http.StatusServiceUnavailable, nil, "")
	d.Drop()
	untilRows(t, p, id, "1000", "all stale", allIn(sourceStale))
	d.Refuse(0, nil, "")
	seen(t, d, "the subscription again", func(log []simulator.Entry) bool {
		last := log[len(log)-1]
		return received(last, subscription) == 1 && received(last, health) >= 1
	})
	untilRows(t, p, id, "1000", "all live", allIn(sourceLive))
}

// leftForHealth waits until an element has closed the connection to a device
// that would have gone on, and said why.
func leftForHealth(t *testing.T, p *program, id element.ID) {
	t.Helper()
	events := until(t, p, id, "its own closing", func(ev []map[string]any) bool { return count(ev, "closed") > 0 })
	said := false
	for _, ev := range events {
		message, _ := ev["message"].(string)
		said = said || ev["kind"] == "log" && strings.HasPrefix(message, "The device has not answered a health command for 12 s")
		if ev["kind"] == "closed" && (ev["by"] != "us" || ev["code"] != float64(1000)) {
			t.Errorf("the connection was closed %v", ev)
		}
	}
	if !said {
		t.Errorf("nothing says why the connection was closed: %v", events)
	}
}

// A device that goes on talking, answers pings and never ends a session, but
// does not answer health: it is left after twelve seconds, by us.
func TestIS07LeavesADeviceThatAnswersNoHealth(t *testing.T) {
	t.Parallel()
	d, p, id := is07(t, simulator.Options{Interval: 50 * time.Millisecond, Health: -1})
	from := time.Now()
	d.AnswerHealth(false)
	untilRows(t, p, id, "1000", "all stale", allIn(sourceStale))
	if waited := time.Since(from); waited < 7*time.Second { // the last answer may have come up to 5 s before
		t.Errorf("the device was left after %v", waited)
	}
	leftForHealth(t, p, id)
	seen(t, d, "its Close", func(log []simulator.Entry) bool {
		return log[0].End != nil && log[0].End.By == "client" && log[0].End.Code == 1000
	})
	d.AnswerHealth(true)
	untilRows(t, p, id, "1000", "all live", allIn(sourceLive))
	seen(t, d, "the subscription again", func(log []simulator.Entry) bool {
		return len(log) >= 2 && received(log[len(log)-1], subscription) == 1
	})
}

// The same of a device that is frozen: its sockets stay open and nothing reads
// them.
func TestIS07LeavesAFrozenDevice(t *testing.T) {
	t.Parallel()
	d, p, id := is07(t, simulator.Options{Interval: -1, Health: -1})
	d.Silence(true)
	untilRows(t, p, id, "1000", "all stale", allIn(sourceStale))
	leftForHealth(t, p, id)
	d.Silence(false)
	untilRows(t, p, id, "1000", "all live", allIn(sourceLive))
	seen(t, d, "the subscription again", func(log []simulator.Entry) bool {
		return len(log) >= 2 && received(log[len(log)-1], subscription) == 1
	})
}

// What a device may say of a source, in the shapes of nmos-cpp: without an
// origin timestamp, numbers that are whole or not, enumerations of every base
// type, and types that IS-07 v1.0 leaves open.
func TestIS07UnderstandsTheReferenceNode(t *testing.T) {
	d, p, id := is07(t, simulator.Options{Interval: -1, Reference: true})
	message := func(kind, payload, timing string) string {
		return `{"identity":{"source_id":"` + tally + `","flow_id":"f-1"},"event_type":"` + kind + `","timing":{` + timing + `},"payload":` + payload + `,"message_type":"state"}`
	}
	const created = `"creation_timestamp":"1441974485:12300000"`
	const createdAt = "2015-09-11T12:27:28.012Z"
	for _, tt := range []struct{ kind, payload, timing, value, unit, origin string }{
		{"boolean", `{"value":true}`, created, "true", "", createdAt},
		{"boolean/enum/Gate", `{"value":false}`, created, "false", "", createdAt},
		{"string", `{"value":"foo"}`, created, "foo", "", createdAt},
		{"string/enum/Mode", `{"value":"safe"}`, created, "safe", "", createdAt},
		{"number", `{"value":-3}`, created, "-3", "", createdAt},
		{"number", `{"value":201.5,"scale":10}`, created, "20.15", "", createdAt},
		{"number/temperature/C", `{"value":201,"scale":10}`, created, "20.1", "C", createdAt},
		{"number/temperature/C", `{"value":1,"scale":3}`, created, "0.3333333333333333", "C", createdAt},
		{"number/voltage/V", `{"value":1e3,"scale":-10}`, created, "-100", "V", createdAt},
		{"number/enum/Step", `{"value":2}`, created, "2", "", createdAt},
		{"object", `{"x":1,"y":[2]}`, created, `{"x":1,"y":[2]}`, "", createdAt},
		{"vendor/lamp", `{"value":{"r":1}}`, created, `{"value":{"r":1}}`, "", createdAt},
		{"boolean", `{"value":false}`, `"creation_timestamp":"2:0","origin_timestamp":"1441974485:12300000","action_timestamp":"3:0"`, "false", "", createdAt},
		{"boolean", `{"value":true}`, `"creation_timestamp":"now"`, "true", "", ""},
		{"boolean", `{"value":false}`, `"creation_timestamp":"0:0"`, "false", "", "1969-12-31T23:59:23.000Z"},
	} {
		d.Send(message(tt.kind, tt.payload, tt.timing))
		got := untilRows(t, p, id, "1000", "a "+tt.kind+" of "+tt.value, func(rows map[string]element.Row) bool {
			return rows[tally].Cells[1002].Display == tt.kind && rows[tally].Cells[1003].Display == tt.value
		})[tally].Cells
		if got[1004].Display != tt.unit || got[1005].Display != tt.origin || got[1007].Display != "Live" || got[1008].Display != "f-1" {
			t.Errorf("%s %s reads %v", tt.kind, tt.payload, got)
		}
	}
	for _, m := range []string{message("boolean", `{"value":null}`, created), message("number", `{}`, created), message("string", `{"value":[1]}`, created), `{"message_type":"connection_status","active":false}`} {
		d.Send(m)
	}
	untilShows(t, p, id, pidNotUnderstood, "4")
	shows(t, p, id, map[int]string{7: "Open"})

	set(t, p, id, 53, "Bearer a.b.c") // of IS-10, with the next handshake
	d.DemandHeader("Authorization", "Bearer a.b.c")
	d.Close(1011, "Expired")
	seen(t, d, "the subscription again", func(log []simulator.Entry) bool {
		return len(log) == 2 && received(log[1], subscription) == 1
	})
	untilRows(t, p, id, "1000", "the present state", func(rows map[string]element.Row) bool {
		return allIn(sourceLive)(rows) && rows[tally].Cells[1003].Display == "false"
	})
}

// An element shows what it is subscribed to before its device was ever heard.
func TestIS07ShowsItsSourcesFromTheStart(t *testing.T) {
	d, host, port := device(t, simulator.Options{Interval: -1})
	d.Refuse(http.StatusServiceUnavailable, nil, "")
	dir := t.TempDir()
	p := startProgram(t, "serve", "--data", dir)
	e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Studio 1", "connector": "IS-07 Event Source", "connections": []map[string]any{{"id": 1, "host": host, "port": port}},
	})
	waiting := func(rows map[string]element.Row) bool {
		return allIn(sourceStale)(rows) && rows[onAir].Cells[1003].Display == ""
	}
	untilRows(t, p, e.ID, "1000", "its sources", waiting)
	d.Refuse(0, nil, "")
	untilRows(t, p, e.ID, "1000", "their states", allIn(sourceLive))
	seen(t, d, "one subscription", func(log []simulator.Entry) bool {
		last := log[len(log)-1]
		return received(last, subscription) == 1 && received(last, health) >= 1
	})
	get[element.Write](t, p, http.StatusOK, "PUT", "/elements/"+string(e.ID)+"/tables/1000/"+onAir+"/1009", map[string]any{"value": "What is on air"})
	named := func(rows map[string]element.Row) bool { return rows[onAir].Cells[1009].Display == "What is on air" }
	untilRows(t, p, e.ID, "1000", "the name", named)
	p.stop(t)
	d.Refuse(http.StatusServiceUnavailable, nil, "")
	p = startProgram(t, "serve", "--data", dir)
	untilRows(t, p, e.ID, "1000", "its sources and names without the values of before", func(rows map[string]element.Row) bool {
		return waiting(rows) && named(rows)
	})
	d.Refuse(0, nil, "")
	untilRows(t, p, e.ID, "1000", "their states and names", func(rows map[string]element.Row) bool { return allIn(sourceLive)(rows) && named(rows) })
}
