package connector

import (
	"slices"

	"fieldline/element"
)

// Command is bytes for the device: the listed parameters in order.
type Command struct {
	ID      int
	Name    string
	Text    bool // WebSocketMessageType text; binary when absent
	Content []element.ParamID
	Pos     Pos

	ASCII       bool              // attribute ascii is true: texts are sent as one byte for each character
	ASCIIParams []element.ParamID // that are sent so
}

// Response is a message from the device, taken apart into parameters.
type Response struct {
	ID            int
	Name          string
	Connection    int
	HasConnection bool // options="Connection:n"
	Content       []element.ParamID
	Optional      string // Content@optional, as written
	Pos           Pos
}

// Pair is a command and the responses that answer it.
type Pair struct {
	ID            int
	Name          string
	Command       int
	Responses     []int
	BadResponses  []int // ResponseOnBadCommand
	Ping          bool
	TimeoutMs     int // 0: that of the connection
	Connection    int
	HasConnection bool
	IgnoreTimeout bool
	Retries       int
	HasRetries    bool
	Condition     *Condition
	Pos           Pos
}

// GroupType is Group/Type.
type GroupType string

// The types of groups.
const (
	GroupPoll        GroupType = "poll"
	GroupAction      GroupType = "action"
	GroupTrigger     GroupType = "trigger"
	GroupPollAction  GroupType = "poll action"
	GroupPollTrigger GroupType = "poll trigger"
)

// Group is a unit of work for the queue.
type Group struct {
	ID              int
	Name            string
	Type            GroupType
	Connection      int
	HasConnection   bool
	ConnectionParam element.ParamID
	ThreadID        int // meaningful when HasThreadID; a thread that does not exist means the main queue
	HasThreadID     bool
	Virtual         int // place in Threads, from 1, when the group's connection is the number of a thread only
	Ping            bool
	Condition       *Condition
	Content         []GroupItem
	Pos             Pos

	Shortened bool // steps were left out
}

// ItemKind says what a GroupItem refers to.
type ItemKind string

// The kinds of group items.
const (
	ItemParam   ItemKind = "param"
	ItemPair    ItemKind = "pair"
	ItemSession ItemKind = "session"
	ItemAction  ItemKind = "action"
	ItemTrigger ItemKind = "trigger"
)

// GroupItem is one entry of a group's Content.
type GroupItem struct {
	Kind     ItemKind
	ID       int
	Exchange int // Session@connection: only that exchange; -1 all
	NextMs   int // wait after it
}

// Timer queues groups again and again.
type Timer struct {
	ID         int
	Name       string
	IntervalMs int64 // Time; 0 with Loop
	Loop       bool
	Initial    string  // "true" (also when absent), "false", "random"
	RandomLow  float64 // seconds
	RandomHigh float64
	GapMs      int // Interval: between consecutive groups
	Fixed      bool
	Condition  *Condition
	Groups     []int
	Pos        Pos

	PerRow bool // multithreaded: its Time is that of every row
}

// Trigger runs actions or other triggers when something happens.
type Trigger struct {
	ID           int
	Name         string
	On           string // "parameter", "command", "response", "pair", "group", "session", "timer", "protocol", "communication", "" when only called
	OnID         int    // meaningful when not Each
	Each         bool
	OnText       string // communication: the text
	Time         string // "change", "before", "after", "after startup", "timeout" …; lower case
	Match        *Match // Time@id/@case/@value/@nr
	Condition    *Condition
	RunsTriggers bool // Type trigger; else actions
	Content      []TriggerItem
	Pos          Pos
}

// Match is the extra comparison of Trigger/Time.
type Match struct {
	Param   element.ParamID
	Case    string // "equal", "not equal", "greater", "less"
	Value   string
	IsParam bool // Value is a parameter id
}

// TriggerItem is one id of a trigger's Content.
type TriggerItem struct {
	ID   int
	Else bool // runs when the condition is false
}

// Action does one thing.
type Action struct {
	ID         int
	Name       string
	On         string // "command", "response", "parameter", "group", "pair", "timer", "protocol"
	OnIDs      []int  // empty: the item that fired the trigger
	OnNr       string
	Type       string // "make", "read", "copy", "execute next" …; lower case
	TypeID     int
	HasTypeID  bool
	TypeNr     string
	TypeValue  string
	Options    string
	Start, End int // Type@startoffset, @endoffset: bytes
	Reschedule bool
	Condition  *Condition
	Pos        Pos
}

// QAction is a script of the connector.
type QAction struct {
	ID          int
	Name        string
	Encoding    string // "csharp", "jscript", "vbscript"; lower case
	Triggers    []int  // parameter ids, or group ids with OnGroups
	OnGroups    bool
	EntryPoints []string
	Inputs      []element.ParamID
	Row         bool
	Binary      bool
	Queued      bool
	Code        string
	CodeLine    int // line of the file on which Code starts
	Condition   *Condition
	Pos         Pos
}

// RunsHere reports whether what the trigger waits for comes in this program.
func (t Trigger) RunsHere() bool { return !slices.Contains(unsupportedTimes(), t.Time) }

// Runs is the kind of the items in its Content: "trigger" or "action".
func (t Trigger) Runs() string { return pick(t.RunsTriggers, "trigger", "action") }

// RunsHere reports whether this program runs the action.
func (a Action) RunsHere() bool { return !slices.Contains(unsupportedActions()[a.On], a.Type) }

// RunsHere reports whether this program runs the language of the script.
func (q QAction) RunsHere() bool { return q.Encoding == jscript }

// jscript is the language of scripts that run here.
const jscript = "jscript"
