package script

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// jsonWriter is one call of JSON.stringify.
type jsonWriter struct {
	j       *jsonFunctions
	b       bytes.Buffer
	gap     string
	names   []string      // the members to write; nil when all are
	replace goja.Callable // nil when there is none
	stack   []*goja.Object
}

// stringify is JSON.stringify. BigInts are written as their digits.
func (j *jsonFunctions) stringify(c goja.FunctionCall) goja.Value {
	w := jsonWriter{j: j, gap: j.gap(c.Argument(2))}
	if o, ok := c.Argument(1).(*goja.Object); ok {
		if isArray(o) {
			w.names = j.names(o)
		} else if f, ok := goja.AssertFunction(o); ok {
			w.replace = f
		}
	}
	var holder *goja.Object
	if w.replace != nil {
		holder = j.js.vm.NewObject()
		must(holder.Set("", c.Argument(0)))
	}
	if !w.write(holder, "", c.Argument(0)) {
		return goja.Undefined()
	}
	return j.js.vm.ToValue(w.b.String())
}

// gap is what one more level is indented with.
func (j *jsonFunctions) gap(space goja.Value) string {
	const most = 10
	if o, ok := space.(*goja.Object); ok {
		space = o.ToString()
		if o.ClassName() == "Number" {
			space = o.ToNumber()
		}
	}
	switch x := space.Export().(type) {
	case int64:
		return strings.Repeat(" ", int(min(max(x, 0), most)))
	case float64:
		return strings.Repeat(" ", int(min(max(x, 0), most)))
	case string:
		runes := []rune(x[:min(len(x), 4*most)])
		return string(runes[:min(len(runes), most)])
	}
	return ""
}

func (j *jsonFunctions) names(list *goja.Object) []string {
	names, seen := []string{}, map[string]bool{}
	for _, v := range j.js.list("JSON.stringify: the second argument", list) {
		if o, ok := v.(*goja.Object); ok && (o.ClassName() == "Number" || o.ClassName() == "String") {
			v = o.ToString()
		}
		if _, ok := v.(*goja.Object); ok || goja.IsUndefined(v) || goja.IsNull(v) {
			continue
		}
		if name := v.String(); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// write writes a member of holder, which is nil when nobody asks for it, and
// reports whether there was something to write.
func (w *jsonWriter) write(holder *goja.Object, key string, v goja.Value) bool {
	v = w.instead(holder, key, v)
	if o, ok := v.(*goja.Object); ok {
		return w.object(o)
	}
	switch x := v.(type) {
	case nil, *goja.Symbol:
		return false
	case goja.String:
		w.text(x)
		return true
	}
	switch {
	case goja.IsUndefined(v):
		return false
	case goja.IsNaN(v) || goja.IsInfinity(v):
		w.put("null")
	default:
		w.put(v.String()) // null, true, a number, the digits of a BigInt
	}
	return true
}

// instead is what toJSON and the replacer make of a value.
func (w *jsonWriter) instead(holder *goja.Object, key string, v goja.Value) goja.Value {
	if o, ok := v.(*goja.Object); ok {
		if f, ok := goja.AssertFunction(o.Get("toJSON")); ok {
			made, err := f(o, w.j.js.vm.ToValue(key))
			w.j.js.rethrow(err)
			v = made
		}
	}
	if w.replace == nil {
		return v
	}
	v, err := w.replace(holder, w.j.js.vm.ToValue(key), v)
	w.j.js.rethrow(err)
	return v
}

// object writes an array, an object, or what an object stands for.
func (w *jsonWriter) object(o *goja.Object) bool {
	switch o.ClassName() {
	case "Number":
		return w.write(nil, "", o.ToNumber())
	case "String":
		return w.write(nil, "", o.ToString())
	case "Boolean":
		w.put(o.String())
		return true
	case "RawJSON":
		w.put(o.Get("rawJSON").String())
		return true
	}
	if o.Prototype() == w.j.bigInts { // Object(1n)
		w.put(o.String())
		return true
	}
	if _, ok := goja.AssertFunction(o); ok {
		return false
	}
	w.enter(o)
	if isArray(o) {
		w.array(o)
	} else {
		w.members(o)
	}
	w.stack = w.stack[:len(w.stack)-1]
	return true
}

func (w *jsonWriter) enter(o *goja.Object) {
	for _, around := range w.stack {
		if o.SameAs(around) {
			w.j.js.throw("Converting circular structure to JSON")
		}
	}
	if w.stack = append(w.stack, o); len(w.stack) > maxJSON {
		w.j.js.throw("JSON.stringify: arrays and objects are nested more than %d deep.", maxJSON)
	}
}

func (w *jsonWriter) array(o *goja.Object) {
	n := int(o.Get("length").ToInteger())
	w.put("[")
	for i := range n {
		w.next(i > 0, len(w.stack))
		key := strconv.Itoa(i)
		if !w.write(o, key, o.Get(key)) {
			w.put("null")
		}
	}
	w.end(n > 0, "]")
}

func (w *jsonWriter) members(o *goja.Object) {
	names := w.names
	if names == nil {
		names = o.Keys()
	}
	w.put("{")
	some := false
	for _, name := range names {
		before := w.b.Len()
		w.next(some, len(w.stack))
		w.text(w.j.js.vm.ToValue(name))
		w.put(":")
		if w.gap != "" {
			w.put(" ")
		}
		if w.write(o, name, o.Get(name)) {
			some = true
			continue
		}
		w.b.Truncate(before)
	}
	w.end(some, "}")
}

// next begins a line for one more entry.
func (w *jsonWriter) next(more bool, depth int) {
	if more {
		w.put(",")
	}
	if w.gap != "" {
		w.put("\n" + strings.Repeat(w.gap, depth))
	}
}

func (w *jsonWriter) end(some bool, bracket string) {
	if some && w.gap != "" {
		w.put("\n" + strings.Repeat(w.gap, len(w.stack)-1))
	}
	w.put(bracket)
}

// put writes what needs no more care, and is where a call ends that has become
// too large or too long.
func (w *jsonWriter) put(s string) {
	w.j.limits.checkInterrupt()
	if w.b.Len()+len(s) > maxMade {
		w.j.limits.throwTooLong("JSON.stringify", "the text")
	}
	w.b.WriteString(s)
}

// text writes a text in quotes.
func (w *jsonWriter) text(v goja.Value) {
	s := v.String()
	if strings.IndexFunc(s, func(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' }) < 0 {
		w.put(`"` + s + `"`)
		return
	}
	quoted, err := w.j.plainStringify(goja.Undefined(), v)
	w.j.js.rethrow(err)
	w.put(quoted.String())
}
