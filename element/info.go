package element

// ParamInfo is what a connector says about a parameter: everything a page
// needs to draw it. It never changes while an element runs.
type ParamInfo struct {
	ID          ParamID
	Name        string
	Description string
	Type        string      // "read", "write", "fixed", "array" …
	Measurement Measurement // how it is shown and edited
	Units       string
	Discreets   []Discreet
	Low, High   *float64 // Display/Range; of a text write parameter: number of characters
	Step        *float64
	Decimals    *int
	Multiline   bool // Measurement option "lines"
	Password    bool
	Saved       bool
	WriteID     ParamID // write twin of a read parameter, 0 when none
	ReadID      ParamID // read twin of a write parameter, 0 when none
	Title       string  // Information/Text
	Tooltip     string  // Information/Subtext
	Confirm     string  // Message: asked before each set; "" when not
	Feeds       Feeds   // what of a connection's target the parameter feeds
	IsNumber    bool    // Interprete type double

	Level     int     // access level that a person needs in DataMiner, 1 is the highest; 0 none
	DependsOn ParamID // Discreets@dependencyId: what the list depends on, 0 when nothing
	Clock     Clock   // how a number is read as a time; "" when it is none
	Hex       bool    // a number is shown and typed in hexadecimal digits
	FixedFont bool    // a text is shown in letters of one width
	Scroll    bool    // lines of a text do not wrap, they scroll sideways (hscroll)
	Numeric   bool    // a text that can only be a number (number=true)

	ColorsRows bool // of a column: its entries have the colours of the rows

	// Locked is when a cell of this column cannot be set, nil for never
	// (custom=disableWrite): while another cell of its row has a value.
	Locked *Condition
	Group  Group   // of a title: where a group box begins or ends
	Width  int     // of a button in pixels; 0: as wide as its words
	Sheet  *Sheet  // of a table: how it looks; nil when the connector says nothing
	Menu   ParamID // of a table: the parameter of its context menu, 0 when none

	// Unfilled says why nothing that runs here gives the parameter a value, as
	// "C# does not run here"; "" when something may.
	Unfilled string
}

// Clock is how a number is read as a time (documentation page
// Measurement.Type-options): dates are days since 1899-12-30, durations are
// seconds, minutes or hours.
type Clock string

// The clocks. A time of day is a duration since midnight.
const (
	ClockDate        Clock = "date"
	ClockDateTime    Clock = "datetime"
	ClockMinutely    Clock = "datetime:minute"
	ClockSeconds     Clock = "time"
	ClockMinutes     Clock = "time:minute"
	ClockHours       Clock = "time:hour"
	ClockTimeOfDay   Clock = "timeofday"        // seconds since midnight
	ClockMinuteOfDay Clock = "timeofday:minute" // minutes since midnight
)

// Group says that a title opens or closes a group box.
type Group string

// The ends of a group box.
const (
	GroupBegin Group = "begin"
	GroupEnd   Group = "end"
)

// Sheet is how a table looks (Measurement option tab). The order of Columns is
// that on the page; a column that is not named is not shown.
type Sheet struct {
	Columns []SheetColumn
	Lines   int  // height in rows; 0: as the page likes
	Filter  bool // rows can be searched
}

// SheetColumn is one column of a Sheet.
type SheetColumn struct {
	Param  ParamID
	Width  int  // pixels; 0: as wide as its content
	Hidden bool // width 0 in the connector: a person can show it
	Sort   Sort
}

// Sort says how the rows of a table are sorted at first. Of several columns
// the one with the lowest Priority comes first.
type Sort struct {
	By       string // "int", "string", "datetime" …; "" when the column does not sort
	Down     bool
	Priority int
}

// Feeds says what of a connection a parameter is used for. Such parameters
// stay editable when a device does not respond: they are how it is mended.
type Feeds struct {
	Address     bool // dynamic IP: a change reconnects
	Path        bool // path of the opening handshake: takes effect at the next connect
	Header      bool // header of the opening handshake: takes effect at the next connect
	Login       bool // user, password or proxy of a session
	Connections []int
}

// Any reports whether the parameter feeds anything of a connection.
func (f Feeds) Any() bool { return f.Address || f.Path || f.Header || f.Login }

// Measurement is Measurement/Type of a parameter.
type Measurement string

