package script

import (
	"github.com/dop251/goja"
)

// fence takes away what would get around the limits: code made at run time is
// parsed without bounds, and JSON.parse recurses as deep as a device's message
// says.
func (m *machine) fence() {
	global := m.vm.GlobalObject()
	m.must(global.Delete("eval"))
	refused := func(goja.ConstructorCall) *goja.Object {
		panic(m.vm.NewTypeError("code cannot be made from text here"))
	}
	for _, literal := range []string{"(function () {})", "(async function () {})", "(function* () {})", "(async function* () {})"} {
		f, err := m.vm.RunString(literal)
		if err != nil {
			continue // goja does not know this kind of function
		}
		proto := f.ToObject(m.vm).Prototype()
		stub := m.vm.ToValue(refused).ToObject(m.vm)
		m.must(stub.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
		m.must(proto.DefineDataProperty("constructor", stub, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
		if literal == "(function () {})" {
			m.must(global.Set("Function", stub))
		}
	}
	json := m.vm.Get("JSON").ToObject(m.vm)
	parse, _ := goja.AssertFunction(json.Get("parse"))
	m.must(json.Set("parse", func(c goja.FunctionCall) goja.Value {
		args := c.Arguments
		text, ok := c.Argument(0).(goja.String)
		if !ok {
			text = m.vm.ToValue(c.Argument(0).String()).(goja.String)
			args = append([]goja.Value{text}, args[min(1, len(args)):]...)
		}
		if nested(text.String()) > maxJSON {
			m.throw("JSON.parse: arrays and objects are nested more than %d deep.", maxJSON)
		}
		v, err := parse(c.This, args...)
		m.pass(err)
		return v
	}))
}

// nested returns how deep the brackets of a JSON text are nested at most.
func nested(text string) int {
	depth, most, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
			most = max(most, depth)
		case c == ']' || c == '}':
			depth--
		}
	}
	return most
}

// must is for definitions that cannot fail.
func (m *machine) must(err error) {
	if err != nil {
		panic(err)
	}
}
