package simulator

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
)

// DefaultPlayerPath is the path of a device that is a Player.
const DefaultPlayerPath = "/mopidy/ws"

// MaxTracks is how many tracks clients can bring the list of a Player to.
const MaxTracks = 1000

// maxPosition is the latest position in a track.
const maxPosition = 24 * time.Hour

// Track is something a Player can play.
type Track struct {
	Name, Artist, Album, URI string
	Length                   time.Duration // 0: unknown, as of a radio station
}

// DefaultTracks returns a believable list.
func DefaultTracks() []Track {
	return []Track{
		{Name: "Opening theme", Artist: "Studio orchestra", Album: "Station sounds", URI: "local:track:opening.flac", Length: 35 * time.Second},
		{Name: "Weather bed", Artist: "Studio orchestra", Album: "Station sounds", URI: "local:track:weather.flac", Length: 94 * time.Second},
		{Name: "Night shift", Artist: "Ada & the Relays", Album: "Patchbay", URI: "local:track:night-shift.flac", Length: 4*time.Minute + 12*time.Second},
	}
}

// Player is a music server in the manner of Mopidy: JSON-RPC 2.0 over a
// WebSocket, with events for everybody who is connected. Methods, models and
// events are those of Mopidy's documentation (pages "HTTP JSON-RPC API" and
// "Core API"). A Player belongs to the one Device whose Options name it. All
// methods may be called from any goroutine once that Device is made.
type Player struct {
	device *Device // set by New of the device

	mu       sync.Mutex // guards what follows
	state    string     // "stopped", "playing" or "paused"
	volume   int        // percent
	mute     bool
	tracks   []tlTrack
	lastID   int
	current  int           // id in the track list; 0 for none
	position time.Duration // at since
	since    time.Time
	told     [][]byte // events that go out behind the answer that is made now

	held   map[string][]func()
	failed map[string]rpcError
}

// tlTrack is a track in the track list.
type tlTrack struct {
	id int
	Track
}

// NewPlayer returns a stopped player with these tracks in its list;
// DefaultTracks() when there are none.
func NewPlayer(tracks ...Track) *Player {
	if len(tracks) == 0 {
		tracks = DefaultTracks()
	}
	p := &Player{state: "stopped", volume: 40, held: map[string][]func(){}, failed: map[string]rpcError{}}
	for _, t := range tracks {
		p.append(t)
	}
	return p
}

func (p *Player) append(t Track) tlTrack {
	p.lastID++
	added := tlTrack{p.lastID, t}
	p.tracks = append(p.tracks, added)
	return added
}

// Hold keeps back the answers to a method until Release.
func (p *Player) Hold(method string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held[method] == nil {
		p.held[method] = []func(){}
	}
}

// Release sends the answers that were held, the newest first, and returns how
// many there were.
func (p *Player) Release(method string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	answers := p.held[method]
	delete(p.held, method)
	for _, send := range slices.Backward(answers) {
		send()
	}
	return len(answers)
}

// Fail answers a method with an error from now on; code 0 and no message
// carry it out again.
func (p *Player) Fail(method string, code int, message string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.failed, method)
	if code != 0 || message != "" {
		p.failed[method] = rpcError{Code: code, Message: message}
	}
}

// Call carries out a method as another client of the player would, and tells
// everybody of what it changed. Params are by position. The error is the
// player's answer.
func (p *Player) Call(method string, params ...any) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.spread()
	if _, failed := p.run(method, raw); failed != nil {
		return failed
	}
	return nil
}

// tick goes on to the next track when one has ended.
func (p *Player) tick(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.index(p.current)
	if p.state != "playing" || at < 0 || p.tracks[at].Length == 0 || p.at(now) < p.tracks[at].Length {
		return
	}
	p.skip(at+1, now)
	p.spread()
}

// at is the position in the current track; p.mu is held.
func (p *Player) at(now time.Time) time.Duration {
	if p.state != "playing" {
		return p.position
	}
	return p.position + now.Sub(p.since)
}

// index finds a track of the list by its id, -1 when it is not there.
func (p *Player) index(id int) int {
	return slices.IndexFunc(p.tracks, func(t tlTrack) bool { return t.id == id })
}

// tell keeps an event for spread; p.mu is held.
func (p *Player) tell(event string, fields map[string]any) {
	if fields == nil {
		fields = map[string]any{}
	}
	fields["event"] = event
	p.told = append(p.told, encodeAny(fields))
}

