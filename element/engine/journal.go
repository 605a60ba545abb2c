package engine

import (
	"fmt"
	"time"
)

func (t *turn) emit(f Effect) { t.effects = append(t.effects, f) }

// Levels of Logged.
const (
	levelInfo    = "info"
	levelWarning = "warning"
	levelError   = "error"
)

// logQuiet is how long a line that repeats stays quiet after it was written.
const logQuiet = 10 * time.Second

// journal keeps repeated lines from flooding the element's log. It is no part
// of the state that Restore puts back. Its keys come from the connector, so
// their number is bounded.
type journal struct {
	once   map[string]bool
	recent map[string]repeated
}

type repeated struct {
	at    time.Time
	quiet int // lines that were not written since
}

func (j *journal) init() {
	j.once, j.recent = map[string]bool{}, map[string]repeated{}
}

func (t *turn) logf(level, format string, args ...any) {
	t.emit(Logged{Level: level, Message: fmt.Sprintf(format, args...)})
}

// logOnce writes a line the first time that the connector's item does
// something that this program does not run.
func (t *turn) logOnce(key, level, format string, args ...any) {
	if !t.journal.once[key] {
		t.journal.once[key] = true
		t.logf(level, format, args...)
	}
}

// logRarely writes a line that may repeat with every message: at most once in
// logQuiet for one key, with the number of lines left out.
func (t *turn) logRarely(key, level, format string, args ...any) {
	last, seen := t.journal.recent[key]
	if seen && t.now.Sub(last.at) < logQuiet {
		last.quiet++
		t.journal.recent[key] = last
		return
	}
	t.journal.recent[key] = repeated{at: t.now}
	line := fmt.Sprintf(format, args...)
	if last.quiet > 0 {
		line += fmt.Sprintf(" (%d more like this since %s.)", last.quiet, last.at.UTC().Format("15:04:05"))
	}
	t.emit(Logged{Level: level, Message: line})
}
