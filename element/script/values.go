package script

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dop251/goja"

	"fieldline/element"
)

// values is how values go from Go to the machine and back, and how Go throws.
type values struct {
	vm         *goja.Runtime
	toString   goja.Callable // String, as it was before a script could change it
	uint8Array *goja.Object
}

func newValues(vm *goja.Runtime) *values {
	js := &values{vm: vm, uint8Array: vm.Get("Uint8Array").ToObject(vm)}
	js.toString, _ = goja.AssertFunction(vm.Get("String"))
	return js
}

// throw throws a TypeError with a sentence.
func (js *values) throw(format string, args ...any) {
	panic(js.vm.NewTypeError(fmt.Sprintf(format, args...)))
}

// rethrow throws on what a call back into the machine threw.
func (js *values) rethrow(err error) {
	if err != nil {
		panic(err)
	}
}

// toValue is a value as scripts see it: null when it was never set. Bytes that
// are no UTF-8 are U+FFFD.
func (js *values) toValue(v element.Value) goja.Value {
	switch v.Kind() {
	case element.KindText:
		return js.vm.ToValue(v.String())
	case element.KindNumber:
		f, _ := v.Float()
		return js.vm.ToValue(f)
	default:
		return goja.Null()
	}
}

// toUint8Array is a text as Uint8Array.
func (js *values) toUint8Array(v element.Value) goja.Value {
	array, err := js.vm.New(js.uint8Array, js.vm.ToValue(js.vm.NewArrayBuffer([]byte(v.String()))))
	js.rethrow(err)
	return array
}

// fromValue is a value that a script hands over for a parameter, or for a cell of
// one. null is "not set".
func (js *values) fromValue(what string, v goja.Value, number bool) element.Value {
	switch {
	case v == nil || goja.IsUndefined(v):
		js.throw("%s: the value is undefined.", what)
	case goja.IsNull(v):
		return element.Value{}
	}
	switch x := v.(type) {
	case *goja.Object:
		return js.fromBytes(what, x)
	case goja.String:
		return js.boundedText(what, x.String())
	case *goja.Symbol:
		js.throw("%s: the value is a symbol.", what)
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
		if !element.IsFinite(x) {
			js.throw("%s: the value is %s, which is not a number.", what, v.String())
		}
		return element.Number(x)
	}
	return js.boundedText(what, v.String())
}

// fromBytes is what an ArrayBuffer or a view of one holds.
func (js *values) fromBytes(what string, o *goja.Object) element.Value {
	switch x := o.Export().(type) {
	case goja.ArrayBuffer:
		return js.boundedText(what, string(x.Bytes()))
	case []byte:
		return js.boundedText(what, string(x))
	}
	js.throw("%s: the value is an object; hand over a text, a number or a Uint8Array (JSON.stringify makes a text of an object).", what)
	return element.Value{}
}

func (js *values) boundedText(what, s string) element.Value {
	if len(s) > MaxText {
		js.throw("%s: the text has %d bytes; at most %d are allowed.", what, len(s), MaxText)
	}
	return element.Text(s)
}

// wholeNumber is an argument that is a whole number.
func (js *values) wholeNumber(what string, v goja.Value) int {
	f := v.ToFloat()
	if f != math.Trunc(f) || math.Abs(f) > 1<<31 { // NaN is not equal to itself
		js.throw("%s is a whole number, not %s.", what, js.quote(v))
	}
	return int(f)
}

// quote is a value for a sentence.
func (js *values) quote(v goja.Value) string {
	if _, ok := v.(*goja.Object); ok {
		return "an object"
	}
	return fmt.Sprintf("%.40q", v.String())
}

// list returns the entries of an array.
func (js *values) list(what string, v goja.Value) []goja.Value {
	o, ok := v.(*goja.Object)
	if !ok || o.ClassName() != "Array" {
		js.throw("%s is an array.", what)
	}
	n := js.wholeNumber("the length of an array", o.Get("length"))
	if n > MaxList {
		js.throw("%s has %d entries; at most %d are allowed.", what, n, MaxList)
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
func array[T any](js *values, list []T, give func(T) goja.Value) goja.Value {
	all := make([]any, len(list))
	for i, v := range list {
		all[i] = give(v)
	}
	return js.vm.NewArray(all...)
}

// textValue is what String() makes of a value.
func (js *values) toText(v goja.Value) goja.String {
	if s, ok := v.(goja.String); ok {
		return s
	}
	made, err := js.toString(goja.Undefined(), v)
	js.rethrow(err)
	s, _ := made.(goja.String)
	return s
}

// message is the text of a thrown value, without running longer than the
// budget.
func (js *values) message(v goja.Value) string {
	text, err := js.toString(goja.Undefined(), v)
	if err != nil {
		return "a value was thrown that has no text"
	}
	return text.String()
}

// must is for definitions that cannot fail.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
