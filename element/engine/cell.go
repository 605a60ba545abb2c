package engine

import "fieldline/element"

// nowhere is the connection of a value that came by none.
const nowhere = -1

// cell is a value with where it came from: that of a parameter or of a place in
// a row. The zero cell was never set.
type cell struct {
	value      element.Value
	from       int  // connection it came by, else nowhere
	fromDevice bool // a device reported it, in this run or before a restart
	stale      bool // the device that reported it is not heard, or the QAction that set it is switched off
	script     int  // QAction that set it, 0 when none did
}

// looksLike compares cells as a person sees them: not by who set them.
func (c cell) looksLike(d cell) bool {
	c.script = d.script
	return c == d
}

// markStale marks a value that came from somewhere as no longer live, and
// reports whether it was live.
func (c *cell) markStale(is func(from, script int) bool) bool {
	if c.stale || !c.value.IsSet() || !is(c.from, c.script) {
		return false
	}
	c.stale = true
	return true
}
