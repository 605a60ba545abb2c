package connector

import (
	"slices"

	"fieldline/element"
	"fieldline/element/codec"
)

// The general parameters: those that every element has, whatever its connector
// says (documentation page of reserved parameter ids). They are found by
// Definition.Param and are none of Definition.Params. TimerBase is one of them.
const (
	GeneralTimeout = 64501 // 1 while a connection has not responded for longer than the element timeout
	GeneralState   = 64502 // 1 active, 3 paused, 4 stopped
	SetTimerBase   = 65018 // write parameter of TimerBase
	GeneralElement = 65026 // the element's id

	// CommunicationInfo is a table with a row for each connection.
	CommunicationInfo  = 65034
	CommunicationID    = 65035 // column of the primary key: the number of the connection
	CommunicationState = 65045
	CommunicationName  = 65047
	CommunicationType  = 65048
)

// The values of CommunicationState.
const (
	Responding    = 0
	NotResponding = 1
	Undefined     = 2
	Connected     = 3
	Disconnected  = 4
)

// The values of GeneralState.
const (
	StateActive  = 1
	StatePaused  = 3
	StateStopped = 4
)

// isProvided reports whether every element has the general parameter.
func isProvided(id element.ParamID) bool {
	return slices.Contains(generalIDs(), id)
}

// IsReserved reports whether an id is one of the parameters that DataMiner adds
// to every element.
func IsReserved(id int) bool { return id >= 64_300 && id <= 69_999 || id >= 100_000 && id <= 999_999 }

// IsGeneral reports whether the parameter is one that every element has.
func (p *Param) IsGeneral() bool { return isProvided(p.ID) }

func generalIDs() []element.ParamID {
	return []element.ParamID{
		GeneralTimeout, GeneralState, TimerBase, SetTimerBase, GeneralElement, CommunicationInfo,
		CommunicationID, CommunicationState, CommunicationName, CommunicationType,
	}
}

func generalParams() []*Param {
	yes, no := element.Discreet{Value: "1", Display: "Yes"}, element.Discreet{Value: "0", Display: "No"}
	low, high := float64(MinTimerBase), float64(MaxTimerBase)
	read := func(id element.ParamID, name, description string, number bool, entries ...element.Discreet) *Param {
		p := &Param{Type: TypeRead, RTDisplay: true, ParamInfo: element.ParamInfo{
			ID: id, Name: name, Description: description, Type: string(TypeRead), Measurement: element.MeasureString,
			IsNumber: number, Discreets: entries,
		}}
		p.Interprete = codec.Interprete{IsNumber: number, Decimals: codec.DefaultDecimals, Base: 10, Times: 1}
		switch {
		case len(entries) > 0:
			p.Measurement = element.MeasureDiscreet
		case number:
			p.Measurement = element.MeasureNumber
		}
		return p
	}
	base, set := read(TimerBase, "Timer base", "Timer base", true), read(SetTimerBase, "Timer base", "Timer base", true)
	base.WriteID, base.Tooltip = SetTimerBase, "What the intervals of the connector's timers are multiplied by, where the connector has relative timers."
	set.Type, set.ParamInfo.Type, set.ReadID, set.Low, set.High = TypeWrite, string(TypeWrite), TimerBase, &low, &high
	table := read(CommunicationInfo, "Communication info", "Communication info", false)
	table.Type, table.ParamInfo.Type, table.Measurement = TypeArray, string(TypeArray), element.MeasureTable
	table.Table = &Table{}
	columns := []*Param{
		read(CommunicationID, "Connection ID", "Connection ID", false),
		read(CommunicationName, "Connection name", "Connection name", false),
		read(CommunicationType, "Connection type", "Connection type", false),
		read(CommunicationState, "Connection state", "Connection state", true,
			element.Discreet{Value: "0", Display: "Responding"}, element.Discreet{Value: "1", Display: "Not responding"},
			element.Discreet{Value: "2", Display: "Undefined"}, element.Discreet{Value: "3", Display: "Connected"},
			element.Discreet{Value: "4", Display: "Disconnected"}),
	}
	for i, c := range columns {
		table.Table.Columns = append(table.Table.Columns, Column{Idx: i, Param: c.ID, Type: "retrieved"})
	}
	return append([]*Param{
		read(GeneralTimeout, "TIMEOUT", "Timeout", true, no, yes),
		read(GeneralState, "STATE", "Element state", true, element.Discreet{Value: "1", Display: "Active"},
			element.Discreet{Value: "3", Display: "Paused"}, element.Discreet{Value: "4", Display: "Stopped"}),
		base, set,
		read(GeneralElement, "Element ID", "Element ID", false),
		table,
	}, columns...)
}

// General returns the general parameters by id; the columns of their table are
// among them.
func (d *Definition) General() []*Param {
	var all []*Param
	for _, id := range generalIDs() {
		if p := d.params[id]; p != nil { // nil in a Definition that Parse did not make
			all = append(all, p)
		}
	}
	return all
}

// GeneralPage is the page that shows the general parameters, behind those of
// the connector.
func (d *Definition) GeneralPage() element.Page {
	p := element.Page{Name: "General parameters", Slug: "general-parameters", Rows: []element.PageRow{
		{Read: GeneralState},
		{Row: 1, Read: GeneralTimeout},
		{Row: 2, Read: GeneralElement},
		{Row: 3, Read: TimerBase, Write: SetTimerBase},
		{Row: 4, Read: CommunicationInfo},
	}}
	for slices.ContainsFunc(d.Pages, func(q element.Page) bool { return q.Slug == p.Slug }) {
		p.Slug += "-of-the-element"
	}
	return p
}
