package engine

import (
	"strconv"

	"fieldline/element"
	"fieldline/element/connector"
)

// The general parameters are worked out when somebody asks: they have no slot,
// raise no event and are not saved. Only the timer base is state.

// value is the present value of a general parameter, the zero Value for
// any other.
func (st *status) value(id element.ParamID) element.Value {
	switch id {
	case connector.GeneralTimeout:
		if st.timedOut {
			return element.Number(1)
		}
		return element.Number(0)
	case connector.GeneralState:
		switch st.mode {
		case modeActive:
			return element.Number(connector.StateActive)
		case modePaused:
			return element.Number(connector.StatePaused)
		case modeIdle, modeStopped:
			return element.Number(connector.StateStopped)
		}
	case connector.GeneralElement:
		return element.Text(string(st.id))
	case connector.TimerBase, connector.SetTimerBase:
		return element.Number(st.timerFactor())
	}
	return element.Value{}
}

func (st *status) list() []element.Parameter {
	var all []element.Parameter
	for _, p := range st.ix.def.General() {
		switch p.ID {
		case connector.CommunicationID, connector.CommunicationName, connector.CommunicationType, connector.CommunicationState:
			continue
		}
		all = append(all, st.shown(p))
	}
	return all
}

func (st *status) shown(p *connector.Param) element.Parameter {
	v := st.value(p.ID)
	out := element.Parameter{
		ID: p.ID, Name: p.Name, Description: p.Description, Type: string(p.Type), Value: v, Initialized: v.IsSet(), Display: p.Display(v),
	}
	if p.WriteID != 0 {
		id := p.WriteID
		out.WriteID = &id
	}
	return out
}

// communication is the table of connections: a row for each that is run here.
func (cs *connections) communication() element.Table {
	t := element.Table{Columns: []element.TableColumn{}, Rows: []element.Row{}}
	for i, c := range cs.ix.def.Param(connector.CommunicationInfo).Table.Columns {
		p := cs.ix.def.Param(c.Param)
		t.Columns = append(t.Columns, element.TableColumn{ID: p.ID, Name: p.Name, Description: p.Description, Key: i == 0})
	}
	for i := range cs.ix.def.Connections {
		c := &cs.ix.def.Connections[i]
		if c.Kind != "http" {
			continue
		}
		kind := "HTTP"
		if c.WebSocket {
			kind = "WebSocket"
		}
		row := element.Row{Key: strconv.Itoa(c.ID), Display: strconv.Itoa(c.ID), Cells: map[element.ParamID]element.Cell{}}
		for id, v := range map[element.ParamID]element.Value{
			connector.CommunicationID:    element.Text(row.Key),
			connector.CommunicationName:  element.Text(c.Name),
			connector.CommunicationType:  element.Text(kind),
			connector.CommunicationState: element.Number(cs.state(connIndex(i))),
		} {
			row.Cells[id] = element.Cell{Value: v, Display: cs.ix.def.Param(id).Display(v)}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// state is the value of column "Connection state": of a WebSocket
// whether it is open, of HTTP whether the device responded when last asked.
func (cs *connections) state(i connIndex) float64 {
	c := &cs.list[i]
	switch {
	case cs.ix.def.Connections[i].WebSocket && c.open:
		return connector.Connected
	case cs.ix.def.Connections[i].WebSocket:
		return connector.Disconnected
	case !c.silentSince.IsZero():
		return connector.NotResponding
	case c.heard:
		return connector.Responding
	default:
		return connector.Undefined
	}
}
