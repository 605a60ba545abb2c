package script

import (
	_ "embed"

	"github.com/dop251/goja"
)

// builtinsJS replaces what JavaScript's own functions do in Go, which no limit
// of goja holds: too deep a recursion or too large an allocation would end the
// wholeNumber program. A Proxy can make any access recurse, and so can a regular
// expression its parser; those in the code are bounded with it.
//
//go:embed builtins.js
var builtinsJS string

// builtins are JavaScript's own functions as a script finds them: what runs in
// Go ends, and takes no more memory than a script may hold.
type builtins struct {
	js     *values
	limits *limits
	// Of builtins.js.
	plainLength, toPrimitive, revive goja.Callable
}

// install puts bounded functions in the place of JavaScript's.
func (b *builtins) install(program *goja.Program) {
	b.refuseCode()
	made, err := b.js.vm.RunProgram(program)
	must(err)
	parts := made.ToObject(b.js.vm)
	b.plainLength, _ = goja.AssertFunction(parts.Get("lengthOf"))
	b.toPrimitive, _ = goja.AssertFunction(parts.Get("primitive"))
	start, _ := goja.AssertFunction(parts.Get("start"))
	b.boundArrays() // before start: what builtins.js keeps of them is bounded too
	b.boundTexts()
	b.boundCalls()
	newBigInts(b).install()
	b.offerLimits(parts.Get("go").ToObject(b.js.vm))
	made, err = start(goja.Undefined())
	must(err)
	tools := made.ToObject(b.js.vm)
	b.revive, _ = goja.AssertFunction(tools.Get("revive"))
	b.defineHidden(spreadName, tools.Get("collect"))
	newJSONFunctions(b).install()
}

// defineHidden defines a global name that a script cannot change.
func (b *builtins) defineHidden(name string, v goja.Value) {
	must(b.js.vm.GlobalObject().DefineDataProperty(name, v, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
}

// offerLimits gives builtins.js the limits to ask.
func (b *builtins) offerLimits(to *goja.Object) {
	for name, check := range map[string]func(string, float64){
		"short": b.limits.checkEntries, "text": b.limits.checkText, "bytes": b.limits.checkBytes,
	} {
		must(to.Set(name, func(c goja.FunctionCall) goja.Value {
			check(c.Argument(0).String(), c.Argument(1).ToFloat())
			return goja.Undefined()
		}))
	}
	must(to.Set("digits", func(c goja.FunctionCall) goja.Value {
		if n := c.Argument(0).ToFloat(); n > maxDigits {
			b.js.throw("BigInt: the text has %.0f characters; at most %d are read.", n, maxDigits)
		}
		return goja.Undefined()
	}))
	must(to.Set("most", maxMade))
}

// checkFirst has a function asked before it is called.
func (b *builtins) checkFirst(o *goja.Object, name string, ask func(c *goja.FunctionCall)) {
	native, ok := goja.AssertFunction(o.Get(name))
	if !ok {
		return // goja does not know it
	}
	b.replace(o, name, func(c goja.FunctionCall) goja.Value {
		ask(&c)
		v, err := native(c.This, c.Arguments...)
		b.js.rethrow(err)
		return v
	})
}

// prototype is what the instances of a constructor share.
func (b *builtins) prototype(name string) *goja.Object {
	return b.js.vm.Get(name).ToObject(b.js.vm).Get("prototype").ToObject(b.js.vm)
}

// replace puts f in the place of a function, under its name.
func (b *builtins) replace(o *goja.Object, name string, f function) {
	made, was := b.js.vm.ToValue(f).ToObject(b.js.vm), o.Get(name).ToObject(b.js.vm)
	for _, same := range []string{"name", "length"} {
		must(made.DefineDataProperty(same, was.Get(same), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	must(o.DefineDataProperty(name, made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// lengthOf is how many entries a list says that it has, 0 of what is none. A
// length that a function computes is refused: it may say something else to the
// one who asks next.
func (b *builtins) lengthOf(list goja.Value) float64 {
	switch x := list.(type) {
	case goja.String:
		return float64(x.Length())
	case *goja.Object:
		if x.ClassName() == "Array" {
			return x.Get("length").ToFloat()
		}
		n, err := b.plainLength(goja.Undefined(), x)
		b.js.rethrow(err)
		return n.ToFloat()
	}
	return 0
}

// number makes a number of an argument, once.
func (b *builtins) number(c *goja.FunctionCall, at int) float64 {
	if at >= len(c.Arguments) {
		return 0
	}
	n := c.Arguments[at].ToFloat()
	c.Arguments[at] = b.js.vm.ToValue(n)
	return n
}

// refuseCode takes away what would get around the limits: code made at run time is
// parsed without bounds.
func (b *builtins) refuseCode() {
	global := b.js.vm.GlobalObject()
	must(global.Delete("eval"))
	refused := func(goja.ConstructorCall) *goja.Object {
		panic(b.js.vm.NewTypeError("code cannot be made from text here"))
	}
	for _, literal := range []string{"(function () {})", "(async function () {})", "(function* () {})", "(async function* () {})"} {
		f, err := b.js.vm.RunString(literal)
		if err != nil {
			continue // goja does not know this kind of function
		}
		proto := f.ToObject(b.js.vm).Prototype()
		stub := b.js.vm.ToValue(refused).ToObject(b.js.vm)
		must(stub.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
		must(proto.DefineDataProperty("constructor", stub, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
		if literal == "(function () {})" {
			must(global.Set("Function", stub))
		}
	}
}
