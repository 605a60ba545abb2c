package views

import (
	"time"

	"fieldline/element"
)

// Layout is what every page needs beside its own content.
type Layout struct {
	URLs     URLs
	Title    string            // of the page, without the program's name
	Elements []element.Element // of the rail; nil hides it
	Fleet    element.Cursor    // of the stream that keeps Elements fresh
	Current  element.ID        // the element that is shown, "" when none
	Section  string            // "elements" or "connectors"
	Embed    bool              // no shell: the page stands in another one
	Host     string            // name of the server on the line; "Fieldline" when empty
	Now      time.Time         // the server's clock when the page was drawn
	Version  string            // of the program
	Flash    string            // what the last post did, a sentence; "" when nothing
	Faults   []element.Fault   // of the whole program; nil when it is well

	Arrangement Arrangement // of the tables of the page of an element that is shown, or returned to
}

// OverviewPage lists all elements; Layout.Elements are its content.
type OverviewPage struct {
	Layout
}

// ElementPage is one element with one page of its connector.
type ElementPage struct {
	Layout
	View   element.View
	Slug   string // of the connector's page shown; "" is View.Default
	Events []element.Event
	Forms  map[element.ParamID]SetForm       // editors to draw open, by the parameter posted to
	Tables map[element.ParamID]element.Table // of the page that is shown
	Cell   *CellForm                         // the editor of a cell to draw open; nil for none
}

// RowFragment is one parameter row for an answer to htmx. Parameter is the id
// that was posted to.
type RowFragment struct {
	Layout
	View      element.View
	Slug      string
	Parameter element.ParamID
	Form      SetForm
}

// ElementFormPage makes an element or changes its settings.
type ElementFormPage struct {
	Layout
	Form    ElementForm
	Choices []element.ConnectorSummary // all connectors: to choose one, and the versions of the one chosen
	Element *element.Element           // the element that is changed; nil for a new one

	TLSFolder string // where the PEM files lie that the form names; "" when unknown
}

// DeletePage asks before an element is deleted.
type DeletePage struct {
	Layout
	Element element.Element
	Error   string
}

// ConfirmPage asks before a value is set, for browsers without scripts.
type ConfirmPage struct {
	Layout
	Element   element.Element
	Info      element.ParamInfo // of the parameter that is written
	Parameter element.ParamID   // the id that was posted to
	Page      string            // slug to return to
	IfValue   *string           // passed on when it was posted
	Table     element.ParamID   // of a cell, else 0
	Row       string            // key of its row
	Form      SetForm
}

// postTo is where the answer yes is posted.
func (p ConfirmPage) postTo() string {
	if p.Table != 0 {
		return p.URLs.SetCell(p.Element.ID, p.Table, p.Row, p.Parameter)
	}
	return p.URLs.Set(p.Element.ID, p.Parameter)
}

// ConnectorsPage lists the connectors and takes an upload.
type ConnectorsPage struct {
	Layout
	Connectors []element.ConnectorSummary
	Error      string // why an upload was not even read: no file, too large
}

// HandshakePage shows the last opening handshake that succeeded and the last
// one that failed, side by side; each is nil when there was none.
type HandshakePage struct {
	Layout
	Element    element.Element
	Connection element.Connection
	Success    *element.Handshake
	Failure    *element.Handshake

	Preview *element.HandshakePreview // what would be sent, when somebody asked
	Tried   *element.Handshake        // the try that somebody made just now
	Refusal string                    // why it could not be tried; "" when nobody wanted to
}

// ErrorPage says what happened, what was kept and what to do.
type ErrorPage struct {
	Layout
	Status    int
	Heading   string // "There is no such element"
	Message   string // what happened, a sentence
	Kept      string // what was kept or not applied; "" when nothing was at stake
	Todo      string // what to do; "" when there is nothing
	RequestID string
}
