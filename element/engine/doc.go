// Package engine runs the logic of one element as a pure state machine:
// Handle takes the present time and one input and returns effects for the
// owner to carry out in order. It has no clock (a stopwatch may bound what one
// input costs, see UseStopwatch), no socket, no goroutine and no
// lock; the owner goroutine of the element is its only caller.
//
// # How an input flows
//
// Engine is made of small parts, each with its own state and methods. A part
// knows the parts below it, wiring.go says which, and calls no other.
//
//  1. Handle (engine.go) begins a turn: its time, the person or the connection
//     it is about, and the effects that are gathered. It hands the input to
//     the part that it is for: a write to writes.go, a message to receive.go,
//     an answer to exchanges.go.
//  2. Values and tables take what they are given and answer at once. What
//     follows from it, triggers, saving, the setter copy, QActions, is not
//     done there: it is added to the agenda.
//  3. logic drains the agenda: it does one task, and puts what that task added
//     in front of all that waits. So the consequences of the first are
//     complete when the second begins, as deep as they go, in the documented
//     order: triggers, new target, save, setter copy, QActions (documentation
//     page LogicParameters). Who needs to see the consequences of what it did
//     drains to where the agenda was: a script before its call returns, a
//     command that is made when it is queued, a pair that fires its triggers.
//  4. Groups wait in lanes and run item by item (groups.go): pairs.go and
//     exchanges.go hand commands and requests to connections and wait for
//     answers; rounds.go starts the rounds of timers. All of them use the
//     logic, which knows none of them.
//  5. When everything waits for time, for the device or for a person, receipts
//     that wait for nothing more are settled, rows that changed are shown,
//     each once, and Handle returns the effects.
//
// What people give is followed by causes: each receipt has one, groups that
// are queued because of it carry it, and what becomes of the group is told on
// the receipt. The budget counts all of it, so that logic which goes round in
// circles is cut off.
//
// # The files, from the lowest to the highest
//
// A file calls those before it. TestCallsGoDown counts the calls that go up.
//
//   - words and vocabulary: text.go occasion.go inputs.go opening.go
//     effects.go cell.go
//   - what the connector says, made once: tableindex.go copyindex.go index.go
//     pinggroup.go command.go response.go newindex.go
//   - the turn: journal.go turn.go budget.go agenda.go
//   - state: status.go connections.go general.go queue.go outcome.go
//     receipts.go causes.go cellreceipts.go values.go copies.go change.go
//     condition.go filled.go tables.go rowcopies.go rows.go savedrows.go
//   - where things lead and what they say: target.go handshake.go request.go
//     commands.go
//   - what waits: run.go routes.go lanes.go holdback.go timers.go deadlines.go
//     targets.go slowpoll.go
//   - the logic: messages.go script.go scripts.go host.go tablehost.go
//     triggers.go operands.go timeractions.go byteactions.go paramactions.go
//     actions.go queueing.go cellwrites.go logic.go failure.go
//   - what runs: runs.go answer.go pairs.go exchanges.go groups.go receive.go
//     rounds.go
//   - the whole: checkpoint.go wiring.go view.go writes.go session.go life.go
//     start.go engine.go
//
// The scripts in testdata are the specification by example: each plays inputs
// on a small connector and lists the effects they have.
package engine
