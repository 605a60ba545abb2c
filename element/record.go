package element

import "time"

// Record is an element as a store keeps it.
type Record struct {
	ID        ID
	Config    Config
	State     State
	CreatedAt time.Time
	Kept      []KeptVersion // versions that one can go back to, the one left last first
	// Unreadable says why Config could not be read, "" when it could. Such an
	// element is listed and does not run; nothing is written over its settings.
	Unreadable string
}

// SavedValue is the value of a saved parameter, or of a cell of a saved column,
// as a store keeps it. FromDevice says that a device reported it: after a
// restart it is shown as stale until the device confirms it. The cell of the
// primary key is kept for every row of a table that is not volatile.
type SavedValue struct {
	Target
	Value      Value
	At         time.Time
	FromDevice bool
	// Removed takes the whole row of the target out; its Parameter and the
	// other fields then mean nothing.
	Removed bool
}

// StoredConnector is an uploaded connector, byte for byte.
type StoredConnector struct {
	Name    string
	Version string
	XML     []byte
	At      time.Time
}
