package web

import (
	"context"
	"slices"

	"fieldline/element"
	"fieldline/element/feed"
)

// Services are the doors to elements and connectors: each handler gets those
// that it uses. All are needed.
//
// Every method may be called from any goroutine, honours ctx, and returns
// *element.Error. Names of connectors are matched exactly; an empty version is
// the newest. by says who asks.
type Services struct {
	Connectors Connectors
	Reports    Reports
	Elements   Elements
	Settings   Settings
	Values     Values
	Versions   Versions
	Diagnosis  Diagnosis
	News       News
}

// lacks reports whether one of them is missing.
func (s Services) lacks() bool {
	return slices.Contains([]any{s.Connectors, s.Reports, s.Elements, s.Settings, s.Values, s.Versions, s.Diagnosis, s.News}, nil)
}

// Connectors are what elements can be made of.
type Connectors interface {
	Connectors(ctx context.Context) ([]element.ConnectorSummary, error)
	Connector(ctx context.Context, name, version string) (element.ConnectorDetail, error)
	// UploadConnector stores a connector; created is false when the very
	// same file was there. A refused file is Invalid with Findings; another
	// file under an existing name and version is Conflict.
	UploadConnector(ctx context.Context, xml []byte) (detail element.ConnectorDetail, created bool, err error)
	// DeleteConnector forgets an uploaded connector. Conflict when it came with
	// the program, or when an element uses it or can go back to it.
	DeleteConnector(ctx context.Context, name, version, by string) error
}

// Reports tell what becomes of each line of a connector.
type Reports interface {
	Report(name, version string) (element.ConnectorReport, error)
	// ReportText tells it of a text that is not stored, such as one that was
	// refused.
	ReportText(xml []byte) element.ConnectorReport
}

// Elements are the elements and their lives.
type Elements interface {
	// Elements are all elements, oldest first; the cursor is one of
	// element.FleetStream.
	Elements(ctx context.Context) ([]element.Element, element.Cursor, error)
	Element(ctx context.Context, id element.ID) (element.Element, error)
	// Do carries out an order and returns the element as it is then; what an
	// order sets in motion (a handshake) goes on. connection is for Reconnect:
	// nil means all.
	Do(ctx context.Context, id element.ID, o element.Order, connection *int, by string) (element.Element, error)
	Delete(ctx context.Context, id element.ID, by string) error
}

// Settings are what elements are made of.
type Settings interface {
	Create(ctx context.Context, d element.Draft, by string) (element.Element, error)
	// Update changes the settings. With another version of the connector a
	// running element is stopped and goes on afterwards as d.Start says, as it
	// was when that is nil; with d.OnlyStopped it is refused with Conflict.
	Update(ctx context.Context, id element.ID, d element.Draft, by string) (element.Element, error)
	// Problems returns all that Create, with id "", or Update would find wrong
	// with a draft, at most one error for each field. It changes nothing.
	Problems(ctx context.Context, id element.ID, d element.Draft) ([]*element.Error, error)
}

// Values are what an element's parameters hold.
type Values interface {
	View(ctx context.Context, id element.ID) (element.View, error)
	// Table returns the rows of a table parameter; NotFound when it is none.
	Table(ctx context.Context, id element.ID, table element.ParamID) (element.Table, error)
	// Set writes a parameter or a cell. NotFound when there is no such
	// parameter, row or column; *element.NeedsConfirmation when the connector
	// wants a person asked.
	Set(ctx context.Context, id element.ID, req element.SetRequest) (element.SetResult, error)
	// Write returns the receipt of a write as it is now.
	Write(ctx context.Context, id element.ID, writeID string) (element.Write, error)
}

// Versions are those of an element's connector, and the values kept with them.
type Versions interface {
	// Versions lists the versions that the element can use, and those whose
	// values are kept.
	Versions(ctx context.Context, id element.ID) (element.Versions, error)
	// VersionChanges tells what another version would change; back asks about
	// going back to the values that were kept with it.
	VersionChanges(ctx context.Context, id element.ID, version string, back bool) (element.VersionChanges, error)
	// Back goes back to a version with the saved values that were kept with it;
	// "" is the one that was left last. What is left is kept in its turn.
	Back(ctx context.Context, id element.ID, wish element.VersionWish, by string) (element.Element, error)
	// ForgetVersion forgets the values that are kept with a version.
	ForgetVersion(ctx context.Context, id element.ID, version, by string) error
}

// Diagnosis is what happened between an element and its device.
type Diagnosis interface {
	// Events returns events after a cursor, or the newest limit events when
	// after is nil; with kinds, those of these kinds alone.
	Events(ctx context.Context, id element.ID, after *element.Cursor, limit int, kinds ...element.EventKind) (element.EventPage, error)
	// Message returns the whole message of the event at a cursor; an empty
	// epoch is that of this start of the program. NotFound when the event is
	// no message or the message has left memory.
	Message(ctx context.Context, id element.ID, event element.Cursor) (element.Payload, error)
	Handshake(ctx context.Context, id element.ID, connection int, which element.Which) (element.Handshake, error)
	// DryRun returns what the opening handshake of a connection would say now;
	// nothing is connected. Conflict when the connection has none.
	DryRun(ctx context.Context, id element.ID, connection int) (element.HandshakePreview, error)
	// Try makes one opening handshake beside the live connection, which does
	// not notice it, and closes again. It is kept nowhere but in the element's
	// log, with who tried. TooMany while another one of the element is tried.
	Try(ctx context.Context, id element.ID, connection int, by string) (element.Handshake, error)
}

// News is where streams are read; *feed.Hub is one.
type News interface {
	// Open returns a reader of what comes after a cursor. The reader must be
	// closed.
	Open(stream string, from element.Cursor) *feed.Reader
	// Cursor is the present end of a stream; its epoch is that of this start
	// of the program.
	Cursor(stream string) element.Cursor
}
