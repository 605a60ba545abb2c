package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/simulator"
)

// Parameters of the JSON-RPC connector.
const (
	pidVersion  = 10
	pidState    = 100
	pidControl  = 102
	pidVolume   = 110
	pidMute     = 120
	pidTitle    = 130
	pidLength   = 133
	pidMethod   = 401
	pidParams   = 403
	pidCall     = 404
	pidCallTold = 405
	pidAnswer   = 406
	pidInFlight = 501
	pidErrors   = 502
	pidError    = 503
	pidTimeouts = 504
	pidStrays   = 505
	pidEvents   = 506
	pidBad      = 508
	pidPatience = 511
)

// mopidy makes an element of the JSON-RPC connector for a simulated music
// server, and waits until it has fetched everything.
func mopidy(t *testing.T) (*simulator.Player, *simulator.Device, *program, element.ID) {
	t.Helper()
	player := simulator.NewPlayer()
	d, host, port := device(t, simulator.Options{Player: player, Interval: -1})
	p := startProgram(t, "serve", "--data", t.TempDir())
	e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Foyer", "connector": "JSON-RPC (Mopidy)",
		"connections": []map[string]any{{"id": 1, "host": host, "port": port}},
	})
	untilRows(t, p, e.ID, "1000", "three tracks", func(rows map[string]element.Row) bool { return len(rows) == 3 })
	untilShows(t, p, e.ID, pidInFlight, "0")
	return player, d, p, e.ID
}

// asked counts the requests of a session that call a method.
func asked(e simulator.Entry, method string) int {
	n := 0
	for _, m := range e.Messages {
		if strings.Contains(m.Data, `"method":"`+method+`"`) {
			n++
		}
	}
	return n
}

func TestJSONRPCShowsThePlayer(t *testing.T) {
	player, d, p, id := mopidy(t)
	if got := d.Log()[0].RequestLine(); got != "GET /mopidy/ws HTTP/1.1" || d.Log()[0].Line("Origin") != "" {
		t.Errorf("the handshake is %s", d.Log()[0].Head)
	}
	shows(t, p, id, map[int]string{pidVersion: "4.0.0-simulated", pidState: "Stopped", pidVolume: "40", pidMute: "Sound", pidTitle: "", pidErrors: "0", pidStrays: "0", pidBad: "0"})

	for _, step := range []struct {
		button, state, title string
	}{{"play", "Playing", "Opening theme"}, {"next", "Playing", "Weather bed"}, {"pause", "Paused", "Weather bed"}, {"play", "Playing", "Weather bed"}, {"previous", "Playing", "Opening theme"}, {"stop", "Stopped", "Opening theme"}} {
		set(t, p, id, pidControl, step.button)
		untilShows(t, p, id, pidState, step.state)
		untilShows(t, p, id, pidTitle, step.title)
	}
	if asked(d.Log()[0], "core.playback.resume") != 1 {
		t.Error("Play did not resume what was paused")
	}
	shows(t, p, id, map[int]string{pidLength: "00:00:35", 131: "Studio orchestra", 132: "Station sounds", 134: "00:00:00"})
	got := rows(t, p, id, "1000")
	if c := got["3"].Cells; c[1002].Display != "3" || c[1003].Display != "Night shift" || c[1004].Display != "Ada & the Relays" || c[1006].Display != "00:04:12" || c[1008].Display != "local:track:night-shift.flac" {
		t.Errorf("the third track reads %v", c)
	}
	if got["1"].Cells[1007].Display != "Current" || got["2"].Cells[1007].Display != "No" {
		t.Errorf("the current track is not marked: %v", got)
	}

	// What others do to the player is told by its events.
	for _, call := range []struct {
		method string
		param  any
	}{{"core.mixer.set_volume", 15}, {"core.mixer.set_mute", true}, {"core.playback.play", 3}, {"core.tracklist.remove", map[string]any{"tlid": []int{2}}}} {
		if err := player.Call(call.method, call.param); err != nil {
			t.Fatal(err)
		}
	}
	untilShows(t, p, id, pidVolume, "15")
	untilShows(t, p, id, pidMute, "Muted")
	untilShows(t, p, id, pidTitle, "Night shift")
	untilRows(t, p, id, "1000", "the removal", func(rows map[string]element.Row) bool {
		return len(rows) == 2 && rows["3"].Cells[1002].Display == "2" && rows["3"].Cells[1007].Display == "Current"
	})
	if err := player.Call("core.tracklist.add", nil, nil, []string{"local:track:late.flac"}); err != nil {
		t.Fatal(err)
	}
	untilRows(t, p, id, "1000", "the new track", func(rows map[string]element.Row) bool { return rows["4"].Cells[1003].Display == "late.flac" })
	untilShows(t, p, id, 150, "3")
	untilShows(t, p, id, pidInFlight, "0")
	shows(t, p, id, map[int]string{pidErrors: "0", pidStrays: "0", pidBad: "0", pidTimeouts: "0"})
}