// spread sends to everybody what was told: an answer goes first, as it does in
// Mopidy. p.mu is held.
func (p *Player) spread() {
	for _, event := range p.told {
		p.device.broadcast(text(event))
	}
	p.told = nil
}

// become moves the player to a state, which may be the present one when a
// track begins; p.mu is held.
func (p *Player) become(state string, now time.Time) {
	old := p.state
	p.position, p.since = p.at(now), now
	p.state = state
	p.tell("playback_state_changed", map[string]any{"old_state": old, "new_state": state})
}

// play starts a track of the list, or goes on with the present one; p.mu is
// held.
func (p *Player) play(id int, now time.Time) {
	switch {
	case id == 0 && p.state == "paused":
		p.resume(now)
		return
	case id == 0 && p.current != 0:
		id = p.current
	case id == 0 && len(p.tracks) > 0:
		id = p.tracks[0].id
	}
	at := p.index(id)
	if at < 0 {
		return
	}
	if p.state != "stopped" {
		p.end(now)
	}
	p.current, p.position, p.since = id, 0, now
	p.become("playing", now)
	p.tell("track_playback_started", map[string]any{"tl_track": p.tracks[at].model()})
}

// end tells that the current track is not played any more; p.mu is held.
func (p *Player) end(now time.Time) {
	p.moved("track_playback_ended", now)
}

func (p *Player) resume(now time.Time) {
	if p.state == "paused" {
		p.become("playing", now)
		p.moved("track_playback_resumed", now)
	}
}

func (p *Player) pause(now time.Time) {
	if p.state == "playing" {
		p.become("paused", now)
		p.moved("track_playback_paused", now)
	}
}

// moved tells something of the current track and its position; p.mu is held.
func (p *Player) moved(event string, now time.Time) {
	if at := p.index(p.current); at >= 0 {
		p.tell(event, map[string]any{"tl_track": p.tracks[at].model(), "time_position": p.at(now).Milliseconds()})
	}
}

func (p *Player) stop(now time.Time) {
	if p.state != "stopped" {
		p.become("stopped", now)
		p.end(now)
		p.position = 0
	}
}

// skip goes to the track at a place of the list, and stops behind its ends;
// p.mu is held. What was playing plays on, what was paused is paused.
func (p *Player) skip(to int, now time.Time) {
	if to < 0 || to >= len(p.tracks) {
		p.stop(now)
		return
	}
	if p.state == "stopped" {
		p.current = p.tracks[to].id
		return
	}
	p.end(now)
	p.current, p.position, p.since = p.tracks[to].id, 0, now
	p.become(p.state, now)
	p.tell("track_playback_started", map[string]any{"tl_track": p.tracks[to].model()})
	if p.state == "paused" {
		p.moved("track_playback_paused", now)
	}
}

// remove takes tracks out of the list; p.mu is held.
func (p *Player) remove(gone func(tlTrack) bool, now time.Time) []any {
	removed := []any{}
	for _, t := range p.tracks {
		if gone(t) {
			removed = append(removed, t.model())
			if t.id == p.current {
				p.stop(now)
				p.current = 0
			}
		}
	}
	p.tracks = slices.DeleteFunc(p.tracks, gone)
	p.tell("tracklist_changed", nil)
	return removed
}

// model is the track as the wire has it. What is not known is left out.
func (t Track) model() map[string]any {
	m := map[string]any{"__model__": "Track", "uri": t.URI}
	if t.Name != "" {
		m["name"] = t.Name
	}
	if t.Artist != "" {
		m["artists"] = []any{map[string]any{"__model__": "Artist", "name": t.Artist}}
	}
	if t.Album != "" {
		m["album"] = map[string]any{"__model__": "Album", "name": t.Album}
	}
	if t.Length != 0 {
		m["length"] = t.Length.Milliseconds()
	}
	return m
}

func (t tlTrack) model() map[string]any {
	return map[string]any{"__model__": "TlTrack", "tlid": t.id, "track": t.Track.model()}
}

// trackAt makes a track of a URI, as a backend would that knows no more.
func trackAt(uri string) Track {
	name := uri[strings.LastIndexAny(uri, ":/")+1:]
	return Track{Name: name, URI: uri}
}
