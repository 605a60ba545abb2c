// Package engine runs the logic of one element as a pure state machine:
// Handle takes the present time and one input and returns effects for the
// owner to carry out in order. It has no clock, no socket, no goroutine and no
// lock; the owner goroutine of the element is its only caller.
package engine
