package engine

import (
	"time"

	"fieldline/element"
)

// status is what the element as a whole is: its settings, whether it runs, and
// whether it is in timeout.
type status struct {
	ix        *index
	id        element.ID
	cfg       element.Config
	mode      mode
	started   bool // timers and "after startup" ran since the last stop
	pausedAt  time.Time
	resumedAt time.Time // end of the last pause
	timedOut  bool
	timerBase float64 // of relative timers; 0 is 1
}

// reset forgets all but which element it is and its settings.
func (st *status) reset() { *st = status{ix: st.ix, id: st.id, cfg: st.cfg} }

func (st *status) active() bool { return st.mode == modeActive }

// timerFactor is what the intervals of relative timers are multiplied by.
func (st *status) timerFactor() float64 {
	if st.timerBase == 0 {
		return 1
	}
	return st.timerBase
}

// longestWait is the longest that a command may wait for any connection.
func (st *status) longestWait() time.Duration {
	longest := time.Duration(element.DefaultCommandWaitMs) * time.Millisecond
	for i := range st.cfg.Connections {
		longest = max(longest, st.cfg.Connections[i].CommandWait())
	}
	return longest
}

// shortestTry is how long a command of people has over HTTP whatever the
// setting says: trying it is how the connection is made.
const shortestTry = time.Second

// commandWait is how long a command of people waits for a connection.
func (st *status) commandWait(conn int) time.Duration {
	wait := st.connConfig(conn).CommandWait()
	if i, ok := st.ix.conns[conn]; ok && !st.ix.def.Connections[i].WebSocket {
		wait = max(wait, shortestTry)
	}
	return wait
}

// connConfig returns the settings of a connection, those of the connector
// where the element has none.
func (st *status) connConfig(id int) element.ConnectionConfig {
	for _, c := range st.cfg.Connections {
		if c.ID == id {
			return c
		}
	}
	c, _ := st.ix.def.Connection(id)
	settings := c.Settings()
	settings.ID = id
	return settings
}

// mode is what the engine does: nothing yet, all of it, or values only.
type mode uint8

const (
	modeIdle mode = iota // before the first Start or Load
	modeActive
	modePaused
	modeStopped
)
