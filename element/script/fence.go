package script

import (
	"github.com/dop251/goja"
)

// fence takes away what would get around the limits: code made at run time is
// parsed without bounds.
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
}

// must is for definitions that cannot fail.
func (m *machine) must(err error) {
	if err != nil {
		panic(err)
	}
}
