package runner

import (
	"cmp"
	"context"
	"reflect"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// socket is a connection over a WebSocket: it carries out what retry decides,
// with the goroutines of one try at a time.
type socket struct {
	c        *connection
	retry    retry
	dialled  engine.Opening // of the last try
	accepted login          // of the last session that opened
	notes    string         // logged with the last try

	goroutines int // of the present try
	try        *try
	cancel     context.CancelFunc // of the present try; nil when none
	session    session            // nil until open
	ping       time.Duration      // between pings of the session, 0 for never
	end        *link.End          // why the session ended
	words      string             // more than its own sentence says
	queued     int                // payload bytes in the outbox
}

func newSocket(c *connection) *socket {
	s := &socket{c: c, retry: newRetry()}
	s.retry.series.cuts.least = c.r.o.leastPing
	return s
}

func (s *socket) running() int                       { return s.goroutines }
func (s *socket) due() time.Time                     { return s.retry.due(s.c.pace()) }
func (s *socket) begin()                             {}
func (s *socket) connect()                           { s.do(s.retry.order(s.facts())) }
func (s *socket) allEnded()                          { s.do(s.retry.advance(s.facts())) }
func (s *socket) valueChanged(element.ParamID, bool) {}

func (s *socket) reconnect() { s.do(s.retry.reconnect(s.facts())) }

func (s *socket) targetChanged() {
	if s.retry.awaitsChange() { // else the facts need not be worked out, for each value that a device sends
		s.do(s.retry.targetChanged(s.facts()))
	}
}

func (s *socket) configured(change connectionChange) {
	s.do(s.retry.configured(s.facts(), change.mode))
}

func (s *socket) disconnect(code int, reason string) {
	a := s.retry.disconnect(s.facts())
	if a == closeSession {
		s.close(code, reason)
		return
	}
	s.do(a)
}

// tick does what is due.
func (s *socket) tick(now time.Time) {
	if due := s.due(); due.IsZero() || due.After(now) {
		return
	}
	s.do(s.retry.tick(s.facts()))
	s.showNote() // the session may have become stable
}

func (s *socket) facts() facts {
	return facts{
		now: time.Now(), idle: s.c.running() == 0, person: s.c.r.byPerson, retargeted: s.retargeted(),
		manual: s.c.r.record.Config.Reconnect == element.Manual, pace: s.c.pace(),
	}
}

// retargeted reports whether the next handshake would not be the last one again.
func (s *socket) retargeted() bool {
	o, err := s.opening()
	if err != nil {
		return false
	}
	o.Notes = s.dialled.Notes
	return !reflect.DeepEqual(o, s.dialled)
}

// do shows what was decided, and carries it out.
func (s *socket) do(a action) {
	if a == closeSession {
		s.close(closeNormal, "reconnecting")
		return
	}
	s.show()
	switch a {
	case dial:
		s.dial()
	case giveUpDial:
		s.cancel()
	}
}

// show has people see the state, and when the next try is.
func (s *socket) show() {
	public := &s.c.public
	if public.Status != s.retry.state {
		s.c.become(s.retry.state)
		s.showNote()
	}
	next := element.At(s.retry.next)
	if s.retry.state == element.ConnWaiting && (public.NextTry != next || public.Attempt != s.retry.series.tries) {
		public.NextTry, public.Attempt = next, s.retry.series.tries
		s.c.touch()
	}
}

// showNote has people see what stands out.
func (s *socket) showNote() {
	s.c.public.Note = s.c.r.secrets.maskText(s.retry.note())
	s.c.touch()
}

// close begins a graceful end of the open session. What still arrives is
// dropped, and the logic learns at once that the connection is down.
func (s *socket) close(code int, reason string) {
	s.show()
	s.cancel()
	s.goroutines++
	go s.try.close(s.session, code, reason)
	s.c.r.enqueue(engine.Down{Connection: s.c.id, Reason: "We closed the connection.", Ours: s.retry.closedByUs})
}

// handleReport takes a report of one of the goroutines. What belongs to an
// older try, or to a session that is being closed, is not handed on.
func (s *socket) handleReport(n report) {
	if n.try != s.try {
		return
	}
	switch {
	case n.ended:
		s.goroutineEnded(n.end)
	case n.attempt != nil:
		s.attempted(*n.attempt, n.session)
	case n.sent != nil:
		s.sent(*n.sent, n.failure)
	case n.messages != nil:
		s.receivedAll(n.messages)
	}
}

// goroutineEnded counts a goroutine out; the last one decides what is next.
func (s *socket) goroutineEnded(end *link.End) {
	s.goroutines--
	if end != nil {
		s.end = end
		s.sessionEnded(*end)
	}
	if s.goroutines > 0 {
		return
	}
	if s.session != nil {
		s.listClosed()
	}
	s.cancel()
	s.refuseUnsent()
	s.try, s.session, s.end, s.cancel, s.words = nil, nil, nil, nil, ""
	if s.c.running() == 0 {
		s.allEnded()
	}
}

// sessionEnded is why the session ended, which may be by our own wish.
func (s *socket) sessionEnded(end link.End) {
	v, lost := s.retry.ended(end, s.ping, s.facts())
	s.logVerdict(v)
	if !lost {
		return
	}
	s.show()
	s.cancel()
	s.c.r.enqueue(engine.Down{Connection: s.c.id, Reason: s.c.r.secrets.maskText(end.Message), Cause: "session/" + end.Cause})
}

// logVerdict says what a verdict has to say.
func (s *socket) logVerdict(v verdict) {
	s.words = v.words
	if v.log != "" {
		s.c.r.screen.log("warning", v.log)
	}
}

// refuseUnsent tells the logic of the messages that the writer left behind.
func (s *socket) refuseUnsent() {
	for {
		select {
		case m := <-s.try.outbox:
			s.sent(*m, "The connection was closed before the message went out.")
		default:
			return
		}
	}
}

func (s *socket) listClosed() {
	end := s.end
	if end == nil {
		end = &link.End{Code: 1006, By: "us", Cause: "local", Message: "The connection was closed."}
	}
	r, c := s.c.r, s.c
	message := r.secrets.maskText(end.Message)
	c.public.LastCause = &element.Cause{Phase: "session", Code: end.Cause, Message: cmp.Or(r.secrets.maskText(s.words), message)}
	r.screen.event(element.Closed{Connection: c.id, Code: end.Code, Reason: end.Reason, By: end.By, Message: message})
	r.log.Info("connection closed", "connection", c.id, "code", end.Code, "by", end.By, "cause", end.Cause)
	r.screen.endFold(c.foldKey("connecting"))
	r.screen.endFold(c.foldKey("refused"))
	c.touch()
}

// receivedAll has the logic handle messages one by one: any of them can close
// the connection, and what follows is dropped then. The batch is used again
// unless the logic lags behind and some wait for it.
func (s *socket) receivedAll(b *batch) {
	for _, m := range b.messages {
		if s.retry.state != element.ConnOpen {
			break
		}
		s.received(m)
		s.c.r.follow()
	}
	if len(s.c.r.inputs) == 0 {
		b.giveBack()
	}
}

// received hands a message to the logic.
func (s *socket) received(m link.Message) {
	c := s.c
	if c.handshakes.wantFirstMessage() {
		c.handshakes.firstMessage(s.session.FirstMessage().Sub(s.session.Opened()))
	}
	c.public.LastMessageAt = element.At(time.Now())
	c.r.screen.quiet = true
	c.r.screen.listMessage(excerpt(c.id, m), false, m.Data)
	c.r.enqueue(engine.Received{Connection: c.id, Text: m.Text, Data: m.Data})
}

// send queues a message for the writer. A full outbox means that the socket is
// dead or the device does not read: the session is closed.
func (s *socket) send(m outgoing) {
	r := s.c.r
	if s.retry.state != element.ConnOpen {
		r.enqueue(engine.Sent{Token: m.token, Err: "The connection is not open; nothing was sent."})
		return
	}
	if s.queued+len(m.data) <= outboxBytes || s.queued == 0 {
		select {
		case s.try.outbox <- &m:
			s.queued += len(m.data)
			return
		default:
		}
	}
	r.enqueue(engine.Sent{Token: m.token, Err: "The device takes no data; the connection was closed."})
	r.screen.log("error", "The device takes no data: the messages that wait for it are at their limit. The connection is closed.")
	s.retry.close(false)
	s.close(closePolicy, "the device takes no data")
}

// sent is what became of a message that was queued.
func (s *socket) sent(m outgoing, failure string) {
	s.queued -= len(m.data)
	if failure == "" {
		s.c.r.screen.listMessage(excerpt(s.c.id, link.Message{Text: m.text, Data: m.data}), true, m.data)
	}
	s.c.r.enqueue(engine.Sent{Token: m.token, Err: failure})
}
