package element

// ConnectorComparison says, for people, what becomes different between two
// versions of a connector: Changes by area and item, and what becomes of the
// values that elements have saved.
type ConnectorComparison struct {
	Connector string            `json:"connector"`
	From      string            `json:"from"` // versions
	To        string            `json:"to"`
	Changes   []ConnectorChange `json:"changes"`
	Saved     []SavedFate       `json:"saved"` // every parameter and column that From saves, by id
}

// ConnectorChange is one difference between two versions of a connector.
type ConnectorChange struct {
	Area     ChangeArea `json:"area"`
	Kind     ChangeKind `json:"kind"`
	Item     string     `json:"item"`               // "parameter", "column", "table", "connection", "page", "session", "trigger" …
	ID       int        `json:"id"`                 // of the item; 0 for pages
	Name     string     `json:"name"`               // of the item, as the newer version that has it calls it
	Table    ParamID    `json:"table,omitempty"`    // of a column
	Property string     `json:"property,omitempty"` // what changed: "unit", "raw type", "saved", "port" …
	Was      string     `json:"was,omitempty"`      // of Property, as text for people; no secrets
	Becomes  string     `json:"becomes,omitempty"`
	Message  string     `json:"message"` // all of it in a sentence
}

// ChangeArea says what part of a connector a change is in.
type ChangeArea string

// The areas, in the order of a comparison.
const (
	AreaConnection ChangeArea = "connection" // connections and their settings for a new element
	AreaParameter  ChangeArea = "parameter"
	AreaTable      ChangeArea = "table" // columns, keys, names of rows
	AreaPage       ChangeArea = "page"
	AreaLogic      ChangeArea = "logic" // sessions, commands, triggers, actions, QActions …
)

// ChangeAreas lists all areas in their order.
func ChangeAreas() []ChangeArea {
	return []ChangeArea{AreaConnection, AreaParameter, AreaTable, AreaPage, AreaLogic}
}

// ChangeKind says how an item differs.
type ChangeKind string

// The kinds. Runs and Stops are of items that both versions have and only one
// of them can run.
const (
	ChangeAdded   ChangeKind = "added"
	ChangeRemoved ChangeKind = "removed"
	ChangeAltered ChangeKind = "changed"
	ChangeRuns    ChangeKind = "runs"
	ChangeStops   ChangeKind = "stops"
)

// SavedFate is what becomes of the saved values of one parameter or column.
type SavedFate struct {
	Parameter ParamID `json:"parameter"`
	Table     ParamID `json:"table,omitempty"` // of a column
	Name      string  `json:"name"`
	Fate      Fate    `json:"fate"`             // kept, at-risk or dropped
	Reason    string  `json:"reason,omitempty"` // a sentence; "" when kept
}
