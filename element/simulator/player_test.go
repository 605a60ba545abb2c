package simulator_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"fieldline/element/simulator"

	"github.com/gorilla/websocket"
)

// listen dials a player.
func listen(t *testing.T, player *simulator.Player) (*simulator.Device, *websocket.Conn) {
	t.Helper()
	d, addr := start(t, simulator.Options{Player: player, Interval: -1})
	c, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+addr+simulator.DefaultPlayerPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return d, c
}

// next reads one message as it is on the wire, keys in the order of the alphabet.
func next(t *testing.T, c *websocket.Conn) string {
	t.Helper()
	_, b, err := c.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPlayerAnswers(t *testing.T) {
	_, c := listen(t, simulator.NewPlayer(simulator.Track{Name: "One", Artist: "A", Album: "B", URI: "x:1", Length: time.Minute}, simulator.Track{URI: "x:2"}))
	one := `{"__model__":"TlTrack","tlid":1,"track":{"__model__":"Track","album":{"__model__":"Album","name":"B"},"artists":[{"__model__":"Artist","name":"A"}],"length":60000,"name":"One","uri":"x:1"}}`
	two := `{"__model__":"TlTrack","tlid":2,"track":{"__model__":"Track","uri":"x:2"}}`
	three := `{"__model__":"TlTrack","tlid":3,"track":{"__model__":"Track","name":"c","uri":"x:a/c"}}`
	result := func(id, v string) string { return `{"id":` + id + `,"jsonrpc":"2.0","result":` + v + `}` }
	failed := func(id, e string) string { return `{"error":` + e + `,"id":` + id + `,"jsonrpc":"2.0"}` }
	for _, tt := range []struct {
		name, request string
		want          []string
	}{
		{"a value", `{"jsonrpc":"2.0","id":1,"method":"core.playback.get_state"}`, []string{result("1", `"stopped"`)}},
		{"an id that is a text", `{"jsonrpc":"2.0","id":"a","method":"core.mixer.get_volume","params":[]}`, []string{result(`"a"`, "40")}},
		{"no current track", `{"jsonrpc":"2.0","id":1,"method":"core.playback.get_current_tl_track"}`, []string{result("1", "null")}},
		{"the list", `{"jsonrpc":"2.0","id":1,"method":"core.tracklist.get_tl_tracks"}`, []string{result("1", "["+one+","+two+"]")}},
		{"no JSON", `{`, []string{failed("null", `{"code":-32700,"message":"Parse error"}`)}},
		{"no request", `{"id":4,"method":"x"}`, []string{failed("4", `{"code":-32600,"message":"Invalid Request"}`)}},
		{"no such method", `{"jsonrpc":"2.0","id":4,"method":"core.x"}`, []string{failed("4", `{"code":-32601,"message":"Method not found"}`)}},
		{"a missing argument", `{"jsonrpc":"2.0","id":4,"method":"core.mixer.set_volume"}`, []string{failed("4", `{"code":-32602,"message":"Invalid params","data":{"message":"missing argument volume","type":"TypeError"}}`)}},
		{"parameters that are a number", `{"jsonrpc":"2.0","id":4,"method":"core.playback.play","params":3}`, []string{failed("4", `{"code":-32602,"message":"Invalid params","data":{"message":"params is neither a list nor an object","type":"TypeError"}}`)}},
		{"volume by name", `{"jsonrpc":"2.0","id":4,"method":"core.mixer.set_volume","params":{"volume":7}}`, []string{result("4", "true"), `{"event":"volume_changed","volume":7}`}},
		{"the same volume", `{"jsonrpc":"2.0","id":4,"method":"core.mixer.set_volume","params":[7]}`, []string{result("4", "true")}},
		{"mute as notification", `{"jsonrpc":"2.0","method":"core.mixer.set_mute","params":[true]}`, []string{`{"event":"mute_changed","mute":true}`}},
		{"seek nothing", `{"jsonrpc":"2.0","id":4,"method":"core.playback.seek","params":[5]}`, []string{result("4", "false")}},
		{"play", `{"jsonrpc":"2.0","id":5,"method":"core.playback.play"}`, []string{
			result("5", "null"), `{"event":"playback_state_changed","new_state":"playing","old_state":"stopped"}`, `{"event":"track_playback_started","tl_track":` + one + `}`,
		}},
		{"seek", `{"jsonrpc":"2.0","id":4,"method":"core.playback.seek","params":[5000]}`, []string{result("4", "true"), `{"event":"seeked","time_position":5000}`}},
		{"a list of requests", `[{"jsonrpc":"2.0","id":6,"method":"core.tracklist.get_length"},{"jsonrpc":"2.0","id":7,"method":"core.tracklist.add","params":{"uris":["x:a/c"]}}]`, []string{
			result("6", "2"), result("7", "["+three+"]"), `{"event":"tracklist_changed"}`,
		}},
		{"remove others", `{"jsonrpc":"2.0","id":8,"method":"core.tracklist.remove","params":[{"tlid":[3]}]}`, []string{result("8", "["+three+"]"), `{"event":"tracklist_changed"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			write(t, c, tt.request)
			for _, want := range tt.want {
				if got := next(t, c); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
			}
		})
	}
}

func TestPlayerHoldsAndFails(t *testing.T) {
	player := simulator.NewPlayer()
	d, c := listen(t, player)
	player.Hold("core.get_version")
	for _, request := range []string{`{"jsonrpc":"2.0","id":1,"method":"core.get_version"}`, `{"jsonrpc":"2.0","id":2,"method":"core.get_version"}`, `{"jsonrpc":"2.0","id":3,"method":"core.mixer.get_mute"}`} {
		write(t, c, request)
	}
	await(t, d, "the requests", func(es []simulator.Entry) bool { return es[0].Received == 3 })
	ids := []float64{reading(t, c)["id"].(float64)}
	if n := player.Release("core.get_version"); n != 2 {
		t.Errorf("%d were held", n)
	}
	ids = append(ids, reading(t, c)["id"].(float64), reading(t, c)["id"].(float64))
	if !slices.Equal(ids, []float64{3, 2, 1}) {
		t.Errorf("answers came in the order %v", ids)
	}
	player.Fail("core.mixer.get_mute", 7, "broken")
	write(t, c, `{"jsonrpc":"2.0","id":4,"method":"core.mixer.get_mute"}`)
	if got := next(t, c); got != `{"error":{"code":7,"message":"broken"},"id":4,"jsonrpc":"2.0"}` {
		t.Errorf("got %s", got)
	}
	if err := player.Call("core.mixer.get_mute"); err == nil || err.Error() != "7 broken" {
		t.Errorf("Call: %v", err)
	}
	player.Fail("core.mixer.get_mute", 0, "")
	if err := player.Call("core.mixer.get_mute"); err != nil {
		t.Errorf("Call: %v", err)
	}
}

// A player plays one track after the other, by the clock, and stops behind the
// last one.
func TestPlayerPlaysToTheEnd(t *testing.T) {
	player := simulator.NewPlayer(simulator.Track{URI: "x:1", Length: 10 * time.Second}, simulator.Track{URI: "x:2", Length: 20 * time.Second})
	o := simulator.Options{Player: player, Path: simulator.DefaultPath}
	clocked(t, o, func(t *testing.T, _ *simulator.Device, c *websocket.Conn) {
		began := time.Now()
		if err := player.Call("core.playback.play"); err != nil {
			t.Fatal(err)
		}
		var told []string
		for len(told) < 7 {
			m := reading(t, c)
			name, _ := m["event"].(string)
			if state, ok := m["new_state"].(string); ok {
				name = state
			}
			told = append(told, name)
		}
		want := []string{"playing", "track_playback_started", "track_playback_ended", "playing", "track_playback_started", "stopped", "track_playback_ended"}
		if !slices.Equal(told, want) || time.Since(began) != 30*time.Second {
			b, _ := json.Marshal(told)
			t.Errorf("after %v: %s", time.Since(began), b)
		}
	})
}

// A client that left while its answer was held harms nobody.
func TestPlayerReleasesForAClientThatLeft(t *testing.T) {
	player := simulator.NewPlayer()
	d, c := listen(t, player)
	player.Hold("core.get_version")
	for range 2 * simulator.MaxOutbox {
		write(t, c, `{"jsonrpc":"2.0","id":1,"method":"core.get_version"}`)
	}
	await(t, d, "the requests", func(es []simulator.Entry) bool { return es[0].Received == 2*simulator.MaxOutbox })
	c.Close()
	await(t, d, "the end", func(es []simulator.Entry) bool { return es[0].End != nil })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	released := make(chan int, 1)
	go func() { released <- player.Release("core.get_version") }()
	select {
	case n := <-released:
		if n != 2*simulator.MaxOutbox {
			t.Errorf("%d were held", n)
		}
	case <-ctx.Done():
		t.Error("Release hangs")
	}
}

// What clients ask for is bounded, as a position in time is.
func TestPlayerIsBounded(t *testing.T) {
	player := simulator.NewPlayer()
	simulator.New(simulator.Options{Player: player})
	uris := make([]string, simulator.MaxTracks-3) // three are there
	for i := range uris {
		uris[i] = "x:y"
	}
	if err := player.Call("core.tracklist.add", nil, nil, append(uris, "one", "too many")); err == nil {
		t.Error("the list takes more than it may")
	}
	if err := player.Call("core.tracklist.add", nil, nil, uris); err != nil {
		t.Error(err)
	}
	if err := player.Call("core.tracklist.add", nil, nil, []string{"x"}); err == nil {
		t.Error("a full list takes another one")
	}
	for _, ms := range []int64{-1, 1 << 62} {
		if err := player.Call("core.playback.seek", ms); err == nil {
			t.Errorf("position %d is taken", ms)
		}
	}
}
