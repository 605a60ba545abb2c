package element

import "context"

// View is everything a page of one element shows, taken at one moment by the
// element's owner. Cursor is the place in its stream where the view was
// taken: news after it is not in the view, news before it is.
type View struct {
	Element    Element
	Config     Config
	Parameters []Parameter // by id; all of the connector
	Infos      map[ParamID]ParamInfo
	Pages      []Page
	Default    string           // slug of the page to show first
	Receipts   []Write          // the last write of each parameter that still matters
	Tables     map[ParamID]bool // parameters that are tables
	Scripts    []Script         // QActions with what they cost; nil when the connector has none
	IdleKinds  []string         // of the connector's connections that do not run here: "SNMP", "serial"
	Cursor     Cursor
}

// Order is what a person wants an element to do.
type Order string

// The orders.
const (
	Start     Order = "start"
	Stop      Order = "stop"
	Pause     Order = "pause"
	Restart   Order = "restart"
	Reconnect Order = "reconnect"
)

// SetRequest asks for a write of a parameter or a cell. The parameter of its
// Target is a write parameter, or a read parameter with a write twin. Raw is the
// text as typed or the number as sent; a text is what forms post, for numbers too.
type SetRequest struct {
	Target
	Raw     Value
	IfValue *Value // refuse with Conflict when the present value differs; not for cells
	By      string // who: "127.0.0.1", later a person's name
}

// Service is what the outer world may ask, and the only way to reach
// elements. Every method may be called from any goroutine, honours ctx, and
// returns *Error. Names of connectors are matched exactly; an empty version
// is the newest.
type Service interface {
	Connectors(ctx context.Context) ([]ConnectorSummary, error)
	Connector(ctx context.Context, name, version string) (ConnectorDetail, error)
	// Report tells what becomes of each line of a connector.
	Report(ctx context.Context, name, version string) (ConnectorReport, error)
	// ReportText tells the same of a text that is not stored, such as one that
	// was refused.
	ReportText(ctx context.Context, xml []byte) (ConnectorReport, error)
	// UploadConnector stores a connector; created is false when the very
	// same file was there. A refused file is Invalid with Findings; another
	// file under an existing name and version is Conflict.
	UploadConnector(ctx context.Context, xml []byte) (detail ConnectorDetail, created bool, err error)

	// DeleteConnector forgets an uploaded connector. Conflict when it came with
	// the program, or when an element uses it or can go back to it.
	DeleteConnector(ctx context.Context, name, version, by string) error

	Elements(ctx context.Context) ([]Element, Cursor, error) // Cursor of FleetStream
	Element(ctx context.Context, id ID) (Element, error)
	View(ctx context.Context, id ID) (View, error)
	Create(ctx context.Context, d Draft, by string) (Element, error)
	// Update changes the settings. Another version of the connector needs a
	// stopped element (Conflict), or d.Start: then the element is stopped first,
	// and started again when that says so.
	Update(ctx context.Context, id ID, d Draft, by string) (Element, error)
	// Versions lists the versions that the element can use, and those whose
	// values are kept.
	Versions(ctx context.Context, id ID) (Versions, error)
	// VersionChanges tells what another version would change; back asks about
	// going back to the values that were kept with it.
	VersionChanges(ctx context.Context, id ID, version string, back bool) (VersionChanges, error)
	// Back goes back to a version with the saved values that were kept with it;
	// "" is the one that was left last. What is left is kept in its turn.
	Back(ctx context.Context, id ID, wish VersionWish, by string) (Element, error)
	// ForgetVersion forgets the values that are kept with a version.
	ForgetVersion(ctx context.Context, id ID, version, by string) error
	Delete(ctx context.Context, id ID, by string) error
	// Do carries out an order and returns the element as it is then; what an
	// order sets in motion (a handshake) goes on. connection is for Reconnect:
	// nil means all.
	Do(ctx context.Context, id ID, o Order, connection *int, by string) (Element, error)

	// Set writes a parameter or a cell. NotFound when there is no such
	// parameter, row or column.
	Set(ctx context.Context, id ID, req SetRequest) (Write, error)
	// Table returns the rows of a table parameter; NotFound when it is none.
	Table(ctx context.Context, id ID, table ParamID) (Table, error)
	Write(ctx context.Context, id ID, writeID string) (Write, error)
	// Events returns events after a cursor, or the newest limit events when
	// after is nil; with kinds, those of these kinds alone.
	Events(ctx context.Context, id ID, after *Cursor, limit int, kinds ...EventKind) (EventPage, error)
	Handshake(ctx context.Context, id ID, connection int, which Which) (Handshake, error)
	// DryRun returns what the opening handshake of a connection would say now;
	// nothing is connected. Conflict when the connection has none.
	DryRun(ctx context.Context, id ID, connection int) (HandshakePreview, error)
	// Try makes one opening handshake beside the live connection, which does
	// not notice it, and closes again. It is kept nowhere but in the element's
	// log, with who tried. TooMany while another one of the element is tried.
	Try(ctx context.Context, id ID, connection int, by string) (Handshake, error)
	// Message returns the whole message of the event at a cursor; an empty
	// epoch is that of this start of the program. NotFound when the event is
	// no message or the message has left memory.
	Message(ctx context.Context, id ID, event Cursor) (Payload, error)
}
