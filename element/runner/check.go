package runner

import (
	"errors"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// check judges what a person wants to set, before anything happens. It is made
// for each write.
type check struct {
	params *parameters
	engine *engine.Engine
}

// value finds the write parameter that a request means, and the value as it is
// to be set.
func (c check) value(req element.SetRequest) (*connector.Param, element.Value, error) {
	param, err := c.params.writable(req.Target)
	if err != nil {
		return nil, element.Value{}, err
	}
	if err := c.ifValue(param, req.IfValue); err != nil {
		return nil, element.Value{}, err
	}
	value, err := c.decode(param, req)
	return param, value, inField(err, "value")
}

// confirmed refuses a value that the connector asks about, until the answer is
// there.
func (c check) confirmed(param *connector.Param, value element.Value, req element.SetRequest) error {
	if question := questionOf(param, value); question != "" && !req.Confirmed {
		return &element.NeedsConfirmation{Question: question}
	}
	return nil
}

// row refuses a cell of a row that is not there.
func (c check) row(t element.Target) error {
	if t.IsCell() && !c.engine.HasRow(t.Table, t.Key) {
		return element.NoRow(t.Table, t.Key)
	}
	return nil
}

// decode is the door for what a person sets: a choice of a context menu, whose
// values are those of other parameters, or a value.
func (c check) decode(param *connector.Param, req element.SetRequest) (element.Value, error) {
	switch {
	case !req.Raw.IsSet():
		return element.Value{}, element.Errorf(element.Invalid, "No value was sent. Choose or enter one; nothing was changed.")
	case !param.IsMenu():
		return param.DecodeNow(req.Raw, c.lookupFor(param, req.Target))
	}
	choice, entry, ok := element.ParseMenu(req.Raw, param.Discreets)
	if !ok {
		return element.Value{}, element.Errorf(element.Invalid, "A choice from this menu is a list of texts: an empty one, the value of an entry, the values that it asks for, and the keys of rows.")
	}
	if trouble := entry.Trouble(choice, c.params.nameOf); trouble != "" {
		return element.Value{}, element.Errorf(element.Invalid, "%s", trouble)
	}
	for i, prompt := range entry.Prompts {
		asked := c.params.byID[prompt.Param]
		if write := c.params.byID[asked.WriteID]; write != nil {
			asked = write
		}
		if choice.Values[i] == "" {
			continue
		}
		v, err := asked.Decode(element.Text(choice.Values[i]))
		if err != nil {
			return element.Value{}, err
		}
		choice.Values[i] = v.String()
	}
	return choice.Value(), nil
}

// lookup is the state of a parameter now.
func (c check) lookup(id element.ParamID) element.Parameter {
	p, _ := c.engine.Parameter(id)
	return p
}

// lookupFor is the lookup for the list of what is written: of a cell, a column
// of the table stands for the cell of the same row.
func (c check) lookupFor(param *connector.Param, t element.Target) element.Lookup {
	if !t.IsCell() || len(param.Watches()) == 0 {
		return c.lookup
	}
	rows, _ := c.engine.Table(t.Table)
	return rows.InRow(t.Key, c.lookup)
}

// ifValue refuses a write when the value is not what its writer saw: that
// of the read twin, or of the parameter itself when there is none.
func (c check) ifValue(param *connector.Param, want *element.Value) error {
	if want == nil {
		return nil
	}
	id := param.ID
	if param.ReadID != 0 {
		id = param.ReadID
	}
	if c.params.isPassword(param.ID) {
		return element.FieldErrorf("ifValue", "A password cannot be compared; leave ifValue out.")
	}
	now, _ := c.engine.Parameter(id)
	if sameValue(now.Value, *want) {
		return nil
	}
	return &element.Error{
		Code: element.Conflict, Op: "runner.set", Field: "ifValue",
		Msg: "The value was changed by somebody else in the meantime; look at it again before you change it.",
	}
}

// sameValue compares as a person would: 12.5 and "12.5" are the same, and so
// are a value that was never set and an empty field.
func sameValue(a, b element.Value) bool {
	if a == b || a.String() == b.String() {
		return true
	}
	x, okX := a.Float()
	y, okY := b.Float()
	return okX && okY && x == y && (a.Kind() == element.KindNumber || b.Kind() == element.KindNumber)
}

// questionOf is what the connector asks before a value is set: the Message of
// the entry that the value is of, else that of the parameter; "" when nothing.
func questionOf(param *connector.Param, value element.Value) string {
	text := value.String()
	if _, entry, ok := element.ParseMenu(value, param.Discreets); ok {
		text = entry.Value
	}
	if d, ok := element.FindDiscreet(param.Discreets, text, param.IsNumber); ok && d.Confirm != "" {
		return d.Confirm
	}
	return param.Confirm
}

// inField names the field of a request in an error about a value.
func inField(err error, field string) error {
	e, ok := errors.AsType[*element.Error](err)
	if !ok || e.Field != "" {
		return err
	}
	named := *e
	named.Field = field
	return &named
}