// The measurements that pages draw.
const (
	MeasureNone         Measurement = ""
	MeasureString       Measurement = "string"
	MeasureNumber       Measurement = "number"
	MeasureAnalog       Measurement = "analog"
	MeasureDiscreet     Measurement = "discreet"
	MeasureToggleButton Measurement = "togglebutton"
	MeasureButton       Measurement = "button"
	MeasurePageButton   Measurement = "pagebutton"
	MeasureTitle        Measurement = "title"
	MeasureProgress     Measurement = "progress"
	MeasureTable        Measurement = "table"
	MeasureChart        Measurement = "chart"
	MeasureMatrix       Measurement = "matrix"
)

// Selection says which rows an entry of a context menu is about.
type Selection string

// The selections.
const (
	RowsNone Selection = ""
	RowsOne  Selection = "one"
	RowsSome Selection = "some" // one or more
)

// Prompt is a value that an entry of a context menu asks for: that of a write
// column. Default may hold [value:pid], a cell of the selected row.
type Prompt struct {
	Param    ParamID
	Optional bool
	Default  string
}

// Page is one page of a connector, in the order of Display@pageOrder. A
// separator has an empty Name; a web page has a Link and no rows.
type Page struct {
	Name      string
	Slug      string // URL-safe, unique inside the connector
	Link      string
	Separator bool
	Popup     bool // reached by a page button only
	Rows      []PageRow
	Visible   *Visibility // nil: always
}

// Visibility says when a page is in the list: Default, and the opposite of it
// while the parameter has the value (documentation page
// Protocol.Display.Pages.Page.Visibility).
type Visibility struct {
	Default bool
	Param   ParamID // 0: always Default
	Value   string
}

// PageRow is one line of a page: the parameter shown, and its write twin at
// the same place. One of the two is 0 when there is no such parameter.
type PageRow struct {
	Row, Column int
	Read        ParamID // read, fixed (title), array …
	Write       ParamID
	Measurement Measurement // on this page instead of the parameter's own; "" when as always
}

// ConnectorSummary is a connector in a list.
type ConnectorSummary struct {
	Name     string           `json:"name"`
	Version  string           `json:"version"`
	Source   string           `json:"source"` // "shipped" or "uploaded"
	Elements int              `json:"elements"`
	Findings map[Severity]int `json:"findings"`
	// Description says in a sentence what the connector is for; pages show it.
	Description string `json:"-"`
}

// ConnectorDetail is a connector in full. XML is the file, byte for byte.
type ConnectorDetail struct {
	Name             string             `json:"name"`
	Version          string             `json:"version"`
	Source           string             `json:"source"`
	Elements         int                `json:"elements"`
	Findings         []Finding          `json:"findings"`
	Parameters       []ConnectorParam   `json:"parameters"`
	Connections      []ConnectionOption `json:"connections"`
	Description      string             `json:"description"`
	UnsupportedKinds []string           `json:"-"` // of its connections that do not run here: "SNMP", "serial"
	XML              []byte             `json:"-"`
}

// ConnectorParam is a parameter as the list of a connector shows it.
type ConnectorParam struct {
	ID          ParamID  `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Type        string   `json:"type"`
	Units       string   `json:"units"`
	Saved       bool     `json:"saved"`
	WriteID     *ParamID `json:"writeId"`
}

// ConnectionOption is a connection that a connector has, with its defaults
// for a new element. Fields that the connector fixes are Locked.
type ConnectionOption struct {
	ID         int    `json:"id"`
	Name       string `json:"name"`
	Type       string `json:"type"`
	Host       string `json:"host"`
	Port       int    `json:"port"`
	BusAddress string `json:"busAddress"`
	TimeoutMs  int    `json:"timeoutMs"`
	Retries    int    `json:"retries"`

	SlowAfter   int `json:"slowAfter,omitempty"`   // failures in a row before slow poll; 0 never
	SlowAfterMs int `json:"slowAfterMs,omitempty"` // time in the timeout state before slow poll; 0 never
	SlowPingMs  int `json:"slowPingMs,omitempty"`  // between pings of slow poll

	Locked []string `json:"locked,omitempty"` // names of the fields above
}

// SlowPoll is what the connector says of slow poll.
func (o ConnectionOption) SlowPoll() SlowPoll {
	return ConnectionConfig{}.SlowPoll(SlowPoll{After: o.SlowAfter, AfterMs: o.SlowAfterMs, PingMs: o.SlowPingMs})
}
