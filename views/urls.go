package views

import (
	"net/url"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/static"
)

// URLs is the one builder of addresses inside the program: pages, forms,
// assets, the socket, the API and redirects. Every result starts with the base
// path.
type URLs struct {
	base  string
	files *static.Files
}

// AssetPrefix is the path under the base path where assets are served; the
// hashed name of static.Files follows it.
const AssetPrefix = "/static/"

// NewURLs returns the builder for a base path, "" or "/" for none, "/x/y" or
// "/x/y/" for a sub-path.
func NewURLs(base string, files *static.Files) URLs {
	return URLs{base: strings.TrimRight(base, "/"), files: files}
}

// Base returns the base path without a trailing slash; "" for none.
func (u URLs) Base() string { return u.base }

// Home is the overview of all elements.
func (u URLs) Home() string { return u.base + "/" }

// Asset is a file of package static by its plain name: "css/base.css".
func (u URLs) Asset(name string) string { return u.base + AssetPrefix + u.files.Path(name) }

// Icon is a symbol of the icon sprite.
func (u URLs) Icon(name string) string { return u.Asset("icons.svg") + "#" + name }

// Socket is the browser's socket.
func (u URLs) Socket() string { return u.base + "/live" }

// API is the root of the HTTP API, with a trailing slash.
func (u URLs) API() string { return u.base + "/api/v1/" }

// Elements is where the form of a new element is posted.
func (u URLs) Elements() string { return u.base + "/elements" }

// NewElement is the page that makes an element.
func (u URLs) NewElement() string { return u.base + "/elements/new" }

// NewElementOf is the form of a new element of one connector.
func (u URLs) NewElementOf(connector, version string) string {
	return u.NewElement() + "?" + url.Values{"connector": {connector}, "version": {version}}.Encode()
}

// Element is an element's page.
func (u URLs) Element(id element.ID) string {
	return u.base + "/elements/" + url.PathEscape(string(id))
}

// Page is one page of an element's connector; slug "" is the first one.
func (u URLs) Page(id element.ID, slug string) string {
	if slug == "" {
		return u.Element(id)
	}
	return u.Element(id) + "/p/" + url.PathEscape(slug)
}

// Embed is a page of an element without the shell; slug "" is the first one.
func (u URLs) Embed(id element.ID, slug string) string {
	s := u.base + "/embed/elements/" + url.PathEscape(string(id))
	if slug != "" {
		s += "/" + url.PathEscape(slug)
	}
	return s
}

// Edit is the form of an element's settings and where it is posted.
func (u URLs) Edit(id element.ID) string { return u.Element(id) + "/edit" }

// Delete is the page that asks before an element is deleted, and where it is
// posted.
func (u URLs) Delete(id element.ID) string { return u.Element(id) + "/delete" }

// Handshake shows the opening handshakes of a connection, and is where a wish
// to try one is posted.
func (u URLs) Handshake(id element.ID, connection int) string {
	return u.Element(id) + "/handshake/" + strconv.Itoa(connection)
}

// HandshakePreview shows beside them what would be sent now.
func (u URLs) HandshakePreview(id element.ID, connection int) string {
	return u.Handshake(id, connection) + "?" + url.Values{FieldShow: {ShowSent}}.Encode()
}

// Order is where an order to an element is posted.
func (u URLs) Order(id element.ID, o element.Order) string { return u.Element(id) + "/" + string(o) }

// Set is where a value for a parameter or a cell is posted; of a cell the
// parameter is the one that writes its column.
func (u URLs) Set(id element.ID, t element.Target) string {
	param := strconv.Itoa(int(t.Parameter))
	if t.IsCell() {
		return u.Element(id) + "/tables/" + strconv.Itoa(int(t.Table)) + "/" + url.PathEscape(t.Key) + "/" + param
	}
	return u.Element(id) + "/parameters/" + param
}

// Value is the whole value of a parameter or a cell, as a file.
func (u URLs) Value(id element.ID, t element.Target) string { return u.Set(id, t) + "/value" }

// Menu is the address that the context menu of a table posts to.
func (u URLs) Menu(id element.ID, table element.ParamID) string {
	return u.Element(id) + "/tables/" + strconv.Itoa(int(table)) + "/menu"
}

// Messages is the folder of an element's whole messages.
func (u URLs) Messages(id element.ID) string { return u.Element(id) + "/messages/" }

// Message is the whole message of an event, as a file.
func (u URLs) Message(id element.ID, event element.Cursor) string {
	return u.Messages(id) + strconv.FormatUint(event.Seq, 10) + "?" + url.Values{"epoch": {event.Epoch}}.Encode()
}

// Connectors lists the connectors and takes uploads.
func (u URLs) Connectors() string { return u.base + "/connectors" }

// Connector is the page of one connector.
func (u URLs) Connector(name, version string) string {
	return u.Connectors() + "/" + url.PathEscape(name) + "/" + url.PathEscape(version)
}
