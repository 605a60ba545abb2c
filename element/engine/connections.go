package engine

import (
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// connections is what the engine knows of the connections, in the connector's
// order.
type connections struct {
	*turn
	ix        *index
	status    *status
	list      []connState
	nextToken uint64 // of the last Send or Request
}

func (cs *connections) reset() { cs.list = make([]connState, len(cs.ix.def.Connections)) }

func (cs connections) clone() connections {
	cs.list = slices.Clone(cs.list)
	return cs
}

// connect asks for a connection, with the target as it is when dialling.
func (cs *connections) connect(i connIndex) {
	c := &cs.list[i]
	c.wanted = true
	if !c.open && c.silentSince.IsZero() {
		c.silentSince = cs.now
	}
	cs.emit(Connect{Connection: cs.ix.def.Connections[i].ID})
}

// disconnect asks for a connection to be closed and to stay closed. A connection
// that is not wanted is not missed either.
func (cs *connections) disconnect(i connIndex) {
	c := &cs.list[i]
	c.wanted, c.silentSince = false, time.Time{}
	cs.emit(Disconnect{Connection: cs.ix.def.Connections[i].ID})
}

// away reports whether the device behind a connection cannot be reached, as
// far as is known.
func (cs *connections) away(i connIndex) bool {
	if cs.ix.def.Connections[i].WebSocket {
		return !cs.list[i].open
	}
	return cs.list[i].silent
}

// elementTimeout is how long a connection may be silent: the setting of the
// main connection counts for all.
func (cs *connections) elementTimeout() time.Duration {
	ms := defaultElementTimeout
	if c, ok := cs.ix.def.Connection(0); ok {
		ms = c.ElementTimeoutMs
	} else if len(cs.ix.def.Connections) > 0 {
		ms = cs.ix.def.Connections[0].ElementTimeoutMs
	}
	return time.Duration(ms) * time.Millisecond
}

// defaultElementTimeout is TimeoutTimeElement when there is no connection.
const defaultElementTimeout = 30_000

// counted reports whether the connection's silence counts for the element's
// timeout state.
func (cs *connections) counted(i connIndex) bool {
	c, def := &cs.list[i], &cs.ix.def.Connections[i]
	if !def.WebSocket {
		return !c.silentSince.IsZero()
	}
	// What is open and yet silent left a pair without its answer; only failed
	// handshakes are the session's to ignore.
	return !c.silentSince.IsZero() && (c.open || c.wanted && !ignoresTimeout(cs.ix.def, def))
}

// ignoresTimeout reports whether the handshake's session or exchange says that
// its failures do not put the element in timeout.
func ignoresTimeout(def *connector.Definition, c *connector.Connection) bool {
	s, x := def.Handshake(*c)
	return s != nil && (s.IgnoreTimeout || x.IgnoreTimeout)
}

// checkTimeout moves the timeout state: on once when a connection has been
// silent for long enough, off when none is.
func (cs *connections) checkTimeout() {
	on := false
	for i := range cs.list {
		on = on || cs.counted(connIndex(i)) && !cs.now.Before(cs.list[i].silentSince.Add(cs.elementTimeout()))
	}
	if on != cs.status.timedOut {
		cs.status.timedOut = on
		cs.emit(TimedOut{On: on})
	}
}

func (cs *connections) timeoutDue(sooner func(time.Time)) {
	if cs.status.timedOut {
		return
	}
	for i := range cs.list {
		if cs.counted(connIndex(i)) {
			sooner(cs.list[i].silentSince.Add(cs.elementTimeout()))
		}
	}
}

// connState is what the engine knows of a connection.
type connState struct {
	open        bool
	wanted      bool            // Connect was the last order
	silentSince time.Time       // not responding since; zero when it responds or need not
	unread      bool            // messages came while paused and were not read
	redial      bool            // the target changed while paused
	statusDue   bool            // it opened or closed while paused: its status is still to be told to the logic
	heard       bool            // HTTP: the device has answered
	silent      bool            // HTTP: the last request got no answer
	backAt      time.Time       // when it was away last: WebSocket, opened; HTTP, answered after silence
	heardAt     time.Time       // when the device said something last
	asked       element.Address // HTTP: where the last request went; zero when nowhere
}
