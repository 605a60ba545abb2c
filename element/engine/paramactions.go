package engine

import (
	"math"

	"fieldline/element"
	"fieldline/element/connector"
)

// onParameter runs an action on one parameter. All of them are protocol
// constructs: an equal value is no event.
func (as *actions) onParameter(a *connector.Action, id element.ParamID, who subject) {
	p, i := as.ix.param(id)
	if p == nil {
		return
	}
	switch a.Type {
	case "clear":
		as.values.slots[i].cleared = true
		if ti, t := as.tables.of(id); ti != nil {
			as.tables.clearRows(ti, t)
		}
	case "clear on display":
		as.values.slots[i].hidden = true
		as.values.refresh(i)
	case "copy":
		as.copyTo(a, p, i, who)
	case "copy reverse":
		if from, at := as.origin(a, who); from != nil {
			as.values.setIfChanged(p, i, from.Interprete.Reversed(as.values.slots[at].effective()), as.values.madeOf(at))
		}
	case "reverse":
		as.reverse(a, p, i, who)
	case "replace data":
		as.replaceParameter(a, p, i)
	case "append", "append data":
		as.appendTo(a, p, i, who)
	case "increment", "multiply", "pow":
		as.arithmetic(a, p, i)
	case "run actions":
		as.scripts.run(id)
	case "save":
		as.values.save(i)
	case "read":
		if as.messages.reading == nil {
			as.logOnce("action:"+itoa(a.ID), levelWarning, "Action %d reads nothing: no response is handled when it runs.", a.ID)
			return
		}
		as.messages.read(id)
	case "go":
		if as.values.slots[i].value.IsSet() {
			as.values.set(i, as.values.slots[i].value, source{by: element.ByLogic, from: nowhere, always: true})
		}
	default:
		as.unsupported(a)
	}
}

// copyTo copies a value. Where it came from goes with it, so that a copy of
// what a device reported is stale when the device is lost. A person who enters
// the same address again means to connect again, so an equal dynamic IP
// reconnects when the copy goes back to a write.
func (as *actions) copyTo(a *connector.Action, p *connector.Param, i paramIndex, who subject) {
	from, at := as.origin(a, who)
	if from == nil {
		return
	}
	s := as.values.slots[at]
	src := as.values.madeOf(at)
	src.copyOf = at + 1
	changed := as.values.setIfChanged(p, i, s.effective(), src)
	if !changed && len(as.causes) > 0 && from.Type == connector.TypeWrite && as.values.slots[i].value == s.value {
		as.targets.retarget(p.ID)
	}
}

// arithmetic computes a number from the present value, 0 when never set. A
// result that is no number is refused.
func (as *actions) arithmetic(a *connector.Action, p *connector.Param, i paramIndex) {
	x, _ := as.values.slots[i].value.Float()
	y, ok := as.operand(a)
	if !ok {
		if a.Type != "increment" || a.HasTypeID {
			return
		}
		y = 1
	}
	switch a.Type {
	case "increment":
		x += y
	case "multiply":
		x *= y
	case "pow":
		x = math.Pow(x, y)
	}
	if !element.IsFinite(x) {
		as.logRarely("arithmetic:"+itoa(int(p.ID)), levelWarning, "%s keeps its value: the result of action %d is not a number.", capital(named(p)), a.ID)
		return
	}
	of := []paramIndex{i}
	if by, at := as.ix.param(element.ParamID(a.TypeID)); a.HasTypeID && by != nil {
		of = []paramIndex{at, i}
	}
	as.values.setIfChanged(p, i, element.Number(x), as.values.madeOf(of...))
}
