package store

import (
	"log/slog"
	"time"
)

// FileName is the name of the database inside the data folder.
const FileName = "fieldline.db"

// lockName is the file whose lock says that the folder is in use. The database
// cannot serve for that: closing any handle of it would drop SQLite's locks.
const lockName = "fieldline.lock"

// Options of Open. A field that is zero takes its default.
type Options struct {
	Logger *slog.Logger // slog.DiscardHandler when nil

	HistoryEvents int           // events kept of each element and class; DefaultHistoryEvents
	HistoryAge    time.Duration // how long they are kept; DefaultHistoryAge
	HistoryQueue  int           // events of each class that wait to be written; DefaultHistoryQueue

	refuse func() error // of tests: why the disk takes no writes, asked at each opening
}

// The defaults of Options.
const (
	DefaultHistoryEvents = 10_000
	DefaultHistoryAge    = 90 * 24 * time.Hour
	DefaultHistoryQueue  = 10_000
)

// How the writer works.
const (
	maxFold      = 1000                   // changes in one transaction
	historyBatch = 500                    // events in one transaction
	historyDelay = 100 * time.Millisecond // an event waits for others at most so long
	historyRetry = time.Second            // after events could not be written
	chunk        = 500                    // rows that one deletion takes at most
	ageEvery     = time.Hour              // between looks for events that are too old
	quietEvery   = time.Minute            // between logs of one repeated failure
	readers      = 4                      // connections for reading
	leaveAfter   = 500 * time.Millisecond // in a hurry, for a disk that does not answer
)

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.HistoryEvents <= 0 {
		o.HistoryEvents = DefaultHistoryEvents
	}
	if o.HistoryAge <= 0 {
		o.HistoryAge = DefaultHistoryAge
	}
	if o.HistoryQueue <= 0 {
		o.HistoryQueue = DefaultHistoryQueue
	}
	return o
}
