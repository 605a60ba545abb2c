package runner

import (
	"context"

	"fieldline/element"
	"fieldline/element/connector"
)

// Storage keeps elements and saved values. Every call that returned nil is on
// disk. Errors are *element.Error (Unavailable with a sentence when the disk
// is full or the database is busy). All methods may be called from any
// goroutine.
type Storage interface {
	Elements(ctx context.Context) ([]element.Record, error)
	CreateElement(ctx context.Context, r element.Record) error // Conflict when the name is taken
	UpdateElement(ctx context.Context, r element.Record) error // Conflict when the name is taken or r is Unreadable
	// SaveState keeps the state alone. It may be tried again after any error,
	// and returns when ctx ends although it may still be done.
	SaveState(ctx context.Context, id element.ID, state element.State) error
	DeleteElement(ctx context.Context, id element.ID) error
	// SavedValues returns the saved values of an element: parameters, then the
	// cells of all tables.
	SavedValues(ctx context.Context, id element.ID) ([]element.SavedValue, error)
	// SaveValues saves values, all of them or none, in order: a row that is
	// removed and added again stands in both ways.
	SaveValues(ctx context.Context, id element.ID, values []element.SavedValue) error
	// ChangeVersion keeps the settings and saved values on disk as left and
	// stores r; with back, the values kept with r's version are the saved ones.
	ChangeVersion(ctx context.Context, r element.Record, left element.KeptVersion, back bool) error
	// KeptValues returns what is kept with a version.
	KeptValues(ctx context.Context, id element.ID, version string) ([]element.SavedValue, error)
	ForgetVersion(ctx context.Context, id element.ID, version string) error
	// RecentEvents returns the newest kept events of earlier runs and this one,
	// oldest first: of each class as many as limits says.
	RecentEvents(ctx context.Context, id element.ID, limits [element.EventClasses]int) ([]element.Event, error)
	// Handshakes returns the newest records of earlier runs and this one.
	Handshakes(ctx context.Context, id element.ID) ([]element.KeptHandshake, error)
}

// Recorder keeps events for history and the newest records of handshakes. It
// never blocks; events it cannot take it counts. Message events are not kept.
type Recorder interface {
	Record(id element.ID, events []element.Event)
	RecordHandshake(id element.ID, h element.KeptHandshake)
	// Lost returns how many events of an element history could not take since
	// it was asked last.
	Lost(id element.ID) map[element.EventKind]uint64
}

// Publisher is the way out to screens. Publish gives the updates their Seq (in
// the slice and in the events), makes them readable and returns the cursor
// after the last one; with no updates it returns the present cursor. It never
// blocks. Drop forgets a stream: readers of it end.
type Publisher interface {
	Publish(stream string, updates []element.Update) element.Cursor
	Events(stream string, after *element.Cursor, limit int, kinds ...element.EventKind) element.EventPage
	Drop(stream string)
}

// Catalog finds connectors.
type Catalog interface {
	// Definition returns a connector; version "" is the newest. NotFound
	// when there is none.
	Definition(name, version string) (*connector.Definition, error)
	Connectors() []element.ConnectorSummary // Elements is left 0
	Detail(name, version string) (element.ConnectorDetail, error)
	Upload(ctx context.Context, xml []byte) (detail element.ConnectorDetail, created bool, err error)
	Delete(ctx context.Context, name, version string) error // Conflict when Storage says that it is in use
}
