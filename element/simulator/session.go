package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// item is something to send.
type item struct {
	kind int // a message type of the WebSocket library
	code int // of a Close
	data []byte
}

func text(data []byte) item { return item{kind: websocket.TextMessage, data: data} }

// session is one open WebSocket. Its reader is the goroutine of the HTTP
// handler; its writer is started and awaited by it.
type session struct {
	device *Device
	ws     *websocket.Conn
	conn   *conn
	out    chan item     // to the writer
	spoke  chan struct{} // a token for the first subscription and each health, to the writer
	began  bool          // a subscription came; owned by the reader
	calm   chan struct{} // closed with the first subscription: no more greetings

	subscribed map[string]bool // by source id; guarded by device.mu
	greeted    int             // messages of greeting so far; owned by the writer
}

// admit makes a session for c before its handshake is answered, so that a
// client that is connected is always one of the sessions. It returns nil when
// there are as many as may be.
func (d *Device) admit(c *conn) *session {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.sessions) >= d.most {
		return nil
	}
	s := &session{device: d, conn: c, out: make(chan item, MaxOutbox), spoke: make(chan struct{}, 1), calm: make(chan struct{})}
	d.sessions[s] = struct{}{}
	return s
}

// dismiss forgets s.
func (d *Device) dismiss(s *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.sessions, s)
}

// run lives a session from its opening to its end.
func (s *session) run(ctx context.Context, ws *websocket.Conn) {
	s.ws = ws
	s.device.log.InfoContext(ctx, "a session is open", "connection", s.conn.entry.ID, "from", s.conn.entry.Remote)
	ws.SetPingHandler(s.pinged)
	ws.SetPongHandler(func(data string) error {
		s.device.journal.message(s.conn.entry, "pong", []byte(data), time.Now())
		return nil
	})
	reading, stopWriter := context.WithCancel(context.WithoutCancel(ctx))
	written := make(chan struct{})
	go func() {
		defer close(written)
		s.write(ctx, reading)
	}()
	err := s.read()
	stopWriter()
	<-written
	s.ended(err)
	_ = s.conn.Close() // it may be closed already
}

// pinged answers a ping.
func (s *session) pinged(data string) error {
	s.device.journal.message(s.conn.entry, "ping", []byte(data), time.Now())
	err := s.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(WriteTimeout))
	if errors.Is(err, websocket.ErrCloseSent) {
		return nil
	}
	return err
}

// ended records why reading ended, unless a cause is known already.
func (s *session) ended(err error) {
	end := End{At: time.Now(), By: "device", Cause: "protocol", Code: websocket.CloseProtocolError}
	var closed *websocket.CloseError
	var timeout net.Error
	switch {
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		end.By, end.Cause, end.Code, end.Reason = "client", "closed", closed.Code, closed.Text
	case errors.As(err, &closed):
		end.By, end.Cause, end.Code = "client", "eof", websocket.CloseAbnormalClosure
	case errors.Is(err, websocket.ErrReadLimit):
		end.Cause, end.Code = "closed", websocket.CloseMessageTooBig
	case errors.As(err, &timeout) && timeout.Timeout():
		end.Cause, end.Code = "slow", websocket.CloseAbnormalClosure
	}
	s.device.journal.end(s.conn.entry, end)
	s.device.log.Info("a session ended", "connection", s.conn.entry.ID, "cause", end.Cause, "code", end.Code)
}

// read takes messages until the session ends, and returns why.
func (s *session) read() error {
	s.ws.SetReadLimit(MaxMessage)
	for {
		kind, r, err := s.ws.NextReader()
		if err != nil {
			return err
		}
		// The library's limit counts bytes on the wire; this one what they
		// inflate to.
		data, err := io.ReadAll(io.LimitReader(r, MaxMessage+1))
		if err != nil {
			return err
		}
		if len(data) > MaxMessage {
			s.send(item{kind: websocket.CloseMessage, code: websocket.CloseMessageTooBig, data: []byte("a message may be 1 MiB")})
			continue
		}
		if kind == websocket.TextMessage {
			s.device.journal.message(s.conn.entry, "text", data, time.Now())
			s.obey(data)
			continue
		}
		s.device.journal.message(s.conn.entry, "binary", data, time.Now())
	}
}

// obey carries out an IS-07 command, or a request to the Player; anything else
// is logged only.
func (s *session) obey(data []byte) {
	if p := s.device.player; p != nil {
		p.hear(data, func(answer []byte) { s.send(text(answer)) })
		return
	}
	var c command
	if json.Unmarshal(data, &c) != nil || c.Command != "subscription" && c.Command != "health" {
		s.device.log.Info("a message is not an IS-07 command", "connection", s.conn.entry.ID, "bytes", len(data))
		return
	}
	if c.Command == "health" {
		s.mark()
		if s.device.answersHealth() {
			s.send(text(healthReply(c.Timestamp, time.Now())))
		}
		return
	}
	if !s.began {
		s.began = true
		close(s.calm)
		if !s.device.bare { // there it counts from the opening, and for health only
			s.mark()
		}
	}
	s.subscribe(c.Sources)
}

// mark tells the writer that the time without health starts anew.
func (s *session) mark() {
	select {
	case s.spoke <- struct{}{}:
	default: // the writer has not yet seen the one before; one is enough
	}
}

// subscribe replaces the subscription and sends the state of each source in
// it.
func (s *session) subscribe(ids []string) {
	d := s.device
	d.mu.Lock()
	defer d.mu.Unlock()
	wanted := map[string]bool{}
	for _, id := range ids[:min(len(ids), MaxSubscriptions)] {
		wanted[id] = true
	}
	s.subscribed = map[string]bool{}
	now := time.Now()
	for _, src := range d.sources {
		if wanted[src.ID] {
			s.subscribed[src.ID] = true
			s.send(text(src.state(now)))
		}
	}
	d.log.Info("a subscription", "connection", s.conn.entry.ID, "asked", len(ids), "known", len(s.subscribed))
}

// send queues it for the writer. A client that leaves MaxOutbox messages
// waiting is dropped: nobody else waits for it.
func (s *session) send(it item) {
	select {
	case s.out <- it:
	default:
		s.device.journal.end(s.conn.entry, End{At: time.Now(), By: "device", Cause: "slow", Code: websocket.CloseAbnormalClosure})
		s.conn.drop(false)
	}
}
