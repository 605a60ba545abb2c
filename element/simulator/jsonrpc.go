package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// rpcRequest is a request of JSON-RPC 2.0.
type rpcRequest struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// rpcError is the error of an answer.
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// Error says the code and the message.
func (e *rpcError) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Message) }

// Errors of JSON-RPC 2.0, chapter 5.1.
func errParse() *rpcError   { return &rpcError{Code: -32700, Message: "Parse error"} }
func errInvalid() *rpcError { return &rpcError{Code: -32600, Message: "Invalid Request"} }
func errMethod() *rpcError  { return &rpcError{Code: -32601, Message: "Method not found"} }
func errParams(why string) *rpcError {
	return &rpcError{Code: -32602, Message: "Invalid params", Data: map[string]string{"type": "TypeError", "message": why}}
}

// hear answers one message of a client: a request or a list of them.
func (p *Player) hear(data []byte, send func([]byte)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []json.RawMessage
	if json.Unmarshal(data, &list) == nil && len(list) > 0 {
		for _, one := range list {
			p.hearOne(one, send)
		}
		return
	}
	p.hearOne(data, send)
}

// hearOne answers one request; p.mu is held. A notification has no answer.
func (p *Player) hearOne(data []byte, send func([]byte)) {
	if !json.Valid(data) {
		send(response(nil, nil, errParse()))
		return
	}
	var q rpcRequest
	if json.Unmarshal(data, &q) != nil || q.Version != "2.0" || q.Method == "" {
		send(response(q.ID, nil, errInvalid()))
		return
	}
	result, failed := p.run(q.Method, q.Params)
	defer p.spread()
	if q.ID == nil {
		return
	}
	answer := response(q.ID, result, failed)
	if waiting, held := p.held[q.Method]; held {
		p.held[q.Method] = append(waiting, func() { send(answer) })
		return
	}
	send(answer)
}

// response is an answer as the wire has it: a result or an error, never both.
func response(id json.RawMessage, result any, failed *rpcError) []byte {
	if len(id) == 0 {
		id = json.RawMessage("null")
	}
	if failed != nil {
		return encodeAny(map[string]any{"jsonrpc": "2.0", "id": id, "error": failed})
	}
	return encodeAny(map[string]any{"jsonrpc": "2.0", "id": id, "result": result})
}

// encodeAny writes v, which is made here of what JSON knows.
func encodeAny(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte("null")
	}
	return b
}

// run carries out a method; p.mu is held.
func (p *Player) run(method string, params json.RawMessage) (any, *rpcError) {
	if e, ok := p.failed[method]; ok {
		return nil, &e
	}
	do, ok := methods()[method]
	if !ok {
		return nil, errMethod()
	}
	a := arguments{raw: params}
	result := do(p, &a, time.Now())
	if a.wrong != "" {
		return nil, errParams(a.wrong)
	}
	return result, nil
}

// arguments are the parameters of a request, by position or by name.
type arguments struct {
	raw   json.RawMessage
	wrong string // what is wrong with them
}

// take reads one into v and reports whether it was there.
func (a *arguments) take(place int, name string, v any) bool {
	raw := bytes.TrimSpace(a.raw)
	var byPlace []json.RawMessage
	var byName map[string]json.RawMessage
	var one json.RawMessage
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
	case raw[0] == '[' && json.Unmarshal(raw, &byPlace) == nil:
		if place < len(byPlace) {
			one = byPlace[place]
		}
	case raw[0] == '{' && json.Unmarshal(raw, &byName) == nil:
		one = byName[name]
	default:
		a.wrong = "params is neither a list nor an object"
	}
	if len(one) == 0 || bytes.Equal(one, []byte("null")) {
		return false
	}
	if json.Unmarshal(one, v) != nil {
		a.wrong = "the value of " + name + " is of the wrong type"
		return false
	}
	return true
}

// need is take for one that has to be there.
func (a *arguments) need(place int, name string, v any) bool {
	if !a.take(place, name, v) && a.wrong == "" {
		a.wrong = "missing argument " + name
	}
	return a.wrong == ""
}

// method carries out one method of the player; p.mu is held.
type method func(p *Player, a *arguments, now time.Time) any

// order is a method without parameters and result.
func order(do func(*Player, time.Time)) method {
	return func(p *Player, _ *arguments, now time.Time) any {
		do(p, now)
		return nil
	}
}

// value is a method that only tells something.
func value(of func(*Player, time.Time) any) method {
	return func(p *Player, _ *arguments, now time.Time) any { return of(p, now) }
}

