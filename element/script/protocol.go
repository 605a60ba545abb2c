package script

import (
	"strings"

	"github.com/dop251/goja"

	"fieldline/element"
	"fieldline/element/connector"
)

// The values of LogType: levels of the element's log.
const (
	logError = "error"
	logInfo  = "info"
	logDebug = "debug"
)

// function is what protocol.Something runs.
type function = func(goja.FunctionCall) goja.Value

// defineProtocol makes the global names: protocol, LogType and LogLevel. The
// functions have the names of DataMiner's SLProtocol.
func (m *machine) defineProtocol() {
	m.protocol = m.vm.NewObject()
	for name, f := range map[string]function{
		"GetParameter": m.getParameter, "GetParameters": m.getParameters,
		"SetParameter": m.setParameter, "SetParameters": m.setParameters, "SetParameterBinary": m.setParameterBinary,
		"IsEmpty": m.isEmpty, "GetParameterByName": m.getParameterByName,
		"GetParameterDescription": m.getParameterDescription, "GetData": m.getData,
		"GetInputParameter": m.getInputParameter, "GetTriggerParameter": m.getTriggerParameter,
		"CheckTrigger": m.checkTrigger, "Log": m.log, "SendToDisplay": m.sendToDisplay,
	} {
		m.must(m.protocol.Set(name, f))
	}
	m.defineTables()
	for name, value := range map[string]any{
		"ProtocolName": m.def.Name, "ProtocolVersion": m.def.Version, "DataMinerID": 1,
	} {
		m.must(m.protocol.DefineDataProperty(name, m.vm.ToValue(value), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE))
	}
	for name, value := range map[string]func() any{
		"ElementID":   func() any { return string(m.call.context.Element) },
		"ElementName": func() any { return m.call.context.Name },
		"UserInfo":    func() any { return m.call.context.By },
		"QActionID":   func() any { return m.call.q.ID },
	} {
		get := m.vm.ToValue(func(goja.FunctionCall) goja.Value { return m.vm.ToValue(value()) })
		m.must(m.protocol.DefineAccessorProperty(name, get, nil, goja.FLAG_FALSE, goja.FLAG_TRUE))
	}
	m.must(m.vm.Set("protocol", m.protocol))
	m.must(m.vm.Set("LogType", map[string]any{"Error": logError, "Information": logInfo, "DebugInfo": logDebug, "Allways": logInfo}))
	m.must(m.vm.Set("LogLevel", map[string]any{
		"NoLogging": 0, "Level1": 1, "Level2": 2, "Level3": 3, "Level4": 4, "Level5": 5, "DevelopmentLogging": 6,
	}))
}

// param is the parameter that an argument names.
func (m *machine) param(what string, v goja.Value) *connector.Param {
	id := m.whole(what+": a parameter id", v)
	p := m.def.Param(element.ParamID(id))
	if p == nil {
		m.throw("%s: the connector has no parameter %d.", what, id)
	}
	return p
}

func (m *machine) getParameter(c goja.FunctionCall) goja.Value {
	return m.give(m.call.host.Value(m.param("GetParameter", c.Argument(0)).ID))
}

func (m *machine) getParameters(c goja.FunctionCall) goja.Value {
	return array(m, m.list("GetParameters: ids", c.Argument(0)), func(v goja.Value) goja.Value {
		return m.give(m.call.host.Value(m.param("GetParameters", v).ID))
	})
}

func (m *machine) setParameter(c goja.FunctionCall) goja.Value {
	m.set("SetParameter", c.Argument(0), c.Argument(1))
	return goja.Undefined()
}

func (m *machine) set(what string, id, value goja.Value) {
	p := m.param(what, id)
	if !m.call.host.SetValue(p.ID, m.take(what, value, p.IsNumber)) {
		m.refused(what, p)
	}
}

// refused says why a value was not taken, without the value: it may be secret.
func (m *machine) refused(what string, p *connector.Param) {
	switch {
	case p.ID == connector.TimerBase || p.ID == connector.SetTimerBase:
		m.throw("%s: the timer base is a number from %v to %v.", what, connector.MinTimerBase, connector.MaxTimerBase)
	case p.IsGeneral():
		m.throw("%s: parameter %d (%s) says what the element is; it cannot be set.", what, p.ID, p.Name)
	}
	m.throw("%s: parameter %d (%s) holds numbers, and the value is none.", what, p.ID, p.Name)
}

