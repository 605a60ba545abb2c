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

// protocol is the object protocol, with the functions that have the names of
// DataMiner's SLProtocol, and serves the call that runs.
type protocol struct {
	js       *values
	object   *goja.Object
	def      *connector.Definition
	logLevel int
	call     *call // the innermost one; nil when none runs
}

func newProtocol(js *values, def *connector.Definition, logLevel int) *protocol {
	return &protocol{js: js, object: js.vm.NewObject(), def: def, logLevel: logLevel}
}

// install makes the global names: protocol, LogType and LogLevel.
func (p *protocol) install() {
	for name, f := range map[string]function{
		"GetParameter": p.getParameter, "GetParameters": p.getParameters,
		"SetParameter": p.setParameter, "SetParameters": p.setParameters, "SetParameterBinary": p.setParameterBinary,
		"IsEmpty": p.isEmpty, "GetParameterByName": p.getParameterByName,
		"GetParameterDescription": p.getParameterDescription, "GetData": p.getData,
		"GetInputParameter": p.getInputParameter, "GetTriggerParameter": p.getTriggerParameter,
		"CheckTrigger": p.checkTrigger, "Log": p.log, "SendToDisplay": p.sendToDisplay,
	} {
		must(p.object.Set(name, f))
	}
	(&tables{protocol: p, js: p.js}).install()
	for name, value := range map[string]any{
		"ProtocolName": p.def.Name, "ProtocolVersion": p.def.Version, "DataMinerID": 1,
	} {
		must(p.object.DefineDataProperty(name, p.js.vm.ToValue(value), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE))
	}
	for name, value := range map[string]func() any{
		"ElementID":   func() any { return string(p.call.context.Element) },
		"ElementName": func() any { return p.call.context.Name },
		"UserInfo":    func() any { return p.call.context.By },
		"QActionID":   func() any { return p.call.q.ID },
	} {
		get := p.js.vm.ToValue(func(goja.FunctionCall) goja.Value { return p.js.vm.ToValue(value()) })
		must(p.object.DefineAccessorProperty(name, get, nil, goja.FLAG_FALSE, goja.FLAG_TRUE))
	}
	must(p.js.vm.Set("protocol", p.object))
	must(p.js.vm.Set("LogType", map[string]any{"Error": logError, "Information": logInfo, "DebugInfo": logDebug, "Allways": logInfo}))
	must(p.js.vm.Set("LogLevel", map[string]any{
		"NoLogging": 0, "Level1": 1, "Level2": 2, "Level3": 3, "Level4": 4, "Level5": 5, "DevelopmentLogging": 6,
	}))
}

// param is the parameter that an argument names.
func (p *protocol) param(what string, v goja.Value) *connector.Param {
	id := p.js.wholeNumber(what+": a parameter id", v)
	param := p.def.Param(element.ParamID(id))
	if param == nil {
		p.js.throw("%s: the connector has no parameter %d.", what, id)
	}
	return param
}

func (p *protocol) getParameter(c goja.FunctionCall) goja.Value {
	return p.js.toValue(p.call.host.Value(p.param("GetParameter", c.Argument(0)).ID))
}

func (p *protocol) getParameters(c goja.FunctionCall) goja.Value {
	return array(p.js, p.js.list("GetParameters: ids", c.Argument(0)), func(v goja.Value) goja.Value {
		return p.js.toValue(p.call.host.Value(p.param("GetParameters", v).ID))
	})
}

func (p *protocol) setParameter(c goja.FunctionCall) goja.Value {
	p.set("SetParameter", c.Argument(0), c.Argument(1))
	return goja.Undefined()
}

func (p *protocol) set(what string, id, value goja.Value) {
	param := p.param(what, id)
	if !p.call.host.SetValue(param.ID, p.js.fromValue(what, value, param.IsNumber)) {
		p.refused(what, param)
	}
}

// refused says why a value was not taken, without the value: it may be secret.
func (p *protocol) refused(what string, param *connector.Param) {
	switch {
	case param.ID == connector.TimerBase || param.ID == connector.SetTimerBase:
		p.js.throw("%s: the timer base is a number from %v to %v.", what, connector.MinTimerBase, connector.MaxTimerBase)
	case param.IsGeneral():
		p.js.throw("%s: parameter %d (%s) says what the element is; it cannot be set.", what, param.ID, param.Name)
	}
	p.js.throw("%s: parameter %d (%s) holds numbers, and the value is not one.", what, param.ID, param.Name)
}

