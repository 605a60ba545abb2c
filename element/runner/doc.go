// Package runner is the only home of an element's goroutines: Runner owns one
// element, Fleet owns all of them and is the door to them.
//
// The goroutines, who starts them and when they end:
//
//   - owner (Runner.run), one for each element, started by Fleet.Start and
//     Fleet.Create. It alone touches the element's logic, timers, connections
//     and receipts. It ends when Fleet.Close is called or the element was
//     deleted, after all goroutines below have ended.
//   - reader (try.read), one for each try to connect, started by the owner. It
//     dials, shakes hands and reads until the session ends; the owner ends it
//     by cancelling the dial or closing the session.
//   - writer (try.write), one for each open session, started by the owner. It
//     drains the outbox and pings until the owner calls the try over or the
//     wire fails.
//   - closer (try.close), one for each graceful close, started by the owner. It
//     waits for the device's Close frame, at most a second.
//   - trial (trial.run), at most one for each element, started by the owner for
//     a person who tries a handshake. It is one dial, bounded by the
//     connection's timeout, and the close that follows.
//   - exchange, one for each HTTP exchange, started by the owner and bounded by
//     the exchange's timeout; the owner gives it up by cancelling it.
//   - saver, at most one for each element, started by the owner while values
//     wait for the disk. It is one call to Storage, bounded in time.
//
// Readers, writers, closers, trials and exchanges report to the owner through
// one bounded channel that the owner empties until the last of them is gone;
// everything else asks the owner through its inbox. A connection is dialled only after every
// goroutine of its former session has ended, so a device never
// sees two, but for a trial.
package runner
