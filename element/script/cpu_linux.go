package script

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadClock returns what reads the CPU time of the present thread, from any
// thread; nil where it cannot be had. The goroutine is locked to its thread
// meanwhile.
func threadClock() func() (time.Duration, bool) {
	// The clock of another thread has its id in its own: CPUCLOCK_PERTHREAD
	// and CPUCLOCK_SCHED of linux/posix-timers.h.
	const perThread, sched = 4, 2
	id := int32(^unix.Gettid())<<3 | perThread | sched //nolint:gosec // thread ids are small
	return func() (time.Duration, bool) {
		var t unix.Timespec
		if err := unix.ClockGettime(id, &t); err != nil {
			return 0, false
		}
		return time.Duration(t.Nano()), true
	}
}
