package connector

import (
	"fieldline/element"
	"fieldline/element/codec"
)

// ParamType is Param/Type.
type ParamType string

// The parameter types that the runtime treats specially.
const (
	TypeRead        ParamType = "read"
	TypeWrite       ParamType = "write"
	TypeFixed       ParamType = "fixed"
	TypeDummy       ParamType = "dummy"
	TypeArray       ParamType = "array"
	TypeBus         ParamType = "bus"
	TypeIP          ParamType = "ip"
	TypePollingIP   ParamType = "pollingip"
	TypeElementName ParamType = "elementname"
	TypeElementID   ParamType = "elementid"
	TypeElementDMA  ParamType = "elementdmaid"
	TypeInfo        ParamType = "dataminer info"
	TypeHeader      ParamType = "header"
	TypeTrailer     ParamType = "trailer"
	TypeLength      ParamType = "length"
	TypeCRC         ParamType = "crc"
)

// IsWrite reports whether parameters of the type set another one.
func (t ParamType) IsWrite() bool { return t == TypeWrite || t == "write bit" }

// IsShown reports whether parameters of the type can be on a page.
func (t ParamType) IsShown() bool {
	switch t {
	case TypeRead, TypeWrite, TypeFixed, TypeDummy, TypeArray, TypeBus, TypeIP, TypePollingIP, "matrix", "read bit", "write bit":
		return true
	}
	return false
}

// Param is a parameter.
type Param struct {
	element.ParamInfo

	Type          ParamType
	Setter        bool              // write parameter: copy to the read twin
	DynamicIP     *int              // connection whose address the value is; nil when none
	DuplicateAs   []element.ParamID // that repeat the value; of a column, under the same row key
	Needs         []element.ParamID // Dependencies/Id without postSet: have a value before this one is set
	HasDefault    bool
	Default       element.Value
	RTDisplay     bool
	Positions     []Position
	Interprete    codec.Interprete
	VerifyTimeout int     // ms; how long a write waits for its confirmation
	Deviation     float64 // how far a report may be from what was set, and still confirm it
	Table         *Table  // of an array
	DynamicUnits  []DynamicUnit
	Pos           Pos

	asks     element.Feeds // what of ordinary HTTP requests it feeds, which no connect waits for
	letters  string        // Measurement attribute case: "upper", "lower"
	notation string        // Measurement attribute scientificNotation: "universal", "scientific"
	units    *unitFamily   // that a number may be shown in; nil: only its own

	typeIDs []element.ParamID // Type@id of an array
	needs   []*Param          // as Needs, those that exist

	Derived bool // a column that the file has no Param for: duplicateAs of another describes it
	Ignored ParamIgnored
}

// ParamIgnored is what the file says of a parameter and nothing here acts on;
// rules of package lint look at it.
type ParamIgnored struct {
	Monitored    bool // Alarm/Monitored
	Trended      bool // trending is written and true
	Untrended    bool // trending is written and false
	OnAppLevel   bool // RTDisplay is for another connector
	OverSNMP     bool // polled over SNMP
	Dependencies bool // has Dependencies, with postSet too
}

// Position is one place of a parameter on a page.
type Position struct {
	Page        string
	Row, Column int
	Measurement element.Measurement // overrides the parameter's on that page
}

// DynamicUnit is one unit that a value may be shown in, by its magnitude
// (documentation page Protocol.Params.Param.Display.DynamicUnits).
type DynamicUnit struct {
	Unit     string
	Decimals *int
}
