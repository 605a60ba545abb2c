package script

import "github.com/dop251/goja"

// boundTexts bounds the functions of texts that make longer ones.
func (b *builtins) boundTexts() {
	of := b.prototype("String")
	for _, name := range []string{"repeat", "padStart", "padEnd"} {
		b.checkFirst(of, name, func(c *goja.FunctionCall) {
			n := b.number(c, 0)
			if name == "repeat" {
				if s, ok := b.coerced(c); ok {
					n *= float64(max(s.Length(), 1))
				}
			}
			b.limits.checkText(name, n)
		})
	}
	b.checkFirst(of, "concat", func(c *goja.FunctionCall) {
		total := 0.0
		if s, ok := b.coerced(c); ok {
			total = float64(s.Length())
		}
		for i, a := range c.Arguments {
			s := b.js.toText(a)
			c.Arguments[i] = s
			total += float64(s.Length())
		}
		b.limits.checkText("concat", total)
	})
	b.checkFirst(of, "normalize", func(c *goja.FunctionCall) {
		const grows = 18 // by this at most: U+FDFA in form NFKC
		if s, ok := b.coerced(c); ok {
			b.limits.checkText("normalize", float64(s.Length())*grows/4)
		}
	})
	b.boundSplit(of)
}

// boundSplit bounds the texts that split makes by its own limit of them.
func (b *builtins) boundSplit(of *goja.Object) {
	native, _ := goja.AssertFunction(of.Get("split"))
	b.replace(of, "split", func(c goja.FunctionCall) goja.Value {
		all := goja.IsUndefined(c.Argument(1))
		most := b.js.vm.ToValue(maxWalk + 1)
		if n := b.number(&c, 1); !all && n >= 0 && n <= maxWalk {
			most = c.Arguments[1]
		}
		v, err := native(c.This, c.Argument(0), most)
		b.js.rethrow(err)
		if all {
			b.limits.checkEntries("split", b.lengthOf(v))
		}
		return v
	})
}

// coerced makes a text of what a function of texts is called on, once.
func (b *builtins) coerced(c *goja.FunctionCall) (goja.String, bool) {
	if c.This == nil || goja.IsUndefined(c.This) || goja.IsNull(c.This) {
		return nil, false
	}
	s := b.js.toText(c.This)
	c.This = s
	return s, true
}
