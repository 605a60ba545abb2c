// Package engine runs the logic of one element as a pure state machine:
// Handle takes the present time and one input and returns effects for the
// owner to carry out in order. It has no clock (a stopwatch may bound what one
// input costs, see UseStopwatch), no socket, no goroutine and no
// lock; the owner goroutine of the element is its only caller.
//
// Where to read what: api.go has the inputs and effects; start.go and life.go
// starting, pausing and stopping; target.go and opening.go the opening
// handshake; change.go what follows a change of a parameter; receive.go and
// match.go messages from the device; triggers.go, actions.go and arith.go the
// connector's logic; queue.go, lanes.go, run.go, pairs.go and timers.go what waits and
// what is sent; http.go and exchange.go HTTP sessions; table.go, rows.go, savedrows.go and
// cellwrites.go tables; copies.go what repeats
// other parameters; scriptcalls.go QActions, script.go and tablehost.go what
// they can do; failure.go and slowpoll.go devices that do
// not answer; writes.go the receipts of writes; general.go the
// parameters that every element has; bytes.go what is done to bytes; guard.go the limits of logic
// that goes round in circles. All that inputs change is in state.go.
//
// The scripts in testdata are the specification by example: each plays inputs
// on a small connector and lists the effects they have.
package engine
