package engine

import (
	"math"

	"fieldline/element"
	"fieldline/element/connector"
)

// actParameter runs an action on one parameter. All of them are protocol
// constructs: an equal value is no event.
func (e *Engine) actParameter(a *connector.Action, id element.ParamID, who subject) {
	p, i := e.param(id)
	if p == nil {
		return
	}
	switch a.Type {
	case "clear":
		e.s.slots[i].cleared = true
		if ti, t := e.tableOf(id); ti != nil {
			e.clearRows(ti, t)
		}
	case "clear on display":
		e.s.slots[i].hidden = true
		e.refresh(i)
	case "copy":
		e.copyTo(a, p, i, who)
	case "copy reverse":
		if from, at := e.origin(a, who); from != nil {
			e.construct(p, i, from.Interprete.Reversed(e.s.slots[at].held()), e.madeOf(at))
		}
	case "reverse":
		e.reverse(a, p, i, who)
	case "replace data":
		e.replaceParameter(a, p, i)
	case "append", "append data":
		e.appendTo(a, p, i, who)
	case "increment", "multiply", "pow":
		e.arithmetic(a, p, i)
	case "run actions":
		e.runScripts(id)
	case "save":
		e.save(i)
	case "read":
		if e.reading == nil {
			e.logOnce("action:"+itoa(a.ID), levelWarning, "Action %d reads nothing: no response is handled when it runs.", a.ID)
			return
		}
		e.readResponse(id)
	case "go":
		if e.s.slots[i].value.IsSet() {
			e.assign(i, e.s.slots[i].value, source{by: element.ByLogic, from: nowhere, always: true})
		}
	default:
		e.unsupported(a)
	}
}

// origin returns the parameter that an action takes its value from: Type@id,
// else the parameter that fired the trigger. nil when there is none or it was
// never set.
func (e *Engine) origin(a *connector.Action, who subject) (*connector.Param, int) {
	id := element.ParamID(a.TypeID)
	if !a.HasTypeID {
		if who.kind != itemParameter {
			return nil, 0
		}
		id = element.ParamID(who.id)
	}
	p, i := e.param(id)
	if p == nil || !e.s.slots[i].value.IsSet() {
		return nil, 0
	}
	return p, i
}

// copyTo copies a value. Where it came from goes with it, so that a copy of
// what a device reported is stale when the device is lost. A person who enters
// the same address again means to connect again, so an equal dynamic IP
// reconnects when the copy goes back to a write.
func (e *Engine) copyTo(a *connector.Action, p *connector.Param, i int, who subject) {
	from, at := e.origin(a, who)
	if from == nil {
		return
	}
	s := e.s.slots[at]
	src := e.madeOf(at)
	src.copyOf = at + 1
	changed := e.construct(p, i, s.held(), src)
	if !changed && len(e.causes) > 0 && from.Type == connector.TypeWrite && e.s.slots[i].value == s.value {
		e.retarget(p.ID)
	}
}

// arithmetic computes a number from the present value, 0 when never set. A
// result that is no number is refused.
func (e *Engine) arithmetic(a *connector.Action, p *connector.Param, i int) {
	x, _ := e.s.slots[i].value.Float()
	y, ok := e.operand(a)
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
	if math.IsNaN(x) || math.IsInf(x, 0) {
		e.logRarely("arithmetic:"+itoa(int(p.ID)), levelWarning, "%s keeps its value: the result of action %d is not a number.", capital(named(p)), a.ID)
		return
	}
	of := []int{i}
	if by, at := e.param(element.ParamID(a.TypeID)); a.HasTypeID && by != nil {
		of = []int{at, i}
	}
	e.construct(p, i, element.Number(x), e.madeOf(of...))
}
