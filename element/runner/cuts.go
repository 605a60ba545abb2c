package runner

import (
	"fmt"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// Idle connections that something between us and the device cuts.
const (
	leastPing = time.Second // pings never come closer together
	likeCuts  = 3           // cuts in a row after like times show that there is a rule
)

// cuts watches for sessions that end without a word after like times of
// silence: a proxy, a firewall or a NAT box forgets what is idle. Pings below
// that time keep it awake.
type cuts struct {
	least time.Duration   // between pings; leastPing when 0
	idle  []time.Duration // of the newest ends in a row without a word
	after time.Duration   // when idle connections are cut; 0 not known
	every time.Duration   // between pings now; 0 never
	wrong bool            // pings did not help: it is something else
}

// add is told of the end of a session that was pinged so often, 0 for never,
// and returns what is new about it, "" for nothing.
func (c *cuts) add(end link.End, open, every time.Duration) string {
	silent := end.By == "device" && (end.Cause == "eof" || end.Cause == "reset")
	if !silent {
		c.idle = nil
		return ""
	}
	if c.after > 0 {
		if every == 0 || every >= c.after || end.Idle > every+every/2 {
			return "" // as is known
		}
		was := c.after
		*c = cuts{least: c.least, wrong: true}
		return fmt.Sprintf("Pings do not keep the connection open: it was cut without a word again after %s. What was taken for a cut after %s of silence is something else.", about(open), about(was))
	}
	if c.wrong || end.Idle <= c.leastPing()+c.leastPing()/5 {
		c.idle = nil
		return ""
	}
	c.idle = append(c.idle, end.Idle)
	if len(c.idle) > likeCuts {
		c.idle = c.idle[1:]
	}
	if len(c.idle) < likeCuts || !alike(c.idle) {
		return ""
	}
	c.after, c.idle = least(c.idle), nil
	c.ping(every)
	return c.words()
}

// becameStable is told of a session that lived well: whatever ended others is over.
func (c *cuts) becameStable() { c.wrong, c.idle = false, nil }

func (c *cuts) leastPing() time.Duration {
	if c.least > 0 {
		return c.least
	}
	return leastPing
}

// below is a time between pings that is well below that of the cut, in halves
// of a second where there is room.
func (c *cuts) below() time.Duration {
	const half = 500 * time.Millisecond
	every := c.after * 6 / 10
	if every > 2*half {
		every = every.Truncate(half)
	}
	return max(every, c.leastPing())
}

// ping is the time between pings where it would be usual without cuts, 0 for
// never: what a person has switched off stays off.
func (c *cuts) ping(usual time.Duration) time.Duration {
	if c.after > 0 && usual > 0 {
		usual = min(usual, c.below())
	}
	c.every = usual
	return usual
}

// explains reports whether a session ended as idle ones are known to.
func (c *cuts) explains(end link.End) bool {
	return c.after > 0 && end.By == "device" && (end.Cause == "eof" || end.Cause == "reset")
}

// words say what is known, "" for nothing.
func (c *cuts) words() string {
	switch {
	case c.after == 0:
		return ""
	case c.every == 0:
		return fmt.Sprintf("Something in between cuts idle connections after %s, and pings are switched off for this connection.", about(c.after))
	}
	return fmt.Sprintf("Something in between cuts idle connections after %s; pinging every %s.", about(c.after), about(c.every))
}

// alike reports whether all times are within a fifth of their middle.
func alike(times []time.Duration) bool {
	low, high := times[0], times[0]
	for _, t := range times {
		low, high = min(low, t), max(high, t)
	}
	middle := (low + high) / 2
	return high-middle <= middle/5
}

func least(times []time.Duration) time.Duration {
	low := times[0]
	for _, t := range times {
		low = min(low, t)
	}
	return low
}

// about writes a time with one digit below the second at most.
func about(d time.Duration) string {
	return element.FormatSeconds(d.Round(100 * time.Millisecond))
}
