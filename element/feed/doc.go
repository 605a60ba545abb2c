// Package feed carries news from elements to screens. A Hub has one stream for
// each element and one for the fleet; each stream keeps the newest Patch per
// key and a bounded ring of events, so a reader, however slow, costs no memory
// and slows nobody: it asks for what is after its cursor.
//
// Numbers. Every update of a stream takes the next sequence number. A cursor
// is the number of the last update that was seen, with the epoch of the hub.
// A cursor of another epoch, of the future, or older than what the stream can
// still tell apart is answered with Batch.Reset: the reader takes a snapshot.
//
// Bounds. State is never lost: a patch stays until a newer one of its key
// takes its place. Events are lost oldest first when a stream holds more than
// Limits.Events of one element.EventClass or more than Limits.EventBytes of
// them, so that what a device says pushes out nothing that people did;
// Batch.Missed counts what a reader did not get. An event that another one
// replaces is not lost.
//
// Goroutines. The package starts none. All methods of Hub may be called from
// any goroutine; a Reader belongs to one. Publish never waits for a reader: a
// waiting reader sleeps on a channel that Publish closes.
package feed