// methods are what the player can do, by name.
func methods() map[string]method {
	return map[string]method{
		"core.get_version": value(func(*Player, time.Time) any { return "4.0.0-simulated" }),

		"core.playback.get_state":            value(func(p *Player, _ time.Time) any { return p.state }),
		"core.playback.get_current_tl_track": value(func(p *Player, _ time.Time) any { return p.currentModel() }),
		"core.playback.get_time_position":    value(func(p *Player, now time.Time) any { return p.at(now).Milliseconds() }),
		"core.playback.get_stream_title":     value(func(*Player, time.Time) any { return nil }),
		"core.playback.pause":                order((*Player).pause),
		"core.playback.resume":               order((*Player).resume),
		"core.playback.stop":                 order((*Player).stop),
		"core.playback.next":                 order(func(p *Player, now time.Time) { p.skip(p.index(p.current)+1, now) }),
		"core.playback.previous":             order(func(p *Player, now time.Time) { p.skip(max(p.index(p.current)-1, 0), now) }),
		"core.playback.play":                 play,
		"core.playback.seek":                 seek,

		"core.mixer.get_volume": value(func(p *Player, _ time.Time) any { return p.volume }),
		"core.mixer.get_mute":   value(func(p *Player, _ time.Time) any { return p.mute }),
		"core.mixer.set_volume": setVolume,
		"core.mixer.set_mute":   setMute,

		"core.tracklist.get_tl_tracks": value(func(p *Player, _ time.Time) any { return p.list() }),
		"core.tracklist.get_length":    value(func(p *Player, _ time.Time) any { return len(p.tracks) }),
		"core.tracklist.add":           add,
		"core.tracklist.remove":        remove,
		"core.tracklist.clear": order(func(p *Player, now time.Time) {
			p.remove(func(tlTrack) bool { return true }, now)
		}),
	}
}

func (p *Player) currentModel() any {
	if at := p.index(p.current); at >= 0 {
		return p.tracks[at].model()
	}
	return nil
}

func (p *Player) list() any {
	list := make([]any, len(p.tracks))
	for i, t := range p.tracks {
		list[i] = t.model()
	}
	return list
}

func play(p *Player, a *arguments, now time.Time) any {
	id := 0
	a.take(0, "tlid", &id)
	if a.wrong == "" {
		p.play(id, now)
	}
	return nil
}

func seek(p *Player, a *arguments, now time.Time) any {
	ms := int64(0)
	if !a.need(0, "time_position", &ms) {
		return nil
	}
	if ms < 0 || ms > maxPosition.Milliseconds() {
		a.wrong = fmt.Sprintf("the position is a number of milliseconds from 0 to %d", maxPosition.Milliseconds())
		return nil
	}
	if p.current == 0 {
		return false
	}
	p.position, p.since = time.Duration(ms)*time.Millisecond, now
	p.tell("seeked", map[string]any{"time_position": ms})
	return true
}

func setVolume(p *Player, a *arguments, _ time.Time) any {
	volume := 0
	if !a.need(0, "volume", &volume) {
		return nil
	}
	if volume < 0 || volume > 100 {
		a.wrong = "the volume is a number from 0 to 100"
		return nil
	}
	if p.volume != volume {
		p.volume = volume
		p.tell("volume_changed", map[string]any{"volume": volume})
	}
	return true
}

func setMute(p *Player, a *arguments, _ time.Time) any {
	mute := false
	if !a.need(0, "mute", &mute) {
		return nil
	}
	if p.mute != mute {
		p.mute = mute
		p.tell("mute_changed", map[string]any{"mute": mute})
	}
	return true
}

func add(p *Player, a *arguments, _ time.Time) any {
	var uris []string
	if !a.need(2, "uris", &uris) { // after tracks and at_position
		return nil
	}
	if len(p.tracks)+len(uris) > MaxTracks {
		a.wrong = fmt.Sprintf("the track list holds at most %d tracks", MaxTracks)
		return nil
	}
	added := []any{}
	for _, uri := range uris {
		added = append(added, p.append(trackAt(uri)).model())
	}
	p.tell("tracklist_changed", nil)
	return added
}

func remove(p *Player, a *arguments, now time.Time) any {
	var criteria struct {
		IDs []int `json:"tlid"`
	}
	if !a.need(0, "criteria", &criteria) {
		return nil
	}
	return p.remove(func(t tlTrack) bool { return slices.Contains(criteria.IDs, t.id) }, now)
}
