package element

// Limits of the slow poll: of a main connection that does not answer, only a
// ping is sent now and then.
const (
	MaxSlowAfter    = 500     // failures in a row
	MinSlowMs       = 1000    // of SlowAfterMs and SlowPingMs
	MaxSlowMs       = 300_000 // the same
	DefaultSlowPing = 30_000  // between pings, when nobody chose
)

// SlowPoll is when a silent main connection is only pinged: after so many
// failures in a row, or after so long in the timeout state, whichever comes
// first; 0 is never.
type SlowPoll struct{ After, AfterMs, PingMs int }

// SlowPoll returns the slow poll of the settings; fallback has what nobody
// chose.
func (c ConnectionConfig) SlowPoll(fallback SlowPoll) SlowPoll {
	set(&fallback.After, c.SlowAfter)
	set(&fallback.AfterMs, c.SlowAfterMs)
	set(&fallback.PingMs, c.SlowPingMs)
	if fallback.PingMs == 0 {
		fallback.PingMs = DefaultSlowPing
	}
	return fallback
}

// slowProblems checks the slow poll, which only the main connection has.
func (c ConnectionConfig) slowProblems(main bool, wrong func(field, format string, args ...any)) {
	if !main && (c.SlowAfter != nil || c.SlowAfterMs != nil || c.SlowPingMs != nil) {
		wrong("slowAfter", "Only the first connection has a slow poll.")
		return
	}
	if n := c.SlowAfter; n != nil && (*n < 0 || *n > MaxSlowAfter) {
		wrong("slowAfter", "Slow poll would begin after %d failures; it can be 1 to %d, or 0 for never.", *n, MaxSlowAfter)
	}
	if n := c.SlowAfterMs; n != nil && *n != 0 && (*n < MinSlowMs || *n > MaxSlowMs) {
		wrong("slowAfterMs", "Slow poll would begin after %d ms; it can be %d to %d ms, or 0 for never.", *n, MinSlowMs, MaxSlowMs)
	}
	if n := c.SlowPingMs; n != nil && (*n < MinSlowMs || *n > MaxSlowMs) {
		wrong("slowPingMs", "In slow poll the device would be pinged every %d ms; it can be %d to %d ms.", *n, MinSlowMs, MaxSlowMs)
	}
}