func (p *protocol) setParameters(c goja.FunctionCall) goja.Value {
	ids, values := p.js.list("SetParameters: ids", c.Argument(0)), p.js.list("SetParameters: values", c.Argument(1))
	if len(ids) != len(values) {
		p.js.throw("SetParameters: there are %d ids and %d values.", len(ids), len(values))
	}
	for i, id := range ids {
		p.set("SetParameters", id, values[i])
	}
	return goja.Undefined()
}

func (p *protocol) setParameterBinary(c goja.FunctionCall) goja.Value {
	param := p.param("SetParameterBinary", c.Argument(0))
	if !p.call.host.SetQuietly(param.ID, p.js.fromValue("SetParameterBinary", c.Argument(1), param.IsNumber)) {
		p.refused("SetParameterBinary", param)
	}
	return goja.Undefined()
}

func (p *protocol) isEmpty(c goja.FunctionCall) goja.Value {
	return p.js.vm.ToValue(p.call.host.Value(p.param("IsEmpty", c.Argument(0)).ID).IsEmpty())
}

func (p *protocol) getParameterByName(c goja.FunctionCall) goja.Value {
	named := p.def.ParamsNamed(c.Argument(0).String())
	if len(named) == 0 {
		p.js.throw("GetParameterByName: the connector has no parameter %s.", p.js.quote(c.Argument(0)))
	}
	return p.js.toValue(p.call.host.Value(named[0].ID))
}

func (p *protocol) getParameterDescription(c goja.FunctionCall) goja.Value {
	return p.js.vm.ToValue(p.param("GetParameterDescription", c.Argument(0)).Description)
}

func (p *protocol) getData(c goja.FunctionCall) goja.Value {
	if kind := c.Argument(0).String(); !strings.EqualFold(kind, "parameter") {
		p.js.throw("GetData: only \"PARAMETER\" is known here, not %s.", p.js.quote(c.Argument(0)))
	}
	return p.js.toUint8Array(p.call.host.Value(p.param("GetData", c.Argument(1)).ID))
}

func (p *protocol) getInputParameter(c goja.FunctionCall) goja.Value {
	i := p.js.wholeNumber("GetInputParameter: an index", c.Argument(0))
	if i < 0 || i >= len(p.call.inputs) {
		p.js.throw("GetInputParameter: there is no input %d; the QAction has %d, counted from 0.", i, len(p.call.inputs))
	}
	return p.input(i)
}

func (p *protocol) getTriggerParameter(goja.FunctionCall) goja.Value {
	return p.js.vm.ToValue(p.call.trigger)
}

func (p *protocol) checkTrigger(c goja.FunctionCall) goja.Value {
	id := p.js.wholeNumber("CheckTrigger: a trigger id", c.Argument(0))
	if !p.call.host.CheckTrigger(id) {
		p.js.throw("CheckTrigger: the connector has no trigger %d.", id)
	}
	return goja.Undefined()
}

// log writes Log(text, type, level). A line is written when its level is not
// above the element's.
func (p *protocol) log(c goja.FunctionCall) goja.Value {
	level := 0
	if v := c.Argument(2); !goja.IsUndefined(v) {
		level = p.js.wholeNumber("Log: a level", v)
	}
	if level > max(p.logLevel, 0) {
		return goja.Undefined()
	}
	kind := logInfo
	if v := c.Argument(1); !goja.IsUndefined(v) && v.String() == logError {
		kind = logError
	}
	p.call.lines++
	switch text := c.Argument(0).String(); {
	case p.call.lines == maxLines+1:
		p.call.host.Log(logInfo, "The script wrote more lines than one call may; the rest of them is left out.")
	case p.call.lines > maxLines:
	case len(text) > maxLine:
		p.call.host.Log(kind, strings.ToValidUTF8(text[:maxLine], "")+"…")
	default:
		p.call.host.Log(kind, text)
	}
	return goja.Undefined()
}

// sendToDisplay does nothing: values are shown as soon as they are set.
func (p *protocol) sendToDisplay(c goja.FunctionCall) goja.Value {
	p.param("SendToDisplay", c.Argument(0))
	return goja.Undefined()
}

// input is an input parameter as it was when the call began.
func (p *protocol) input(i int) goja.Value {
	v := p.call.inputs[i]
	if p.call.q.Binary && v.IsSet() {
		return p.js.toUint8Array(v)
	}
	return p.js.toValue(v)
}