// A write that the server refuses fails when its verification time is over.
func TestJSONRPCWrites(t *testing.T) {
	t.Parallel()
	player, _, p, id := mopidy(t)
	untilWrite(t, p, id, set(t, p, id, pidVolume+1, 73).ID, element.WriteConfirmed)
	untilWrite(t, p, id, set(t, p, id, pidVolume+1, 73).ID, element.WriteConfirmed) // no event, but it is so
	untilWrite(t, p, id, set(t, p, id, pidMute+1, 1).ID, element.WriteConfirmed)
	shows(t, p, id, map[int]string{pidVolume: "73", pidMute: "Muted"})
	if status, b := p.call(t, "PUT", "/elements/"+string(id)+"/parameters/111", map[string]any{"value": 101}); status != http.StatusUnprocessableEntity {
		t.Errorf("a volume of 101: %d %s", status, b)
	}
	player.Fail("core.mixer.set_volume", 0, "Application error")
	w := set(t, p, id, pidVolume+1, 20)
	untilShows(t, p, id, pidErrors, "1")
	shows(t, p, id, map[int]string{pidVolume: "73", pidError: "core.mixer.set_volume: 0 Application error"})
	untilWrite(t, p, id, w.ID, element.WriteFailed)
}

func TestJSONRPCCallsAnyMethod(t *testing.T) {
	player, d, p, id := mopidy(t)
	call := func(method, params string) {
		t.Helper()
		set(t, p, id, pidMethod, method)
		set(t, p, id, pidParams, params)
		set(t, p, id, pidCall, "1")
	}
	for _, tt := range []struct{ method, params, state, answer string }{
		{"core.tracklist.get_length", "", "Answered", "3"},
		{"core.mixer.set_volume", `{"volume": 12}`, "Answered", "true"},
		{"core.nothing", "[]", "Error", "-32601 Method not found"},
		{"core.mixer.set_volume", `["loud"]`, "Error", "-32602 Invalid params (the value of volume is of the wrong type)"},
		{"", "", "Not sent", "There is no method."},
		{"core.mixer.set_volume", "12", "Not sent", "The parameters are neither a list nor an object."},
	} {
		call(tt.method, tt.params)
		untilShows(t, p, id, pidCallTold, tt.state)
		shows(t, p, id, map[int]string{pidAnswer: tt.answer})
	}
	call("core.mixer.set_volume", "[12")
	shows(t, p, id, map[int]string{pidCallTold: "Not sent"})
	if got := parameter(t, p, id, pidAnswer).Display; !strings.HasPrefix(got, "The parameters are no JSON: ") {
		t.Errorf("the answer reads %q", got)
	}
	untilShows(t, p, id, pidErrors, "2")

	// Answers come in any order, and every one finds its request.
	player.Hold("core.tracklist.get_length")
	call("core.tracklist.get_length", "")
	set(t, p, id, 151, "1") // fetches everything, while that waits
	seen(t, d, "the fetch", func(log []simulator.Entry) bool { return asked(log[0], "core.playback.get_state") == 2 })
	untilShows(t, p, id, pidInFlight, "1")
	shows(t, p, id, map[int]string{pidCallTold: "Waiting", pidAnswer: ""})
	if n := player.Release("core.tracklist.get_length"); n != 1 {
		t.Errorf("%d answers were held", n)
	}
	untilShows(t, p, id, pidCallTold, "Answered")
	shows(t, p, id, map[int]string{pidAnswer: "3", pidStrays: "0"})
	untilShows(t, p, id, pidInFlight, "0")

	// One that does not come is given up, and not believed when it comes late.
	set(t, p, id, pidPatience, 1)
	player.Hold("core.tracklist.get_length")
	call("core.tracklist.get_length", "")
	untilShows(t, p, id, pidCallTold, "No answer")
	shows(t, p, id, map[int]string{pidAnswer: "No answer in 1 s.", pidTimeouts: "1"})
	player.Release("core.tracklist.get_length")
	untilShows(t, p, id, pidStrays, "1")
	shows(t, p, id, map[int]string{pidCallTold: "No answer"})
	until(t, p, id, "the timeout in the log", logSays("The server has not answered core.tracklist.get_length for 1 s."))
}

