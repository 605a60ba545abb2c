package script

import (
	"math/big"

	"github.com/dop251/goja"
)

// bigInts bounds what makes BigInts, and are the functions that operands go
// through (operators.go).
type bigInts struct {
	js       *values
	builtins *builtins
	power    goja.Callable // Math.pow
}

func newBigInts(b *builtins) *bigInts {
	n := &bigInts{js: b.js, builtins: b}
	n.power, _ = goja.AssertFunction(b.js.vm.Get("Math").ToObject(b.js.vm).Get("pow"))
	return n
}

func (b *bigInts) install() {
	for name, f := range map[string]function{
		factorName: func(c goja.FunctionCall) goja.Value {
			v := b.primitive(c.Argument(0))
			b.checkFactor(v)
			return v
		},
		shiftName: func(c goja.FunctionCall) goja.Value {
			v := b.primitive(c.Argument(0))
			if n := bigOf(v); n != nil && n.CmpAbs(big.NewInt(maxBits)) > 0 {
				b.js.throw("a BigInt is shifted by %d bits at most.", maxBits)
			}
			return v
		},
		powerName: b.toThePower,
		addendName: func(c goja.FunctionCall) goja.Value {
			v := c.Argument(0)
			if o, ok := v.(*goja.Object); ok {
				made, err := b.builtins.toPrimitive(goja.Undefined(), o)
				b.js.rethrow(err)
				v = made
			}
			if s, ok := v.(goja.String); ok && s.Length() > maxMade {
				b.builtins.limits.throwTooLong("+", "the text")
			}
			return v
		},
	} {
		b.builtins.defineHidden(name, b.js.vm.ToValue(f))
	}
	of := b.js.vm.Get("BigInt").ToObject(b.js.vm)
	for _, name := range []string{"asIntN", "asUintN"} {
		b.builtins.checkFirst(of, name, func(c *goja.FunctionCall) {
			if b.builtins.number(c, 0) > maxBits {
				b.js.throw("%s: a BigInt has %d bits at most.", name, maxBits)
			}
		})
	}
}

// toThePower is **, and with one operand the right side of **=.
func (b *bigInts) toThePower(c goja.FunctionCall) goja.Value {
	if len(c.Arguments) == 1 {
		v := b.primitive(c.Argument(0))
		if bigOf(v) != nil {
			b.js.throw("**= takes no BigInt; write a = a ** b.")
		}
		return v
	}
	x, y := b.primitive(c.Argument(0)), b.primitive(c.Argument(1))
	base, exponent := bigOf(x), bigOf(y)
	switch {
	case base == nil && exponent == nil:
		v, err := b.power(goja.Undefined(), x, y)
		b.js.rethrow(err)
		return v
	case base == nil || exponent == nil:
		b.js.throw("Cannot mix BigInt and other types, use explicit conversions")
	case exponent.Sign() < 0:
		panic(b.rangeError("Exponent must be non-negative"))
	case base.BitLen() > 1 && (!exponent.IsInt64() || exponent.Int64() > maxBits || int64(base.BitLen())*exponent.Int64() > maxBits):
		b.js.throw("a BigInt has %d bits at most.", maxBits)
	case base.BitLen() <= 1: // 0, 1 and -1 stay what they are
		exponent = new(big.Int).And(exponent, big.NewInt(1))
		if base.Sign() == 0 && bigOf(y).Sign() > 0 {
			return b.js.vm.ToValue(new(big.Int))
		}
	}
	return b.js.vm.ToValue(new(big.Int).Exp(base, exponent, nil))
}

func (b *bigInts) checkFactor(v goja.Value) {
	if n := bigOf(v); n != nil && n.BitLen() > maxBits {
		b.js.throw("a BigInt that is a factor has %d bits at most.", maxBits)
	}
}

// primitive is an operand as the operators see it, made once.
func (b *bigInts) primitive(v goja.Value) goja.Value {
	if o, ok := v.(*goja.Object); ok {
		return o.ToNumber()
	}
	return v
}

// bigOf is a BigInt, nil of anything else.
func bigOf(v goja.Value) *big.Int {
	if v == nil || !goja.IsBigInt(v) {
		return nil
	}
	n, _ := v.Export().(*big.Int)
	return n
}

// rangeError is the RangeError with a message.
func (b *bigInts) rangeError(message string) *goja.Object {
	made, err := b.js.vm.New(b.js.vm.Get("RangeError"), b.js.vm.ToValue(message))
	b.js.rethrow(err)
	return made
}
