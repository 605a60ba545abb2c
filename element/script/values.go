package script

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dop251/goja"

	"fieldline/element"
)

// throw throws a TypeError with a sentence.
func (m *machine) throw(format string, args ...any) {
	panic(m.vm.NewTypeError(fmt.Sprintf(format, args...)))
}

// pass throws on what a call back into the machine threw.
func (m *machine) pass(err error) {
	if err != nil {
		panic(err)
	}
}

// give is a value as scripts see it: null when it was never set. Bytes that
// are no UTF-8 are U+FFFD.
func (m *machine) give(v element.Value) goja.Value {
	switch v.Kind() {
	case element.KindText:
		return m.vm.ToValue(v.String())
	case element.KindNumber:
		f, _ := v.Float()
		return m.vm.ToValue(f)
	default:
		return goja.Null()
	}
}

// giveBytes is a text as Uint8Array.
func (m *machine) giveBytes(v element.Value) goja.Value {
	array, err := m.vm.New(m.bytes, m.vm.ToValue(m.vm.NewArrayBuffer([]byte(v.String()))))
	m.pass(err)
	return array
}

// input is an input parameter as it was when the call began.
func (m *machine) input(i int) goja.Value {
	v := m.call.inputs[i]
	if m.call.q.Binary && v.IsSet() {
		return m.giveBytes(v)
	}
	return m.give(v)
}

// take is a value that a script hands over for a parameter, or for a cell of
// one. null is "not set".
func (m *machine) take(what string, v goja.Value, number bool) element.Value {
	switch {
	case v == nil || goja.IsUndefined(v):
		m.throw("%s: the value is undefined.", what)
	case goja.IsNull(v):
		return element.Value{}
	}
	switch x := v.(type) {
	case *goja.Object:
		return m.takeBytes(what, x)
	case goja.String:
		return m.text(what, x.String())
	case *goja.Symbol:
		m.throw("%s: the value is a symbol.", what)
	}
	switch x := v.Export().(type) {
	case bool:
		if !number {
			return element.Text(strconv.FormatBool(x))
		}
		if x {
			return element.Number(1)
		}
		return element.Number(0)
	case int64:
		return element.Number(float64(x))
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			m.throw("%s: the value is %s, which is no number.", what, v.String())
		}
		return element.Number(x)
	}
	return m.text(what, v.String())
}

// takeBytes is what an ArrayBuffer or a view of one holds.
func (m *machine) takeBytes(what string, o *goja.Object) element.Value {
	switch x := o.Export().(type) {
	case goja.ArrayBuffer:
		return m.text(what, string(x.Bytes()))
	case []byte:
		return m.text(what, string(x))
	}
	m.throw("%s: the value is an object; hand over a text, a number or a Uint8Array (JSON.stringify makes a text of an object).", what)
	return element.Value{}
}

func (m *machine) text(what, s string) element.Value {
	if len(s) > MaxText {
		m.throw("%s: the text has %d bytes; at most %d are allowed.", what, len(s), MaxText)
	}
	return element.Text(s)
}

// whole is an argument that is a whole number.
func (m *machine) whole(what string, v goja.Value) int {
	f := v.ToFloat()
	if f != math.Trunc(f) || math.Abs(f) > 1<<31 { // NaN is not equal to itself
		m.throw("%s is a whole number, not %s.", what, m.short(v))
	}
	return int(f)
}

// short is a value for a sentence.
func (m *machine) short(v goja.Value) string {
	if _, ok := v.(*goja.Object); ok {
		return "an object"
	}
	return fmt.Sprintf("%.40q", v.String())
}

// list returns the entries of an array.
func (m *machine) list(what string, v goja.Value) []goja.Value {
	o, ok := v.(*goja.Object)
	if !ok || o.ClassName() != "Array" {
		m.throw("%s is an array.", what)
	}
	n := m.whole("the length of an array", o.Get("length"))
	if n > MaxList {
		m.throw("%s has %d entries; at most %d are allowed.", what, n, MaxList)
	}
	all := make([]goja.Value, n)
	for i := range all {
		if all[i] = o.Get(strconv.Itoa(i)); all[i] == nil {
			all[i] = goja.Undefined()
		}
	}
	return all
}

// array is a JavaScript array.
func array[T any](m *machine, list []T, give func(T) goja.Value) goja.Value {
	all := make([]any, len(list))
	for i, v := range list {
		all[i] = give(v)
	}
	return m.vm.NewArray(all...)
}
