package engine

import "fieldline/element"

// General returns the general parameters as they are now, by id; their table is
// among them, its columns are not.
func (e *Engine) General() []element.Parameter { return e.status.list() }

// HTTPTarget returns where the exchanges of an HTTP connection lead right now.
func (e *Engine) HTTPTarget(conn int) (element.Address, error) {
	c, ok := e.ix.def.Connection(conn)
	if !ok || c.WebSocket {
		return element.Address{}, element.Errorf(element.Invalid, "Connection %d is not an HTTP connection of this connector.", conn)
	}
	a, err := e.addresses.httpTarget(&c)
	a.Path = ""
	return a, err
}

// Opening returns what the opening handshake of a connection says right now
// (documentation page ConnectionsWebSocketsImplementation; RFC 6455 §4.1).
// Parameters are read at this moment, so a change of path or header counts
// from the next connection on. The error is an Invalid *element.Error whose
// sentence says why no connection can be made and what to change.
func (e *Engine) Opening(conn int) (Opening, error) { return e.addresses.handshake(conn) }

// Parameter returns the public state of one parameter; ok is false when the
// element has none with that id.
func (e *Engine) Parameter(id element.ParamID) (element.Parameter, bool) {
	i, ok := e.ix.place[id]
	if ok {
		return e.values.shown(i), true
	}
	if p := e.ix.def.Param(id); p != nil {
		return e.status.shown(p), true
	}
	return element.Parameter{}, false
}

// Parameters returns the public state of the connector's parameters, by id.
func (e *Engine) Parameters() []element.Parameter {
	all := make([]element.Parameter, len(e.ix.params))
	for i := range all {
		all[i] = e.values.shown(paramIndex(i))
	}
	return all
}

// Table returns the rows of a table parameter in the order of adding; ok is
// false when the connector has no such table.
func (e *Engine) Table(id element.ParamID) (element.Table, bool) { return e.tables.shown(id) }

// HasRow reports whether a table has a row with that key.
func (e *Engine) HasRow(id element.ParamID, key string) bool { return e.tables.hasRow(id, key) }

// Receipts returns the newest write of each parameter, oldest first.
func (e *Engine) Receipts() []element.Write { return e.receipts.newest() }

// RawValue returns the raw value of a parameter, passwords included; the zero
// Value when it was never set or does not exist. It is for masking: what the
// owner shows of it is its responsibility.
func (e *Engine) RawValue(id element.ParamID) element.Value { return e.values.value(id) }
