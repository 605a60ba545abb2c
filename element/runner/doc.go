// Package runner is the only home of an element's goroutines: Runner owns one
// element, Fleet owns all of them and is the service of the program.
//
// # Goroutines
//
// Who starts them and when they end:
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
//     connection fails.
//   - closer (try.close), one for each graceful close, started by the owner. It
//     waits for the device's Close frame, at most a second.
//   - trial (trial.run), at most one for each element, started by the owner for
//     a person who tries a handshake. It is one dial, bounded by the
//     connection's timeout, and the close that follows.
//   - exchange, one for each HTTP exchange, started by the owner and bounded by
//     the exchange's timeout; the owner gives it up by cancelling it.
//   - saver, at most one for each element, started by the owner while values
//     wait for the disk. It is one call to Storage, bounded in time.
//   - watch (Fleet.watch), one for the fleet, for scripts that do not return.
//
// Readers, writers, closers, trials and exchanges report to the owner through
// one bounded channel that the owner empties until the last of them is gone;
// everything else asks the owner through its inbox (ask). A connection is
// dialled only after every goroutine of its former session has ended, so a
// device never sees two, but for a trial.
//
// # Files
//
// In the order of reading; each calls those after it and hands effects of the
// logic back to the owner:
//
//	options, ports                what a fleet needs
//	fleet, create, settings       all elements, and the settings of a new one
//	runner, ask                   the owner's loop, and how others reach it
//	load, orders, configure       the life of an element
//	versions, versiondiff, stored another version of its connector
//	effects                       what the logic orders
//	parameters, set, check        a person's write: judged and applied
//	writes                        the receipts of writes
//	connections, connection       what people see of them
//	socket, dial, try, batch      a WebSocket and the goroutines of one try
//	retry, series, cuts           when it is dialled again; pure
//	polled, polledwait, polling   HTTP; polling is pure
//	linkconfig, preview, trial    the next handshake: made, shown, tried
//	handshakes, secrets           records, and what nobody is shown
//	saver, pendingvalues          values on their way to disk
//	screen, payloads, losses,     what pages see
//	summary, view, general
//	scripts, scriptcosts,         QActions: what they cost, and one that does
//	scriptwatch, quarantine       not return
//
// # A message
//
// try.readAll takes it with what else has arrived into a batch and reports it.
// Runner.turn hands the report to its socket, which lists it (screen, secrets
// masked) and queues engine.Received; Runner.follow gives that to the logic, and
// effects carries out what comes back: values go to the screen and the saver,
// answers to the socket's outbox. When no report waits, Runner.flush publishes
// all of it at once.
//
// # A write
//
// Fleet.Set asks the owner. check judges the value, the logic handles it, and
// saver brings what it saves to disk before anything of it is seen; when that
// fails the logic goes back to its checkpoint. Then effects carries out the
// rest, writes shows how far it is, and the answer is the receipt.
package runner
