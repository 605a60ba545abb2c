// Package store keeps what must survive: elements, their saved parameters,
// uploaded connectors and the history of events, in one SQLite file with one
// writer and several readers.
//
// Promises. A call that changes something and returned nil is on disk
// (synchronous=FULL); one that returned an error changed nothing. History is
// written in batches: Record never waits, and what was recorded less than a
// batch before a crash is lost. What the queue cannot take is counted.
//
// Goroutines. Open starts one, the writer; Close ends it and waits for it. All
// changes go through it: it takes every change that waits, carries each out in
// a savepoint of one transaction, commits once and answers them all, so that
// many waiting changes cost one fsync. Between changes it deletes old history
// in chunks. Reads use a pool of their own and wait for nobody. All methods of
// Store may be called from any goroutine.
//
// Errors are *element.Error. Their codes follow the result codes of SQLite
// (page "Result and Error Codes" of its documentation), never its texts.
package store
