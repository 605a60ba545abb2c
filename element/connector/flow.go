package connector

// Flow is what a connector says of queues and of time beside its items.
type Flow struct {
	Threads []Thread // beside the protocol's own queue, in document order

	// RelativeTimers says that the parameter "Timer base" scales the timers
	// (attribute relativeTimers of Type): the next interval, or, with
	// TimersReset, the timers run at once when it changes.
	RelativeTimers bool
	TimersReset    bool
}

// TimerBase is the general parameter that relative timers are multiplied by:
// MinTimerBase to MaxTimerBase, 0 and 1 change nothing (documentation page
// Changing_the_polling_speed_of_an_element).
const (
	TimerBase    = 65017
	MinTimerBase = 0.01
	MaxTimerBase = 10
)

// Thread is a queue of its own for the groups of some connections, or for
// those that name its id (schema documentation, Threads/Thread).
type Thread struct {
	ID          int
	HasID       bool
	Name        string
	Connections []int // numbers of connections; those without a connection are only for groups to name
	Pos         Pos
}

// PingGroup is the id of the group that slow poll pings with.
const PingGroup = -1
