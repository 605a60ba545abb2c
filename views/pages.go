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
	Forms  map[element.Target]SetForm        // editors to draw open, by what was posted to
	Tables map[element.ParamID]element.Table // of the page that is shown
}

// Fragment is the row of a parameter, or a cell, for an answer to htmx.
type Fragment struct {
	Layout
	View   element.View
	Slug   string
	Target element.Target // that was posted to
	Table  element.Table  // of a cell
	Form   SetForm
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
	Element element.Element
	Info    element.ParamInfo // of the parameter that is written
	Target  element.Target    // that was posted to
	Page    string            // slug to return to
	IfValue *string           // passed on when it was posted
	Form    SetForm
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