func (m *machine) setParameters(c goja.FunctionCall) goja.Value {
	ids, values := m.list("SetParameters: ids", c.Argument(0)), m.list("SetParameters: values", c.Argument(1))
	if len(ids) != len(values) {
		m.throw("SetParameters: there are %d ids and %d values.", len(ids), len(values))
	}
	for i, id := range ids {
		m.set("SetParameters", id, values[i])
	}
	return goja.Undefined()
}

func (m *machine) setParameterBinary(c goja.FunctionCall) goja.Value {
	p := m.param("SetParameterBinary", c.Argument(0))
	if !m.call.host.SetQuietly(p.ID, m.take("SetParameterBinary", c.Argument(1), p.IsNumber)) {
		m.refused("SetParameterBinary", p)
	}
	return goja.Undefined()
}

func (m *machine) isEmpty(c goja.FunctionCall) goja.Value {
	return m.vm.ToValue(m.call.host.Value(m.param("IsEmpty", c.Argument(0)).ID).IsEmpty())
}

func (m *machine) getParameterByName(c goja.FunctionCall) goja.Value {
	named := m.def.ParamsNamed(c.Argument(0).String())
	if len(named) == 0 {
		m.throw("GetParameterByName: the connector has no parameter %s.", m.short(c.Argument(0)))
	}
	return m.give(m.call.host.Value(named[0].ID))
}

func (m *machine) getParameterDescription(c goja.FunctionCall) goja.Value {
	return m.vm.ToValue(m.param("GetParameterDescription", c.Argument(0)).Description)
}

func (m *machine) getData(c goja.FunctionCall) goja.Value {
	if kind := c.Argument(0).String(); !strings.EqualFold(kind, "parameter") {
		m.throw("GetData: only \"PARAMETER\" is known here, not %s.", m.short(c.Argument(0)))
	}
	return m.giveBytes(m.call.host.Value(m.param("GetData", c.Argument(1)).ID))
}

func (m *machine) getInputParameter(c goja.FunctionCall) goja.Value {
	i := m.whole("GetInputParameter: an index", c.Argument(0))
	if i < 0 || i >= len(m.call.inputs) {
		m.throw("GetInputParameter: there is no input %d; the QAction has %d, counted from 0.", i, len(m.call.inputs))
	}
	return m.input(i)
}

func (m *machine) getTriggerParameter(goja.FunctionCall) goja.Value {
	return m.vm.ToValue(m.call.trigger)
}

func (m *machine) checkTrigger(c goja.FunctionCall) goja.Value {
	id := m.whole("CheckTrigger: a trigger id", c.Argument(0))
	if !m.call.host.CheckTrigger(id) {
		m.throw("CheckTrigger: the connector has no trigger %d.", id)
	}
	return goja.Undefined()
}

// log writes Log(text, type, level). A line is written when its level is not
// above the element's.
func (m *machine) log(c goja.FunctionCall) goja.Value {
	level := 0
	if v := c.Argument(2); !goja.IsUndefined(v) {
		level = m.whole("Log: a level", v)
	}
	if level > max(m.o.LogLevel, 0) {
		return goja.Undefined()
	}
	kind := logInfo
	if v := c.Argument(1); !goja.IsUndefined(v) && v.String() == logError {
		kind = logError
	}
	m.call.lines++
	switch text := c.Argument(0).String(); {
	case m.call.lines == maxLines+1:
		m.call.host.Log(logInfo, "The script wrote more lines than one call may; the rest of them is left out.")
	case m.call.lines > maxLines:
	case len(text) > maxLine:
		m.call.host.Log(kind, strings.ToValidUTF8(text[:maxLine], "")+"…")
	default:
		m.call.host.Log(kind, text)
	}
	return goja.Undefined()
}

// sendToDisplay does nothing: values are shown as soon as they are set.
func (m *machine) sendToDisplay(c goja.FunctionCall) goja.Value {
	m.param("SendToDisplay", c.Argument(0))
	return goja.Undefined()
}
