package element

import (
	"slices"
	"time"
)

// Limits and defaults of the settings that say when to try again and how long
// to wait.
const (
	DefaultRetryMs       = 1000
	DefaultRetryMaxMs    = 60_000
	MinRetryMs           = 100       // of RetryMs and RetryMaxMs: shorter ones would hammer a device
	MaxRetryMs           = 3_600_000 // the same
	DefaultCommandWaitMs = 5000
	MaxCommandWaitMs     = 120_000
	MaxStopCodes         = 50
)

// RetryFirst is the longest wait before the first retry of a series.
func (c ConnectionConfig) RetryFirst() time.Duration {
	return min(milliseconds(c.RetryMs, DefaultRetryMs), c.RetryLongest())
}

// RetryLongest is the longest wait of a series of retries.
func (c ConnectionConfig) RetryLongest() time.Duration {
	return milliseconds(c.RetryMaxMs, max(DefaultRetryMaxMs, valueOr(c.RetryMs, 0)))
}

// CommandWait is how long what a person gives waits for a connection that is
// not open; 0 is not at all.
func (c ConnectionConfig) CommandWait() time.Duration {
	return milliseconds(c.CommandWaitMs, DefaultCommandWaitMs)
}

// StopsAfter reports whether a Close of the device with that code means that
// only a person reconnects.
func (c ConnectionConfig) StopsAfter(code int) bool { return slices.Contains(c.StopCodes, code) }

func milliseconds(chosen *int, fallback int) time.Duration {
	return time.Duration(valueOr(chosen, fallback)) * time.Millisecond
}

func valueOr(chosen *int, fallback int) int {
	if chosen == nil {
		return fallback
	}
	return *chosen
}

// sortedCodes returns the codes in order, each once; nil for none.
func sortedCodes(codes []int) []int {
	if len(codes) == 0 {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(codes)))
}

// retryProblems checks the settings that say when to try again.
func (c ConnectionConfig) retryProblems(wrong func(field, format string, args ...any)) {
	if n := c.RetryMs; n != nil && (*n < MinRetryMs || *n > MaxRetryMs) {
		wrong("retryMs", "The first retry would wait up to %d ms; it can be %d to %d ms.", *n, MinRetryMs, MaxRetryMs)
	}
	switch n := c.RetryMaxMs; {
	case n == nil:
	case *n < MinRetryMs || *n > MaxRetryMs:
		wrong("retryMaxMs", "Retries would wait up to %d ms; it can be %d to %d ms.", *n, MinRetryMs, MaxRetryMs)
	case c.RetryMs != nil && *n < *c.RetryMs:
		wrong("retryMaxMs", "The longest wait, %d ms, is shorter than the first one, %d ms.", *n, *c.RetryMs)
	}
	if n := c.CommandWaitMs; n != nil && (*n < 0 || *n > MaxCommandWaitMs) {
		wrong("commandWaitMs", "A command would wait %d ms for the connection; it can be 0 (not at all) to %d ms.", *n, MaxCommandWaitMs)
	}
	if len(c.StopCodes) > MaxStopCodes {
		wrong("stopCodes", "There are %d close codes; at most %d are allowed.", len(c.StopCodes), MaxStopCodes)
	}
	for _, code := range c.StopCodes {
		if code < 1000 || code > 4999 {
			wrong("stopCodes", "%d is not a close code; they are numbers from 1000 to 4999, such as 4001.", code)
			break
		}
	}
}
