package engine

import (
	"strconv"
	"strings"
	"time"

	"fieldline/element"
)

// budget counts the work of one Handle and remembers how it came about.
type budget struct {
	*turn
	elapsed func() time.Duration // nil without a stopwatch

	chain   []link
	depth   int
	steps   int
	began   time.Duration // what the stopwatch said at the first step
	tripped bool          // the logic of this Handle was cut off
}

func (bg *budget) reset() { bg.chain, bg.depth, bg.steps, bg.tripped = bg.chain[:0], 0, 0, false }

// back ends the pieces of work that were begun since the chain had a length.
func (bg *budget) back(level int) {
	for len(bg.chain) > level {
		last := len(bg.chain) - 1
		if nests(bg.chain[last].kind) {
			bg.depth--
		}
		bg.chain = bg.chain[:last]
	}
}

// path writes the end of the chain: trigger 5 → action 7 → parameter 12.
func (bg *budget) path() string {
	tail, prefix := bg.chain, ""
	if len(tail) > chainTail {
		tail, prefix = tail[len(tail)-chainTail:], "… → "
	}
	parts := make([]string, len(tail))
	for i, l := range tail {
		parts[i] = l.kind + " " + itoa(l.id)
	}
	return prefix + strings.Join(parts, " → ")
}

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

// late reports whether the present Handle has taken too long.
func (bg *budget) late() bool {
	switch {
	case bg.elapsed == nil:
		return false
	case bg.steps == 1:
		bg.began = bg.elapsed()
		return false
	default:
		return bg.steps%timeCheck == 0 && bg.elapsed()-bg.began > MaxTime
	}
}

// enter begins a piece of work and reports whether it may be done; leave ends
// it. Storing, saving and setter copies are not subject to it: what was set
// stays set when the logic is cut off.
func (bg *budget) enter(kind string, id int) bool {
	if bg.tripped {
		return false
	}
	bg.steps++
	bg.chain = append(bg.chain, link{kind, id})
	if nests(kind) {
		bg.depth++
	}
	late := bg.late()
	if bg.depth <= MaxDepth && bg.steps <= MaxSteps && !late {
		return true
	}
	bg.tripped = true
	why := "causes itself " + strconv.Itoa(MaxDepth) + " levels deep"
	switch {
	case late:
		why = "takes longer than " + element.FormatSeconds(MaxTime)
	case bg.steps > MaxSteps:
		why = "does not come to an end (" + strconv.Itoa(MaxSteps) + " steps)"
	}
	bg.logRarely("loop", levelError, "The connector's logic %s and was stopped: %s.", why, bg.path())
	bg.leave()
	return false
}

func (bg *budget) leave() { bg.back(len(bg.chain) - 1) }

func nests(kind string) bool { return kind == "trigger" || kind == "QAction" }
