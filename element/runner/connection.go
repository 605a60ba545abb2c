package runner

import (
	"cmp"
	"context"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// connection is the state machine of one connection. The owner calls it.
//
//	Closed ──reach──▶ Connecting ──opened──▶ Open ──reach, hangup, loss──▶ Closing
//	   ▲                  │ refused            ▲                             │
//	   └── manual, held ──┴──▶ Waiting ──time──┴── again: Connecting ◀───────┘
//
// The address is a desired state: want says that the connection should be open,
// again that what is on its way was overtaken by a change and one more try
// follows it. A new try begins only after every goroutine of the old one has
// ended, so no connection ever has two sessions.
type connection struct {
	// Set before run.
	r         *Runner
	id        int
	websocket bool

	// Owned by the owner.
	public  element.Connection // what people see; status is the state
	dropped bool               // the connector's new version does not have it; kept until it is closed
	want    bool
	again   bool
	forced  bool // the present try carries out a change, not a wait that ended
	held    bool // no try until somebody changes something
	stopped bool // held until a person reconnects
	refused bool // the device refused who we are: a changed header or login is tried at once
	series  series
	well    bool // the open session has ended the series
	missed  bool // the present try did not open; its goroutine is about to end
	// A connector may order a connection whenever one fails, which is how
	// DataMiner's reconnect. In trouble such orders are carried out no sooner
	// than next, for another target no sooner than earliest; a person's always
	// are at once.
	troubled  bool      // since the last person's order a try failed, and no session lived well
	person    bool      // again is a person's order
	earliest  time.Time // of the next try that the logic orders for another target
	next      time.Time // when the end of the last try says to try again; zero when it does not
	dialled   engine.Opening
	accepted  login           // of the last session that opened
	notes     string          // logged with the last try
	textNotes map[string]bool // of the texts of answers, logged once each
	secrets   []string        // that the last try sent

	generation uint64
	running    int // goroutines of the present try
	try        *try
	cancel     context.CancelFunc // of the present try; nil when none
	session    session            // nil until open
	ping       time.Duration      // between pings of the session, 0 for never
	end        *link.End          // why the session ended
	words      string             // more than its own sentence says
	ordered    bool               // we close the session because somebody wants so
	openedAt   time.Time
	giveUp     time.Time // when an overtaken dial is given up; zero when not
	waiting    int       // payload bytes in the outbox
	repeat     element.Refused

	polling   polling              // of an HTTP connection
	httpConns map[uint64]*httpConn // of an HTTP connection, by the number the logic gives them

	last, lastSuccess, lastFailure *element.Handshake
	keptLast                       element.Which // what of them was kept last in this run
}

func newConnection(r *Runner, d connector.Connection) *connection {
	c := &connection{r: r, id: d.ID, websocket: d.WebSocket, well: !d.WebSocket}
	c.series.cuts.least = r.o.leastPing
	c.public = element.Connection{
		ID: d.ID, Name: d.Name, Type: "http", Status: element.ConnClosed, Since: element.At(time.Now()),
	}
	if d.WebSocket {
		c.public.Type = "websocket"
	}
	return c
}

// become changes the state.
func (c *connection) become(s element.ConnectionState) {
	if c.public.Status != s {
		c.public.Since = element.At(time.Now())
	}
	c.public.Status = s
	c.public.NextTry = element.Time{}
	c.showNote()
	c.touch()
}

func (c *connection) touch() { c.r.touch() }

// reach makes a connection to the target as it is now, a new one when there is
// one already. Changes while one is carried out fold into one more try.
func (c *connection) reach() {
	if !c.websocket {
		return
	}
	c.want = true
	if c.r.asked {
		c.held, c.stopped, c.troubled, c.person = false, false, false, true
	} else if c.held && (c.stopped || !c.retargeted()) {
		return
	}
	c.held = false
	if c.running == 0 {
		c.again = true
		c.advance()
		return
	}
	switch c.public.Status {
	case element.ConnOpen:
		c.again = true
		c.close(closeNormal, "reconnecting")
	case element.ConnConnecting:
		if c.person || c.missed || c.retargeted() { // else the present dial is what is ordered
			c.overtake()
		}
	case element.ConnClosing, element.ConnWaiting, element.ConnClosed:
		c.again = true
	}
}

// overtake has one more try follow the present dial. A dial that a wait has
// begun is given up at once; one that carries out a change gets a moment, so
// that a burst of changes costs one more try and not one each.
func (c *connection) overtake() {
	if c.again {
		return
	}
	c.again = true
	c.giveUp = time.Now()
	if c.forced {
		c.giveUp = c.giveUp.Add(closeWait)
	}
}

// reconnect is a person's "Reconnect now": it wins over a wait; pressed again
// while it is carried out it changes nothing.
func (c *connection) reconnect() {
	if c.public.LastCause != nil && c.public.LastCause.Code == "login-scheme" {
		c.r.logins.Forget() // the person allows what the host asks for now
	}
	if !c.websocket {
		c.endWaits()
		return
	}
	if c.want && c.public.Status == element.ConnConnecting && !c.retargeted() {
		return
	}
	c.reach()
}

// hangup closes the connection and leaves it closed.
func (c *connection) hangup(code int, reason string) {
	c.want, c.again, c.person = false, false, false
	if c.r.asked {
		c.held, c.stopped = false, false
	}
	if !c.websocket {
		c.giveUpExchange()
		return
	}
	switch {
	case c.running == 0:
		c.become(element.ConnClosed)
	case c.public.Status == element.ConnOpen:
		c.close(code, reason)
	case c.public.Status == element.ConnConnecting:
		c.become(element.ConnClosing)
		c.cancel()
	}
}

// close begins a graceful end of the open session. What still arrives is
// dropped, and the logic learns at once that the connection is down.
func (c *connection) close(code int, reason string) {
	c.become(element.ConnClosing)
	c.ordered = code != closePolicy
	c.cancel()
	c.running++
	go c.try.close(c.session, code, reason)
	c.r.after(engine.Down{Connection: c.id, Reason: "We closed the connection.", Ours: code != closePolicy})
}

// due is when tick has something to do.
func (c *connection) due() time.Time {
	if !c.websocket {
		return c.polling.due()
	}
	switch c.public.Status {
	case element.ConnWaiting:
		return c.public.NextTry.Time
	case element.ConnConnecting:
		return c.giveUp
	case element.ConnOpen:
		if !c.well {
			return c.openedAt.Add(c.pace().wellAfter())
		}
	}
	return time.Time{}
}

// tick does what is due.
func (c *connection) tick(now time.Time) {
	if !c.websocket {
		c.pollTick(now)
		return
	}
	due := c.due()
	if due.IsZero() || due.After(now) {
		return
	}
	switch c.public.Status {
	case element.ConnWaiting:
		c.dial(false)
	case element.ConnConnecting:
		c.giveUp = time.Time{}
		c.cancel()
	case element.ConnOpen:
		c.livesWell()
	}
}

// handleReport takes a report of one of the connection's goroutines. What belongs to
// an older try, or to a session that is being closed, is not handed on.
func (c *connection) handleReport(n report) {
	if n.reply != nil {
		c.replied(n.reply)
		return
	}
	if n.generation != c.generation {
		return
	}
	switch {
	case n.ended:
		c.goroutineEnded(n.end)
	case n.attempt != nil:
		c.attempted(*n.attempt, n.session)
	case n.sent != nil:
		c.sent(*n.sent, n.failure)
	case n.messages != nil:
		c.receivedAll(n.messages)
	}
}

// receivedAll has the logic handle messages one by one: any of them can close
// the connection, and what follows is dropped then. The batch is used again
// unless the logic lags behind and some wait for it.
func (c *connection) receivedAll(b *batch) {
	for _, m := range b.messages {
		if c.public.Status != element.ConnOpen {
			break
		}
		c.received(m)
		c.r.follow()
	}
	if len(c.r.inputs) == 0 {
		b.giveBack()
	}
}

// goroutineEnded counts a goroutine out; the last one decides what is next.
func (c *connection) goroutineEnded(end *link.End) {
	c.running--
	if end != nil {
		c.end = end
		c.judgeEnd(*end)
		if c.public.Status == element.ConnOpen {
			c.lost(*end)
		}
	}
	if c.running > 0 {
		return
	}
	if c.session != nil {
		c.listClosed()
	}
	c.cancel()
	c.refuseUnsent()
	c.try, c.session, c.end, c.cancel, c.giveUp = nil, nil, nil, nil, time.Time{}
	c.ordered, c.words = false, ""
	c.advance()
}

// refuseUnsent tells the logic of the messages that the writer left behind.
func (c *connection) refuseUnsent() {
	for {
		select {
		case m := <-c.try.outbox:
			c.sent(*m, "The connection was closed before the message went out.")
		default:
			return
		}
	}
}

// lost is the end of an open session that we did not ask for.
func (c *connection) lost(end link.End) {
	c.become(element.ConnClosing)
	c.cancel()
	c.r.after(engine.Down{Connection: c.id, Reason: c.r.scrubText(end.Message), Cause: "session/" + end.Cause})
}

func (c *connection) listClosed() {
	end := c.end
	if end == nil {
		end = &link.End{Code: 1006, By: "us", Cause: "local", Message: "The connection was closed."}
	}
	message := c.r.scrubText(end.Message)
	c.public.LastCause = &element.Cause{Phase: "session", Code: end.Cause, Message: cmp.Or(c.r.scrubText(c.words), message)}
	c.r.event(element.Closed{Connection: c.id, Code: end.Code, Reason: end.Reason, By: end.By, Message: message})
	c.r.log.Info("connection closed", "connection", c.id, "code", end.Code, "by", end.By, "cause", end.Cause)
	c.r.endFold(c.foldKey("connecting"))
	c.r.endFold(c.foldKey("refused"))
	c.touch()
}

// received hands a message to the logic.
func (c *connection) received(m link.Message) {
	now := time.Now()
	c.timeFirst()
	c.public.LastMessageAt = element.At(now)
	c.r.screen.quiet = true
	c.r.listMessage(excerpt(c.id, m), false, m.Data)
	c.r.after(engine.Received{Connection: c.id, Text: m.Text, Data: m.Data})
}

// send queues a message for the writer. A full outbox means that the wire is
// dead or the device does not read: the session is closed.
func (c *connection) send(m outgoing) {
	if c.public.Status != element.ConnOpen {
		c.r.after(engine.Sent{Token: m.token, Err: "The connection is not open; nothing was sent."})
		return
	}
	if c.waiting+len(m.data) <= outboxBytes || c.waiting == 0 {
		select {
		case c.try.outbox <- &m:
			c.waiting += len(m.data)
			return
		default:
		}
	}
	c.r.after(engine.Sent{Token: m.token, Err: "The device takes no data; the connection was closed."})
	c.r.logged("error", "The device takes no data: the messages that wait for it are at their limit. The connection is closed.")
	c.close(closePolicy, "the device takes no data")
}

// sent is what became of a message that was queued.
func (c *connection) sent(m outgoing, failure string) {
	c.waiting -= len(m.data)
	if failure == "" {
		c.r.listMessage(excerpt(c.id, link.Message{Text: m.text, Data: m.data}), true, m.data)
	}
	c.r.after(engine.Sent{Token: m.token, Err: failure})
}

func (c *connection) foldKey(kind string) string {
	return kind + element.FormatNumber(float64(c.id))
}
