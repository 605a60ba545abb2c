package engine

import (
	"strconv"
	"strings"
	"time"
)

// Limits against connectors that go round in circles.
const (
	MaxDepth  = 100              // triggers and QActions that cause one another
	MaxSteps  = 20_000           // triggers, actions, parameter changes and group items of one Handle
	MaxTime   = 10 * time.Second // of one Handle, where a stopwatch is there to tell
	timeCheck = 16               // steps between two looks at the stopwatch
	loopPause = time.Second
	chainTail = 12 // links of the chain that are logged
)

// link is one thing on the way from the input to what happens now.
type link struct {
	kind string
	id   int
}

// guard counts work and remembers how it came about.
type guard struct {
	chain   []link
	depth   int
	steps   int
	began   time.Duration // what the stopwatch said at the first step
	tripped bool          // the logic of this Handle was cut off
}

func (g *guard) reset() { g.chain, g.depth, g.steps, g.tripped = g.chain[:0], 0, 0, false }

// UseStopwatch gives the engine what tells how much time has passed since any
// fixed moment, so that work of few but long steps is cut off too. It is called
// before the first Handle.
func (e *Engine) UseStopwatch(elapsed func() time.Duration) { e.elapsed = elapsed }

// late reports whether the present Handle has taken too long.
func (e *Engine) late() bool {
	g := &e.guard
	switch {
	case e.elapsed == nil:
		return false
	case g.steps == 1:
		g.began = e.elapsed()
		return false
	default:
		return g.steps%timeCheck == 0 && e.elapsed()-g.began > MaxTime
	}
}

// enter begins a piece of work and reports whether it may be done; leave ends
// it. Storing, saving and setter copies are not subject to it: what was set
// stays set when the logic is cut off.
func (e *Engine) enter(kind string, id int) bool {
	g := &e.guard
	if g.tripped {
		return false
	}
	g.steps++
	g.chain = append(g.chain, link{kind, id})
	if nests(kind) {
		g.depth++
	}
	late := e.late()
	if g.depth <= MaxDepth && g.steps <= MaxSteps && !late {
		return true
	}
	g.tripped = true
	why := "causes itself " + strconv.Itoa(MaxDepth) + " levels deep"
	switch {
	case late:
		why = "takes longer than " + seconds(MaxTime)
	case g.steps > MaxSteps:
		why = "does not come to an end (" + strconv.Itoa(MaxSteps) + " steps)"
	}
	e.logRarely("loop", levelError, "The connector's logic %s and was stopped: %s.", why, g.path())
	e.leave()
	return false
}

func (e *Engine) leave() { e.guard.back(len(e.guard.chain) - 1) }

// back ends the pieces of work that were begun since the chain had a length.
func (g *guard) back(level int) {
	for len(g.chain) > level {
		last := len(g.chain) - 1
		if nests(g.chain[last].kind) {
			g.depth--
		}
		g.chain = g.chain[:last]
	}
}

func nests(kind string) bool { return kind == "trigger" || kind == "QAction" }

// path writes the end of the chain: trigger 5 → action 7 → parameter 12.
func (g *guard) path() string {
	tail, prefix := g.chain, ""
	if len(tail) > chainTail {
		tail, prefix = tail[len(tail)-chainTail:], "… → "
	}
	parts := make([]string, len(tail))
	for i, l := range tail {
		parts[i] = l.kind + " " + strconv.Itoa(l.id)
	}
	return prefix + strings.Join(parts, " → ")
}
