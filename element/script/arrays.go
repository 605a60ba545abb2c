package script

import (
	"strconv"

	"github.com/dop251/goja"
)

// walkers are the functions of arrays that go through all indexes in Go, where
// no budget interrupts them.
func walkers() []string {
	return []string{
		"copyWithin", "entries", "every", "fill", "filter", "find", "findIndex", "findLast", "findLastIndex", "flatMap", "forEach",
		"includes", "indexOf", "lastIndexOf", "map", "reduce", "reduceRight", "reverse", "shift", "slice", "some", "sort",
		"splice", "toReversed", "toSorted", "toSpliced", "unshift", "with",
	}
}

// listers are the functions of Object and Reflect that make an entry for each
// member.
func listers() []string {
	return []string{"assign", "defineProperties", "entries", "getOwnPropertyDescriptors", "getOwnPropertyNames", "keys", "ownKeys", "values", "freeze", "seal", "isFrozen", "isSealed"}
}

// boundArrays bounds the functions of arrays and typed arrays, and those that
// list members.
func (b *builtins) boundArrays() {
	of := b.prototype("Array")
	for _, name := range walkers() {
		b.checkFirst(of, name, func(c *goja.FunctionCall) { b.limits.checkEntries(name, b.lengthOf(c.This)) })
	}
	b.checkFirst(of, "concat", func(c *goja.FunctionCall) {
		n := b.lengthOf(c.This)
		for _, a := range c.Arguments {
			n += b.lengthOf(a)
		}
		b.limits.checkEntries("concat", n)
	})
	b.checkFirst(of, "join", b.beforeJoin)
	typed := b.js.uint8Array.Prototype().Get("prototype").ToObject(b.js.vm)
	for _, name := range []string{"sort", "toSorted", "toLocaleString", "entries"} {
		b.checkFirst(typed, name, func(c *goja.FunctionCall) { b.limits.checkEntries(name, b.lengthOf(c.This)) })
	}
	b.checkFirst(typed, "join", func(c *goja.FunctionCall) {
		const digits = 25 // of the longest number
		n, between := b.lengthOf(c.This), b.separator(c)
		b.limits.checkEntries("join", n)
		b.limits.checkText("join", n*(digits+between))
	})
	for _, from := range []string{"Object", "Reflect"} {
		o := b.js.vm.Get(from).ToObject(b.js.vm)
		for _, name := range listers() {
			b.checkFirst(o, name, func(c *goja.FunctionCall) {
				for _, a := range c.Arguments {
					b.limits.checkEntries(name, b.lengthOf(a))
				}
			})
		}
	}
}

// beforeJoin makes texts of the entries, so that it is known how long they
// become together, and has those joined.
func (b *builtins) beforeJoin(c *goja.FunctionCall) {
	n := b.lengthOf(c.This)
	b.limits.checkEntries("join", n)
	list, ok := c.This.(*goja.Object)
	if !ok {
		return
	}
	between := b.separator(c)
	total, texts := 0.0, make([]any, int(n))
	for i := range texts {
		b.limits.checkInterrupt()
		v := list.Get(strconv.Itoa(i))
		switch x := v.(type) {
		case nil:
			v = goja.Undefined()
		case goja.String:
			total += float64(x.Length())
		case *goja.Object:
			s := b.js.toText(x)
			v, total = s, total+float64(s.Length())
		default:
			total += float64(len(v.String()))
		}
		texts[i] = v
		b.limits.checkText("join", total+between*float64(i))
	}
	c.This = b.js.vm.NewArray(texts...)
}

// separator is how long the text between joined entries is.
func (b *builtins) separator(c *goja.FunctionCall) float64 {
	if goja.IsUndefined(c.Argument(0)) {
		return 1
	}
	s := b.js.toText(c.Argument(0))
	c.Arguments[0] = s
	return float64(s.Length())
}

// boundCalls bounds what makes arguments of a list.
func (b *builtins) boundCalls() {
	args := func(name string, at int) func(*goja.FunctionCall) {
		return func(c *goja.FunctionCall) {
			if n := b.lengthOf(c.Argument(at)); n > MaxList {
				b.js.throw("%s: there are %.0f arguments; at most %d are allowed.", name, n, MaxList)
			}
		}
	}
	b.checkFirst(b.prototype("Function"), "apply", args("apply", 1))
	reflect := b.js.vm.Get("Reflect").ToObject(b.js.vm)
	b.checkFirst(reflect, "apply", args("apply", 2))
	b.checkFirst(reflect, "construct", args("construct", 1))
}
