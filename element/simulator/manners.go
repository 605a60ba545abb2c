package simulator

import (
	"errors"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// SetManners changes how the device treats the handshakes that follow and
// whether it reads.
func (d *Device) SetManners(m Manners) { d.mend(func(old *Manners) { *old = m }) }

// mend changes the manners under the lock.
func (d *Device) mend(change func(*Manners)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(&d.manners)
	d.gate.set(d.manners.Silent)
}

// Refuse answers the handshakes that follow with an HTTP status, headers and
// a body. Status 0 opens again.
func (d *Device) Refuse(status int, header http.Header, body string) {
	d.mend(func(m *Manners) { m.RefuseStatus, m.RefuseHeader, m.RefuseBody = status, header.Clone(), body })
}

// Delay waits for t before it answers the handshakes that follow.
func (d *Device) Delay(t time.Duration) { d.mend(func(m *Manners) { m.Delay = t }) }

// DemandHeader refuses the handshakes that follow unless they have the header
// with the value (any value when ""). An empty name demands nothing.
func (d *Device) DemandHeader(name, value string) {
	d.mend(func(m *Manners) { m.RequireHeader, m.RequireValue = name, value })
}

// AnswerSubprotocol answers the handshakes that follow with this subprotocol,
// offered or not; "" answers none.
func (d *Device) AnswerSubprotocol(name string) { d.mend(func(m *Manners) { m.Subprotocol = name }) }

// AnswerExtensions answers the handshakes that follow with these extensions,
// as Manners.Extensions describes.
func (d *Device) AnswerExtensions(value string) { d.mend(func(m *Manners) { m.Extensions = value }) }

// Silence stops or resumes reading from all sessions.
func (d *Device) Silence(on bool) { d.mend(func(m *Manners) { m.Silent = on }) }

// AnswerHealth stops or resumes answering health commands.
func (d *Device) AnswerHealth(on bool) { d.mend(func(m *Manners) { m.NoHealth = !on }) }

func (d *Device) answersHealth() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.manners.NoHealth
}

// RequirePath moves the device to another path; the handshakes that follow
// are refused with 404 elsewhere.
func (d *Device) RequirePath(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.path = path
}

// Send sends a text message to each open session and returns how many there
// were.
func (d *Device) Send(message string) int { return d.broadcast(text([]byte(message))) }

// SendBinary sends a binary message to each open session and returns how many
// there were.
func (d *Device) SendBinary(data []byte) int {
	return d.broadcast(item{kind: websocket.BinaryMessage, data: data})
}

// SendPing sends a ping (data of at most 125 bytes) to each open session and
// returns how many there were.
func (d *Device) SendPing(data string) int {
	return d.broadcast(item{kind: websocket.PingMessage, data: []byte(data)})
}

// Close closes each open session with a Close frame, after what was sent
// before, and returns how many there were. It does not wait for the end: the
// log tells of it.
func (d *Device) Close(code int, reason string) int {
	return d.broadcast(item{kind: websocket.CloseMessage, code: code, data: []byte(reason)})
}

// Drop closes the TCP connection of each open session without a Close frame
// and returns how many there were.
func (d *Device) Drop() int { return d.drop(false) }

// Reset is Drop with a TCP RST.
func (d *Device) Reset() int { return d.drop(true) }

func (d *Device) drop(reset bool) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s := range d.sessions {
		s.conn.drop(reset)
	}
	return len(d.sessions)
}

// broadcast queues it for each open session.
func (d *Device) broadcast(it item) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s := range d.sessions {
		s.send(it)
	}
	return len(d.sessions)
}

// Sessions returns how many sessions are open or being opened.
func (d *Device) Sessions() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.sessions)
}

// errNoSource is returned for a source that the device does not have.
var errNoSource = errors.New("the device has no source with this id")

// Set gives a source a value now and tells its subscribers.
func (d *Device) Set(sourceID string, value any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, src := range d.sources {
		if src.ID == sourceID {
			now := time.Now()
			src.value, src.since = value, now
			d.publish(src, now)
			return nil
		}
	}
	return errNoSource
}
