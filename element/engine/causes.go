package engine

import (
	"slices"
	"time"
)

// cause is something that a person gave: a write, a press. What the logic does
// because of it, through triggers, actions, groups and QActions, goes back to it.
type cause struct {
	id uint64    // of its receipt
	at time.Time // when it was given
}

// spentAfter is how long after it was given a cause counts at most: what logic
// does so much later, in a round that a button has begun, is its own.
const spentAfter = time.Minute

// present are the causes of what is queued now.
func (rs *receipts) present() []cause {
	if !slices.ContainsFunc(rs.causes, rs.spent) {
		return rs.causes
	}
	var live []cause
	for _, c := range rs.causes {
		if !rs.spent(c) {
			live = append(live, c)
		}
	}
	return live
}

// spent reports whether what follows from a cause is the logic's own by now:
// its command is out, and longer ago than a command may wait.
func (rs *receipts) spent(c cause) bool {
	age := rs.now.Sub(c.at)
	if age <= rs.status.longestWait() {
		return false
	}
	i := slices.IndexFunc(rs.list, func(r receipt) bool { return r.cause.id == c.id })
	return age > spentAfter || i >= 0 && rs.list[i].handed
}
