package engine

import (
	"strconv"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// nowhere is the connection of a value that came by none.
const nowhere = -1

// MaxText bounds a value that the connector's logic puts together, in bytes.
const MaxText = 16 << 20

// slot is one parameter of the element.
type slot struct {
	value      element.Value
	original   *element.Value // what the device sent, where value is that of an exception
	from       int            // connection that the value came by, else nowhere
	fromDevice bool           // a device reported it, in this run or before a restart
	stale      bool           // the device that reported it is not heard, or the QAction that set it is switched off
	copyOf     int            // the place, counted from 1, of the parameter that logic copied it from; 0: none
	script     int            // QAction that set it, 0 when none did
	cleared    bool           // the next value is a change, even if equal (action clear)
	hidden     bool           // shown as not initialized (action clear on display)
	changedAt  time.Time      // last change of value
	receivedAt time.Time      // last time a value came in, changed or not
}

// Parameter returns the public state of one parameter; ok is false when the
// element has none with that id.
func (e *Engine) Parameter(id element.ParamID) (element.Parameter, bool) {
	i, ok := e.ix.place[id]
	if ok {
		return e.shown(i), true
	}
	if p := e.def.Param(id); p != nil {
		return e.generalShown(p), true
	}
	return element.Parameter{}, false
}

// Parameters returns the public state of the connector's parameters, by id.
func (e *Engine) Parameters() []element.Parameter {
	all := make([]element.Parameter, len(e.ix.params))
	for i := range all {
		all[i] = e.shown(i)
	}
	return all
}

// shown returns the public state of the parameter at a place of the index.
func (e *Engine) shown(i int) element.Parameter {
	p, s := e.ix.params[i], &e.s.slots[i]
	out := element.Parameter{
		ID: p.ID, Name: p.Name, Description: p.Description, Type: string(p.Type), Units: p.Units,
		Saved: p.Saved, Masked: p.Password, Stale: s.stale,
		ChangedAt: element.At(s.changedAt), ReceivedAt: element.At(s.receivedAt),
	}
	if p.WriteID != 0 {
		id := p.WriteID
		out.WriteID = &id
	}
	if s.value.IsSet() && !s.hidden {
		out.Initialized = true
		out.Display, out.Units = p.Shown(s.value)
		if !p.Password {
			out.Value = s.value
		}
	}
	return out
}

// held is the value that logic sees.
func (s *slot) held() element.Value {
	if s.original != nil {
		return *s.original
	}
	return s.value
}

// value returns the value of a parameter that logic sees, the zero Value when it was
// never set or does not exist. It is the lookup of conditions.
func (e *Engine) value(id element.ParamID) element.Value {
	if i, ok := e.ix.place[id]; ok {
		return e.s.slots[i].held()
	}
	return e.generalValue(id)
}

// param returns the parameter with that id and its place, or nil.
func (e *Engine) param(id element.ParamID) (*connector.Param, int) {
	i, ok := e.ix.place[id]
	if !ok {
		return nil, 0
	}
	return e.ix.params[i], i
}

// fit converts a value to the parameter's own type; ok is false for a text
// that is no number where one is needed.
func fit(p *connector.Param, v element.Value) (element.Value, bool) {
	if !v.IsSet() {
		return v, true
	}
	if p.IsNumber {
		f, ok := v.Float()
		return element.Number(f), ok
	}
	if v.Kind() == element.KindText {
		return v, true
	}
	return element.Text(v.String()), true
}

// named writes a parameter for a sentence: parameter 15 (Header).
func named(p *connector.Param) string {
	name := p.Description
	if name == "" {
		name = p.Name
	}
	s := "parameter " + strconv.Itoa(int(p.ID))
	if name != "" {
		s += " (" + name + ")"
	}
	return s
}

// capital makes the first letter of a sentence a capital.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
