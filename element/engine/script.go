package engine

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// Scripts runs QActions. An engine without one lists them as not run.
type Scripts interface {
	// Runs reports whether the script's language is understood.
	Runs(q *connector.QAction) bool
	// Run runs the script to its end, synchronously, because parameter
	// trigger changed (with option "group": because group trigger has run).
	// What it does goes through host. The error is a sentence for the
	// element's log.
	Run(q *connector.QAction, trigger element.ParamID, host ScriptHost) error
	// Reset forgets what scripts keep between runs: the element stopped.
	Reset()
}

// SwitchedOff is an error of Scripts.Run: the QAction used too much and does
// not run any more for a while. What it has set is not live from then on.
type SwitchedOff struct {
	Err  error // why; a sentence
	Wait time.Duration
}

func (s *SwitchedOff) Error() string { return s.Err.Error() }

func (s *SwitchedOff) Unwrap() error { return s.Err }

// ScriptHost is what a QAction may do. It is valid during Run only.
type ScriptHost interface {
	// Value returns the present value, the zero Value when never set.
	Value(id element.ParamID) element.Value
	// SetValue sets a parameter and runs all consequences before it returns;
	// an equal value is an event. While a message or an answer of a device is
	// handled the value counts as reported by that device: it confirms writes
	// and is stale once the device is not heard. It reports whether there is
	// such a parameter and the value is of its type.
	SetValue(id element.ParamID, v element.Value) bool
	// SetQuietly sets a parameter and nothing follows (SetParameterBinary).
	SetQuietly(id element.ParamID, v element.Value) bool
	// CheckTrigger runs a trigger and reports whether there is one.
	CheckTrigger(id int) bool
	// Log writes a line to the element's log; level is "info", "warning" or
	// "error".
	Log(level, message string)
	// Context says for whom and when the script runs.
	Context() ScriptContext
}
