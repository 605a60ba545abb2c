package runner

import (
	"strconv"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// maxTextNotes bounds what is remembered of what a device said of its texts.
const maxTextNotes = 20

// connection is one connection of an element: what people see of it, and what
// carries it out. The owner calls it.
type connection struct {
	r  *Runner
	id int

	public  element.Connection
	retired bool // the connector's new version does not have it; kept until it is closed

	// transport is socket or polled. Another version of the connector may have
	// made it the other one, whose goroutines may still be ending.
	transport transport
	socket    *socket
	polled    *polled

	handshakes handshakes
	refusal    element.Refused // the newest, repeats counted; zero when there is none
	textNotes  map[string]bool // of the texts of answers, logged once each
}

// transport is how a connection talks to its device: over a WebSocket, or with
// an HTTP exchange for each request. The owner calls it.
type transport interface {
	connect()                           // to the target as it is now
	reconnect()                         // a person's order
	disconnect(code int, reason string) // and stay so; with the Close frame there is
	begin()                             // of a new life of the element
	configured(change connectionChange) // the settings were changed
	valueChanged(element.ParamID, bool) // of a parameter; the bool says that a person did it
	targetChanged()                     // a parameter that feeds it was set
	showTarget()                        // while nothing is under way
	allEnded()                          // no goroutine of the connection is left
	running() int                       // goroutines
	due() time.Time                     // when tick has something to do; zero for never
	tick(now time.Time)                 // do it
}

// connectionChange is a change of the settings of a connection.
type connectionChange struct {
	mode     bool // of reconnecting
	settings bool // of this connection
}

func newConnection(r *Runner, d connector.Connection) *connection {
	c := &connection{r: r, id: d.ID}
	c.public = element.Connection{ID: d.ID, Status: element.ConnClosed, Since: element.At(time.Now())}
	c.handshakes = handshakes{recorder: r.o.Recorder, element: r.id, connection: d.ID, bound: r.secrets.maskRecord}
	c.define(d)
	return c
}

// define takes over what the connector says of the connection.
func (c *connection) define(d connector.Connection) {
	c.retired = false // it may come back while it still closes
	c.public.Name = d.Name
	c.handshakes.turnsOnly = !d.WebSocket
	if d.WebSocket {
		c.public.Type = "websocket"
		if c.socket == nil {
			c.socket = newSocket(c)
		}
		c.transport = c.socket
		return
	}
	c.public.Type = "http"
	if c.polled == nil {
		c.polled = &polled{c: c}
	}
	c.transport = c.polled
}

// isSocket reports whether the connection is a WebSocket now.
func (c *connection) isSocket() bool { return c.socket != nil && c.transport == transport(c.socket) }

// running counts the goroutines of the connection.
func (c *connection) running() int {
	n := 0
	if c.socket != nil {
		n += c.socket.running()
	}
	if c.polled != nil {
		n += c.polled.running()
	}
	return n
}

// reconnect is a person's order.
func (c *connection) reconnect() {
	if c.public.LastCause != nil && c.public.LastCause.Code == "login-scheme" {
		c.r.logins.Forget() // the person allows what the host asks for now
	}
	c.transport.reconnect()
}

// become shows another state.
func (c *connection) become(s element.ConnectionState) {
	if c.public.Status != s {
		c.public.Since = element.At(time.Now())
	}
	c.public.Status = s
	c.public.NextTry = element.Time{}
	c.touch()
}

func (c *connection) touch() { c.r.screen.touch() }

// settings are those of the connection; ok is false when there are none.
func (c *connection) settings() (s element.ConnectionConfig, ok bool) {
	return c.r.record.connection(c.id)
}

// pace is how the connection may try again, as its settings are now.
func (c *connection) pace() pace {
	cfg, _ := c.settings()
	return pace{first: cfg.RetryFirst(), longest: cfg.RetryLongest(), stops: cfg.StopsAfter, jitter: c.r.o.Jitter}
}

// listRefusal lists a try or an exchange that failed, and returns its sentence;
// repeats of one cause are one line.
func (c *connection) listRefusal(cause element.Cause, status int, body string) string {
	now := element.At(time.Now())
	cause.Message = c.r.secrets.maskText(cause.Message)
	e := element.Refused{
		Connection: c.id, Phase: cause.Phase, Code: cause.Code, Message: cause.Message,
		Status: status, Body: element.CutText(c.r.secrets.maskText(body)), Count: 1, LastAt: now,
	}
	key, first := c.foldKey("refused"), now
	if old := c.r.screen.folds[key]; old != nil && c.refusal.Count > 0 && sameRefusal(c.refusal, e) {
		e.Count, first = c.refusal.Count+1, old.At
	} else {
		c.r.screen.endFold(key)
		c.r.log.Warn("connection refused", "connection", c.id, "phase", e.Phase, "code", e.Code, "message", e.Message)
	}
	c.refusal = e
	c.r.screen.fold(key, first.Time, e)
	c.public.LastCause = &cause
	c.touch()
	return cause.Message
}

func sameRefusal(a, b element.Refused) bool {
	return a.Phase == b.Phase && a.Code == b.Code && a.Message == b.Message && a.Status == b.Status
}

// listOpen lists that the device answers, after which a refusal is a new line.
func (c *connection) listOpen(e element.Open) {
	c.r.screen.endFold(c.foldKey("refused"))
	c.refusal = element.Refused{}
	e.Connection, e.URL = c.id, c.public.URL
	c.r.screen.event(e)
}

// noteText logs what is wrong with the text of an answer, each thing once: what
// is not what it is said to be must not only be seen by who knows how it should
// look.
func (c *connection) noteText(note string) {
	if note == "" || c.textNotes[note] || len(c.textNotes) >= maxTextNotes {
		return
	}
	if c.textNotes == nil {
		c.textNotes = map[string]bool{}
	}
	c.textNotes[note] = true
	c.r.screen.log("warning", "Connection "+strconv.Itoa(c.id)+", body of an answer: "+note)
}

func (c *connection) foldKey(kind string) string {
	return kind + element.FormatNumber(float64(c.id))
}
