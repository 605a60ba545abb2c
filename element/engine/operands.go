package engine

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// unsupported names an action that this program does not run, once.
func (as *actions) unsupported(a *connector.Action) {
	as.logOnce("action:"+itoa(a.ID), levelWarning, "Action %d (%s on %s) is not run here.", a.ID, a.Type, a.On)
}

// operand is the number an action works with: the value of parameter Type@id,
// else Type@value.
func (as *actions) operand(a *connector.Action) (float64, bool) {
	if a.HasTypeID {
		return as.values.value(element.ParamID(a.TypeID)).Float()
	}
	return element.Text(a.TypeValue).Float()
}

// origin returns the parameter that an action takes its value from: Type@id,
// else the parameter that fired the trigger. nil when there is none or it was
// never set.
func (as *actions) origin(a *connector.Action, who subject) (*connector.Param, paramIndex) {
	id := element.ParamID(a.TypeID)
	if !a.HasTypeID {
		if who.kind != itemParameter {
			return nil, 0
		}
		id = element.ParamID(who.id)
	}
	p, i := as.ix.param(id)
	if p == nil || !as.values.slots[i].value.IsSet() {
		return nil, 0
	}
	return p, i
}
