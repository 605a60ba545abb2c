package runner

import (
	"net/http"
	"time"

	"fieldline/element/link"
)

// Waits between tries.
const (
	firstWait   = time.Second      // the longest wait before the first retry
	longestWait = time.Minute      // the longest wait of a series
	refusedWait = 5 * time.Minute  // after 401 and 403: asking again soon can lock an account
	longestHold = time.Hour        // the longest Retry-After that is obeyed
	provenAfter = 10 * time.Second // so long open, or one message, ends a series

	orderedTries = 5 // after so many tries the logic's orders wait no longer each time: 16 s
)

// backoff is the longest wait before the next try after n failed ones (n ≥ 1);
// the wait itself is anything from 0 to it (full jitter), so that many elements
// of one device do not return together.
func backoff(n int) time.Duration {
	wait := firstWait
	for range n - 1 {
		if wait *= 2; wait >= longestWait {
			return longestWait
		}
	}
	return wait
}

// waitAfter says when to try again after failure f, the nth of its series.
// held means not by itself.
func waitAfter(f *link.Failure, status, n int, jitter func(time.Duration) time.Duration) (wait time.Duration, held bool) {
	switch {
	case f.LoginRefused:
		return 0, true
	case f.RetryAfter > 0:
		return min(f.RetryAfter, longestHold), false
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return refusedWait, false
	default:
		return jitter(backoff(n)), false
	}
}