func TestJSONRPCGoesOnAfterNonsense(t *testing.T) {
	_, d, p, id := mopidy(t)
	nonsense := []string{"not JSON", "null", "17", `"text"`, "{}", "[[]]", `{"jsonrpc":"2.0","id":1}`, `{"jsonrpc":"1.0","id":1,"result":2}`, strings.Repeat("[", 5000), `{"event":7}`}
	for _, m := range nonsense {
		d.Send(m)
	}
	untilShows(t, p, id, pidBad, fmt.Sprint(len(nonsense)))
	strays := []string{`{"jsonrpc":"2.0","id":999,"result":1}`, `{"jsonrpc":"2.0","id":"1","result":1}`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}`, `{"jsonrpc":"2.0","id":"__proto__","error":{}}`}
	for _, m := range strays {
		d.Send(m)
	}
	untilShows(t, p, id, pidStrays, fmt.Sprint(len(strays)))
	before := parameter(t, p, id, pidEvents).Display
	for _, m := range []string{
		`{"event":"unheard_of","x":1}`, `{"event":"track_playback_started"}`, `{"event":"track_playback_started","tl_track":{"tlid":"x","track":7}}`,
		`{"event":"volume_changed","volume":"loud"}`, `[{"event":"seeked","time_position":61000},{"event":"playback_state_changed","new_state":"paused"}]`,
		`{"event":"stream_title_changed","title":"The hour"}`,
	} {
		d.Send(m)
	}
	untilShows(t, p, id, 135, "The hour")
	if before != "0" {
		t.Errorf("%s events before any", before)
	}
	untilShows(t, p, id, pidEvents, "7")
	shows(t, p, id, map[int]string{134: "00:01:01", pidState: "Paused", 507: "stream_title_changed"})
	if v := parameter(t, p, id, pidVolume); v.Initialized {
		t.Errorf("a volume that is not a number reads %+v", v)
	}
	set(t, p, id, 151, "1")
	untilShows(t, p, id, pidVolume, "40")
	events := until(t, p, id, "the message", logSays("A message is no JSON: not JSON"))
	lines := 0
	for _, ev := range events {
		if message, _ := ev["message"].(string); ev["kind"] == "log" && strings.HasPrefix(message, "A message ") {
			lines++
		}
		if message, _ := ev["message"].(string); strings.Contains(message, "ended early") {
			t.Errorf("a message ended the script: %s", message)
		}
	}
	if lines != 1 {
		t.Errorf("%d lines in the log for %d messages within a minute, want 1", lines, len(nonsense))
	}
}

func TestJSONRPCFetchesAnewAfterALoss(t *testing.T) {
	player, d, p, id := mopidy(t)
	player.Hold("core.tracklist.get_length")
	set(t, p, id, pidMethod, "core.tracklist.get_length")
	set(t, p, id, pidCall, "1")
	seen(t, d, "the call", func(log []simulator.Entry) bool { return asked(log[0], "core.tracklist.get_length") == 1 })
	d.Refuse(http.StatusServiceUnavailable, nil, "")
	d.Drop()
	untilShows(t, p, id, pidCallTold, "No answer")
	shows(t, p, id, map[int]string{7: "Closed", pidAnswer: "The connection closed before the answer came.", pidTimeouts: "0"})
	untilShows(t, p, id, pidInFlight, "0")
	if v := parameter(t, p, id, pidVolume); v.Display != "40" || !v.Stale {
		t.Errorf("the volume of a lost server reads %+v", v)
	}
	w := set(t, p, id, pidVolume+1, 50)
	if w = untilWrite(t, p, id, w.ID, element.WriteFailed); !strings.HasPrefix(w.Detail, "Not sent") {
		t.Errorf("the write while closed: %+v", w)
	}
	if err := player.Call("core.mixer.set_volume", 5); err != nil {
		t.Fatal(err)
	}
	if err := player.Call("core.tracklist.remove", map[string]any{"tlid": []int{1, 2}}); err != nil {
		t.Fatal(err)
	}
	d.Refuse(0, nil, "")
	untilShows(t, p, id, pidVolume, "5")
	untilRows(t, p, id, "1000", "one track", func(rows map[string]element.Row) bool { return len(rows) == 1 })
	if v := parameter(t, p, id, pidVolume); v.Stale {
		t.Errorf("the volume of a server that is back reads %+v", v)
	}
	log := d.Log()
	if last := log[len(log)-1]; asked(last, "core.playback.get_state") != 1 || asked(last, "core.tracklist.get_length") != 0 {
		b, _ := json.MarshalIndent(last, "", " ")
		t.Errorf("the new session was asked: %s", b)
	}
}
