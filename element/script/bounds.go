package script

import (
	_ "embed"
	"math"
	"strconv"

	"github.com/dop251/goja"
)

// bounds replaces what JavaScript's own functions do in Go, which no limit of
// goja holds: too deep a recursion or too large an allocation would end the
// whole program. A Proxy can make any access recurse, and so can a regular
// expression its parser; those in the code are bounded with it.
//
//go:embed bounds.js
var bounds string

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

// bound makes what runs in Go end, and take no more memory than a script may
// hold: each of these functions is asked before what it would make.
func (m *machine) bound(bounds *goja.Program) {
	made, err := m.vm.RunProgram(bounds)
	m.must(err)
	parts := made.ToObject(m.vm)
	m.plainLength, _ = goja.AssertFunction(parts.Get("lengthOf"))
	m.toPrimitive, _ = goja.AssertFunction(parts.Get("primitive"))
	start, _ := goja.AssertFunction(parts.Get("start"))
	m.boundArrays() // first: what JavaScript keeps of them is bounded too
	m.boundTexts()
	m.boundCalls()
	m.boundBigInts()
	limits := parts.Get("go").ToObject(m.vm)
	m.must(limits.Set("short", func(c goja.FunctionCall) goja.Value {
		m.mustBeShort(c.Argument(0).String(), c.Argument(1).ToFloat())
		return goja.Undefined()
	}))
	m.must(limits.Set("text", func(c goja.FunctionCall) goja.Value {
		m.mustBeText(c.Argument(0).String(), c.Argument(1).ToFloat())
		return goja.Undefined()
	}))
	m.must(limits.Set("bytes", func(c goja.FunctionCall) goja.Value {
		m.mustFit(c.Argument(0).String(), c.Argument(1).ToFloat())
		return goja.Undefined()
	}))
	m.must(limits.Set("digits", func(c goja.FunctionCall) goja.Value {
		if n := c.Argument(0).ToFloat(); n > maxDigits {
			m.throw("BigInt: the text has %.0f characters; at most %d are read.", n, maxDigits)
		}
		return goja.Undefined()
	}))
	m.must(limits.Set("most", maxMade))
	tools, err := start(goja.Undefined())
	m.must(err)
	m.revive, _ = goja.AssertFunction(tools.ToObject(m.vm).Get("revive"))
	m.must(m.vm.GlobalObject().DefineDataProperty(spreadName, tools.ToObject(m.vm).Get("collect"), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
}

// door has a function asked before it is called.
func (m *machine) door(o *goja.Object, name string, ask func(c *goja.FunctionCall)) {
	native, ok := goja.AssertFunction(o.Get(name))
	if !ok {
		return // goja does not know it
	}
	m.replace(o, name, func(c goja.FunctionCall) goja.Value {
		ask(&c)
		v, err := native(c.This, c.Arguments...)
		m.pass(err)
		return v
	})
}

// prototype is what the instances of a constructor share.
func (m *machine) prototype(name string) *goja.Object {
	return m.vm.Get(name).ToObject(m.vm).Get("prototype").ToObject(m.vm)
}

func (m *machine) boundArrays() {
	of := m.prototype("Array")
	for _, name := range walkers() {
		m.door(of, name, func(c *goja.FunctionCall) { m.mustBeShort(name, m.lengthOf(c.This)) })
	}
	m.door(of, "concat", func(c *goja.FunctionCall) {
		n := m.lengthOf(c.This)
		for _, a := range c.Arguments {
			n += m.lengthOf(a)
		}
		m.mustBeShort("concat", n)
	})
	m.door(of, "join", m.beforeJoin)
	typed := m.bytes.Prototype().Get("prototype").ToObject(m.vm)
	for _, name := range []string{"sort", "toSorted", "toLocaleString", "entries"} {
		m.door(typed, name, func(c *goja.FunctionCall) { m.mustBeShort(name, m.lengthOf(c.This)) })
	}
	m.door(typed, "join", func(c *goja.FunctionCall) {
		const digits = 25 // of the longest number
		n, between := m.lengthOf(c.This), m.separator(c)
		m.mustBeShort("join", n)
		m.mustBeText("join", n*(digits+between))
	})
	for _, from := range []string{"Object", "Reflect"} {
		o := m.vm.Get(from).ToObject(m.vm)
		for _, name := range listers() {
			m.door(o, name, func(c *goja.FunctionCall) {
				for _, a := range c.Arguments {
					m.mustBeShort(name, m.lengthOf(a))
				}
			})
		}
	}
}

// beforeJoin makes texts of the entries, so that it is known how long they
// become together, and has those joined.
func (m *machine) beforeJoin(c *goja.FunctionCall) {
	n := m.lengthOf(c.This)
	m.mustBeShort("join", n)
	list, ok := c.This.(*goja.Object)
	if !ok {
		return
	}
	between := m.separator(c)
	total, texts := 0.0, make([]any, int(n))
	for i := range texts {
		m.goOn()
		v := m.at(list, i)
		switch x := v.(type) {
		case nil:
			v = goja.Undefined()
		case goja.String:
			total += float64(x.Length())
		case *goja.Object:
			s := m.textValue(x)
			v, total = s, total+float64(s.Length())
		default:
			total += float64(len(v.String()))
		}
		texts[i] = v
		m.mustBeText("join", total+between*float64(i))
	}
	c.This = m.vm.NewArray(texts...)
}

// separator is how long the text between joined entries is.
func (m *machine) separator(c *goja.FunctionCall) float64 {
	if goja.IsUndefined(c.Argument(0)) {
		return 1
	}
	s := m.textValue(c.Argument(0))
	c.Arguments[0] = s
	return float64(s.Length())
}

func (m *machine) boundTexts() {
	of := m.prototype("String")
	for _, name := range []string{"repeat", "padStart", "padEnd"} {
		m.door(of, name, func(c *goja.FunctionCall) {
			n := m.number(c, 0)
			if name == "repeat" {
				if s, ok := m.coerced(c); ok {
					n *= float64(max(s.Length(), 1))
				}
			}
			m.mustBeText(name, n)
		})
	}
	m.door(of, "concat", func(c *goja.FunctionCall) {
		total := 0.0
		if s, ok := m.coerced(c); ok {
			total = float64(s.Length())
		}
		for i, a := range c.Arguments {
			s := m.textValue(a)
			c.Arguments[i] = s
			total += float64(s.Length())
		}
		m.mustBeText("concat", total)
	})
	m.door(of, "normalize", func(c *goja.FunctionCall) {
		const grows = 18 // by this at most: U+FDFA in form NFKC
		if s, ok := m.coerced(c); ok {
			m.mustBeText("normalize", float64(s.Length())*grows/4)
		}
	})
	m.boundSplit(of)
}

// boundSplit bounds the texts that split makes by its own limit of them.
func (m *machine) boundSplit(of *goja.Object) {
	native, _ := goja.AssertFunction(of.Get("split"))
	m.replace(of, "split", func(c goja.FunctionCall) goja.Value {
		all := goja.IsUndefined(c.Argument(1))
		most := m.vm.ToValue(maxWalk + 1)
		if n := m.number(&c, 1); !all && n >= 0 && n <= maxWalk {
			most = c.Arguments[1]
		}
		v, err := native(c.This, c.Argument(0), most)
		m.pass(err)
		if all {
			m.mustBeShort("split", m.lengthOf(v))
		}
		return v
	})
}

// boundCalls bounds what makes arguments of a list.
func (m *machine) boundCalls() {
	args := func(name string, at int) func(*goja.FunctionCall) {
		return func(c *goja.FunctionCall) {
			if n := m.lengthOf(c.Argument(at)); n > MaxList {
				m.throw("%s: there are %.0f arguments; at most %d are allowed.", name, n, MaxList)
			}
		}
	}
	m.door(m.prototype("Function"), "apply", args("apply", 1))
	reflect := m.vm.Get("Reflect").ToObject(m.vm)
	m.door(reflect, "apply", args("apply", 2))
	m.door(reflect, "construct", args("construct", 1))
}

// replace puts f in the place of a function, under its name.
func (m *machine) replace(o *goja.Object, name string, f function) {
	made, was := m.vm.ToValue(f).ToObject(m.vm), o.Get(name).ToObject(m.vm)
	for _, same := range []string{"name", "length"} {
		m.must(made.DefineDataProperty(same, was.Get(same), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	m.must(o.DefineDataProperty(name, made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// lengthOf is how many entries a list says that it has, 0 of what is none. A
// length that a function computes is refused: it may say something else to the
// one who asks next.
func (m *machine) lengthOf(list goja.Value) float64 {
	switch x := list.(type) {
	case goja.String:
		return float64(x.Length())
	case *goja.Object:
		if x.ClassName() == "Array" {
			return x.Get("length").ToFloat()
		}
		n, err := m.plainLength(goja.Undefined(), x)
		m.pass(err)
		return n.ToFloat()
	}
	return 0
}

// number makes a number of an argument, once.
func (m *machine) number(c *goja.FunctionCall, at int) float64 {
	if at >= len(c.Arguments) {
		return 0
	}
	n := c.Arguments[at].ToFloat()
	c.Arguments[at] = m.vm.ToValue(n)
	return n
}

func (m *machine) mustBeShort(name string, n float64) {
	if n > maxWalk {
		m.throw("%s: the array has %.0f entries; at most %d are gone through.", name, n, maxWalk)
	}
}

func (m *machine) mustBeText(name string, n float64) {
	if n > maxMade {
		m.tooLarge(name, "the text")
	}
	if n > aLot {
		m.room(name, int64(2*n))
	}
}

// mustFit is asked before memory is taken. What is no size the function itself
// refuses.
func (m *machine) mustFit(name string, n float64) {
	if n > maxBuffer {
		m.throw("%s: it would take %.0f bytes; at most %d are allowed.", name, n, maxBuffer)
	}
	if n > aLot {
		m.room(name, int64(math.Ceil(n)))
	}
}

func (m *machine) tooLarge(name, what string) {
	m.throw("%s: %s becomes longer than the %d characters that are allowed.", name, what, maxMade)
}

// coerced makes a text of what a function of texts is called on, once.
func (m *machine) coerced(c *goja.FunctionCall) (goja.String, bool) {
	if c.This == nil || goja.IsUndefined(c.This) || goja.IsNull(c.This) {
		return nil, false
	}
	s := m.textValue(c.This)
	c.This = s
	return s, true
}

// textValue is what String() makes of a value.
func (m *machine) textValue(v goja.Value) goja.String {
	if s, ok := v.(goja.String); ok {
		return s
	}
	made, err := m.toString(goja.Undefined(), v)
	m.pass(err)
	s, _ := made.(goja.String)
	return s
}

// at is an entry of a list.
func (m *machine) at(list *goja.Object, i int) goja.Value {
	return list.Get(strconv.Itoa(i))
}

// room is asked before a function takes so many bytes at once.
func (m *machine) room(what string, bytes int64) {
	full := bytes > aLot && m.full != nil && m.full(bytes)
	if full {
		m.interrupt(errMemory) // who catches what is thrown does not go on
	}
	if full || bytes > m.o.Memory {
		m.throw("%s: it would take about %d MiB; the scripts of an element may hold %d MiB.", what, bytes>>20, m.o.Memory>>20)
	}
}

// goOn ends a function in Go whose time or memory is used up: the machine then
// sees that it is interrupted.
func (m *machine) goOn() {
	if m.interrupted.Load() {
		m.throw("the time is over")
	}
}
