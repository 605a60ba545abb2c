package engine

import (
	"strconv"

	"fieldline/element"
	"fieldline/element/connector"
)

// The general parameters are worked out when somebody asks: they have no slot,
// raise no event and are not saved. Only the timer base is state.

// generalValue is the present value of a general parameter, the zero Value for
// any other.
func (e *Engine) generalValue(id element.ParamID) element.Value {
	switch id {
	case connector.GeneralTimeout:
		if e.s.timedOut {
			return element.Number(1)
		}
		return element.Number(0)
	case connector.GeneralState:
		switch e.s.mode {
		case modeActive:
			return element.Number(connector.StateActive)
		case modePaused:
			return element.Number(connector.StatePaused)
		case modeIdle, modeStopped:
			return element.Number(connector.StateStopped)
		}
	case connector.GeneralElement:
		return element.Text(string(e.id))
	case connector.TimerBase, connector.SetTimerBase:
		return element.Number(e.timerBase())
	}
	return element.Value{}
}

// timerBase is what the intervals of relative timers are multiplied by.
func (e *Engine) timerBase() float64 {
	if e.s.timerBase == 0 {
		return 1
	}
	return e.s.timerBase
}

// setTimerBase changes the timer base and reports whether v can be one.
func (e *Engine) setTimerBase(v element.Value) bool {
	f, ok := v.Float()
	if !ok || f < connector.MinTimerBase || f > connector.MaxTimerBase {
		return false
	}
	if f != e.timerBase() {
		e.s.timerBase = f
		e.rebase()
	}
	return true
}

// writeTimerBase carries out a person's write of the timer base.
func (e *Engine) writeTimerBase(in Set) {
	p := e.def.Param(in.Parameter)
	if e.s.mode == modeIdle || !e.setTimerBase(in.Value) {
		e.emit(Moved{Write: element.Write{
			ID: in.WriteID, Parameter: in.Named, Value: in.Value, Status: element.WriteFailed, By: in.By, At: element.At(e.now),
			Detail: "The timer base is a number from 0.01 to 10 of an element that was started once.",
		}})
		return
	}
	e.newReceipt(in, p)
	shown, _ := e.Parameter(connector.TimerBase)
	e.emit(Changed{Parameter: shown, By: in.By})
}

// General returns the general parameters as they are now, by id; their table is
// among them, its columns are not.
func (e *Engine) General() []element.Parameter {
	var all []element.Parameter
	for _, p := range e.def.General() {
		switch p.ID {
		case connector.CommunicationID, connector.CommunicationName, connector.CommunicationType, connector.CommunicationState:
			continue
		}
		all = append(all, e.generalShown(p))
	}
	return all
}

func (e *Engine) generalShown(p *connector.Param) element.Parameter {
	v := e.generalValue(p.ID)
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
func (e *Engine) communication() element.Table {
	t := element.Table{Columns: []element.TableColumn{}, Rows: []element.Row{}}
	for i, c := range e.def.Param(connector.CommunicationInfo).Table.Columns {
		p := e.def.Param(c.Param)
		t.Columns = append(t.Columns, element.TableColumn{ID: p.ID, Name: p.Name, Description: p.Description, Key: i == 0})
	}
	for i := range e.def.Connections {
		c := &e.def.Connections[i]
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
			connector.CommunicationState: element.Number(e.communicationState(i)),
		} {
			row.Cells[id] = element.Cell{Value: v, Display: e.def.Param(id).Display(v)}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// communicationState is the value of column "Connection state": of a WebSocket
// whether it is open, of HTTP whether the device responded when last asked.
func (e *Engine) communicationState(i int) float64 {
	c := &e.s.conns[i]
	switch {
	case e.def.Connections[i].WebSocket && c.open:
		return connector.Connected
	case e.def.Connections[i].WebSocket:
		return connector.Disconnected
	case !c.since.IsZero():
		return connector.NotResponding
	case c.heard:
		return connector.Responding
	default:
		return connector.Undefined
	}
}
