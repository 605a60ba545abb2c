package engine

import (
	"fmt"
	"time"
)

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

func (e *Engine) logf(level, format string, args ...any) {
	e.emit(Logged{Level: level, Message: fmt.Sprintf(format, args...)})
}

// logOnce writes a line the first time that the connector's item does
// something that this program does not run.
func (e *Engine) logOnce(key, level, format string, args ...any) {
	if !e.log.once[key] {
		e.log.once[key] = true
		e.logf(level, format, args...)
	}
}

// logRarely writes a line that may repeat with every message: at most once in
// logQuiet for one key, with the number of lines left out.
func (e *Engine) logRarely(key, level, format string, args ...any) {
	last, seen := e.log.recent[key]
	if seen && e.now.Sub(last.at) < logQuiet {
		last.quiet++
		e.log.recent[key] = last
		return
	}
	e.log.recent[key] = repeated{at: e.now}
	line := fmt.Sprintf(format, args...)
	if last.quiet > 0 {
		line += fmt.Sprintf(" (%d more like this since %s.)", last.quiet, last.at.UTC().Format("15:04:05"))
	}
	e.emit(Logged{Level: level, Message: line})
}
