package element

// MaxKeptVersions is the number of connector versions of which an element
// keeps settings and saved values to go back to.
const MaxKeptVersions = 8

// KeptVersion says that an element used another version of its connector and
// that its saved values are kept as they were then, until a person goes back
// to them or forgets them.
type KeptVersion struct {
	Version string `json:"version"`
	At      Time   `json:"at"` // when the version was left
	By      string `json:"by"` // who changed it
	Config  Config `json:"-"`  // the settings as they were
	// Unreadable says why Config could not be read, "" when it could; the
	// values are there all the same.
	Unreadable string `json:"-"`
}

// Versions are the versions of an element's connector.
type Versions struct {
	Connector string          `json:"connector"`
	Version   string          `json:"version"`  // that the element uses
	State     State           `json:"state"`    // a version is changed while the element is stopped
	Previous  *KeptVersion    `json:"previous"` // that one goes back to; nil when there is none
	Versions  []VersionChoice `json:"versions"` // the newest first
}

// VersionChoice is one version that an element can use.
type VersionChoice struct {
	Version  string           `json:"version"`
	Source   string           `json:"source"` // as in ConnectorSummary
	Elements int              `json:"elements"`
	Current  bool             `json:"current"`
	Kept     *KeptVersion     `json:"kept"` // the element's values with this version; nil when none are kept
	Findings map[Severity]int `json:"findings"`
}

// VersionWish asks for another version of an element's connector. Start says
// what the element does afterwards, active or stopped; nil: what it did before.
// OnlyStopped is that of Draft.
type VersionWish struct {
	Version     string `json:"version"`
	Start       *bool  `json:"start"`
	OnlyStopped bool   `json:"-"`
}

// Fate is what another version of a connector makes of a saved value.
type Fate string

// The fates. A value at risk is kept but would not be accepted as a new one;
// one that is dropped is not seen with the version. Restored and Replaced are
// of going back.
const (
	FateKept     Fate = "kept"
	FateAtRisk   Fate = "at-risk"
	FateDropped  Fate = "dropped"
	FateRestored Fate = "restored"
	FateReplaced Fate = "replaced"
)

// VersionChanges are what another version of its connector changes for an
// element.
type VersionChanges struct {
	From     string            `json:"from"`
	To       string            `json:"to"`
	Back     bool              `json:"back"`     // saved values are those that were kept with To
	Kept     *KeptVersion      `json:"kept"`     // with To; nil when nothing is kept
	Replaces *KeptVersion      `json:"replaces"` // kept with From, gives way to what is kept now; nil when nothing does
	State    State             `json:"state"`
	Changes  []ConnectorChange `json:"changes"`  // of the connector, whatever the element
	Saved    []SavedChange     `json:"saved"`    // by parameter
	Tables   []TableChange     `json:"tables"`   // columns with saved cells
	Settings []SettingChange   `json:"settings"` // of the element's connections
}

// SavedChange is the fate of one saved value. Was and Becomes are values as
// shown, null when there is none and for passwords.
type SavedChange struct {
	Parameter   ParamID `json:"parameter"`
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Fate        Fate    `json:"fate"`
	Reason      string  `json:"reason,omitempty"` // a sentence
	Was         Value   `json:"was"`
	Becomes     Value   `json:"becomes"`
	Masked      bool    `json:"masked,omitempty"`
}

// TableChange is the fate of the saved cells of one column.
type TableChange struct {
	Table  ParamID `json:"table"`
	Column ParamID `json:"column"`
	Name   string  `json:"name"` // of table and column
	Cells  int     `json:"cells"`
	Fate   Fate    `json:"fate"`
	Reason string  `json:"reason,omitempty"`
}

// SettingChange is what becomes of a connection in the element's settings.
type SettingChange struct {
	Connection int    `json:"connection"`
	Change     string `json:"change"`              // "added" or "removed"
	NeedsHost  bool   `json:"needsHost,omitempty"` // the change of the version has to say its host
	Message    string `json:"message"`
}
