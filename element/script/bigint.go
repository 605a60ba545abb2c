package script

import (
	"math/big"
	"reflect"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// Operators are carried out in Go, and three of them make a BigInt of any size
// of two small ones; + doubles a text, and three dots make a list of whatever
// can be gone through.
// So each operand that decides the size goes through a function first. Their
// names cannot be written in a script.
const (
	factorName = "a factor"
	shiftName  = "a shift"
	powerName  = "a power"
	spreadName = "a list"
	addendName = "an addend"
)

// guardOperators puts those functions into a script.
func guardOperators(tree *ast.Program) { rewrite(reflect.ValueOf(tree)) }

// rewrite goes through a tree and replaces expressions on its way back.
func rewrite(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			rewrite(v.Elem())
		}
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		rewrite(v.Elem())
		if e, ok := reflect.TypeAssert[ast.Expression](v); ok && v.CanSet() {
			if g := guarded(e); g != nil && reflect.TypeOf(g).AssignableTo(v.Type()) {
				v.Set(reflect.ValueOf(g))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			rewrite(v.Index(i))
		}
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[ast.Program]().PkgPath() {
			return // a file, a number
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "DeclarationList" {
				rewrite(v.Field(i))
			}
		}
	default:
	}
}

// guarded is what stands in the place of an expression, nil when that stays.
func guarded(e ast.Expression) ast.Expression {
	switch x := e.(type) {
	case *ast.BinaryExpression:
		if isPlain(x.Left) || isPlain(x.Right) {
			return nil // a BigInt and a number are no operands of one operator
		}
		switch x.Operator {
		case token.PLUS:
			if !isText(x.Left) && !isText(x.Right) {
				x.Right = guard(addendName, x.Right)
			}
		case token.MULTIPLY:
			x.Right = guard(factorName, x.Right)
		case token.SHIFT_LEFT, token.SHIFT_RIGHT:
			x.Right = guard(shiftName, x.Right)
		case token.EXPONENT:
			return guard(powerName, x.Left, x.Right)
		default:
		}
	case *ast.AssignExpression:
		guardAssignment(x)
	case *ast.TemplateLiteral:
		for i := range x.Expressions {
			x.Expressions[i] = guard(addendName, x.Expressions[i])
		}
	case *ast.ArrayLiteral:
		guardSpread(x.Value)
	case *ast.CallExpression:
		guardSpread(x.ArgumentList)
	case *ast.NewExpression:
		guardSpread(x.ArgumentList)
	}
	return nil
}

// guardSpread guards the three dots of a list; those of an object copy members.
func guardSpread(list []ast.Expression) {
	for _, e := range list {
		if s, ok := e.(*ast.SpreadElement); ok {
			s.Expression = guard(spreadName, s.Expression)
		}
	}
}

func guardAssignment(x *ast.AssignExpression) {
	if isPlain(x.Right) {
		return
	}
	switch x.Operator {
	case token.PLUS:
		if !isText(x.Right) {
			x.Right = guard(addendName, x.Right)
		}
	case token.MULTIPLY:
		x.Right = guard(factorName, x.Right)
	case token.SHIFT_LEFT, token.SHIFT_RIGHT:
		x.Right = guard(shiftName, x.Right)
	case token.EXPONENT:
		if name, ok := x.Left.(*ast.Identifier); ok {
			x.Operator = token.ASSIGN
			x.Right = guard(powerName, &ast.Identifier{Name: name.Name, Idx: name.Idx}, x.Right)
			return
		}
		x.Right = guard(powerName, x.Right)
	default:
	}
}

// isPlain reports whether an expression is a number for sure.
func isPlain(e ast.Expression) bool {
	n, ok := e.(*ast.NumberLiteral)
	if !ok {
		return false
	}
	_, big := n.Value.(*big.Int)
	return !big
}

// isText reports whether an expression is a text that the script holds.
func isText(e ast.Expression) bool {
	_, ok := e.(*ast.StringLiteral)
	return ok
}

func guard(name unistring.String, operands ...ast.Expression) ast.Expression {
	at := operands[0].Idx0()
	return &ast.CallExpression{
		Callee: &ast.Identifier{Name: name, Idx: at}, ArgumentList: operands,
		LeftParenthesis: at, RightParenthesis: operands[len(operands)-1].Idx1(),
	}
}

// boundBigInts makes the functions that operands go through, and bounds those
// that make BigInts.
func (m *machine) boundBigInts() {
	m.power, _ = goja.AssertFunction(m.vm.Get("Math").ToObject(m.vm).Get("pow"))
	for name, f := range map[string]function{
		factorName: func(c goja.FunctionCall) goja.Value {
			v := m.primitive(c.Argument(0))
			m.mustBeSmall(v)
			return v
		},
		shiftName: func(c goja.FunctionCall) goja.Value {
			v := m.primitive(c.Argument(0))
			if n := bigOf(v); n != nil && n.CmpAbs(big.NewInt(maxBits)) > 0 {
				m.throw("a BigInt is shifted by %d bits at most.", maxBits)
			}
			return v
		},
		powerName: m.toThePower,
		addendName: func(c goja.FunctionCall) goja.Value {
			v := c.Argument(0)
			if o, ok := v.(*goja.Object); ok {
				made, err := m.toPrimitive(goja.Undefined(), o)
				m.pass(err)
				v = made
			}
			if s, ok := v.(goja.String); ok && s.Length() > maxMade {
				m.tooLarge("+", "the text")
			}
			return v
		},
	} {
		m.must(m.vm.GlobalObject().DefineDataProperty(name, m.vm.ToValue(f), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	}
	of := m.vm.Get("BigInt").ToObject(m.vm)
	for _, name := range []string{"asIntN", "asUintN"} {
		m.door(of, name, func(c *goja.FunctionCall) {
			if m.number(c, 0) > maxBits {
				m.throw("%s: a BigInt has %d bits at most.", name, maxBits)
			}
		})
	}
}

// toThePower is **, and with one operand the right side of **=.
func (m *machine) toThePower(c goja.FunctionCall) goja.Value {
	if len(c.Arguments) == 1 {
		v := m.primitive(c.Argument(0))
		if bigOf(v) != nil {
			m.throw("**= takes no BigInt; write a = a ** b.")
		}
		return v
	}
	x, y := m.primitive(c.Argument(0)), m.primitive(c.Argument(1))
	base, exponent := bigOf(x), bigOf(y)
	switch {
	case base == nil && exponent == nil:
		v, err := m.power(goja.Undefined(), x, y)
		m.pass(err)
		return v
	case base == nil || exponent == nil:
		m.throw("Cannot mix BigInt and other types, use explicit conversions")
	case exponent.Sign() < 0:
		panic(m.rangeError("Exponent must be non-negative"))
	case base.BitLen() > 1 && (!exponent.IsInt64() || exponent.Int64() > maxBits || int64(base.BitLen())*exponent.Int64() > maxBits):
		m.throw("a BigInt has %d bits at most.", maxBits)
	case base.BitLen() <= 1: // 0, 1 and -1 stay what they are
		exponent = new(big.Int).And(exponent, big.NewInt(1))
		if base.Sign() == 0 && bigOf(y).Sign() > 0 {
			return m.vm.ToValue(new(big.Int))
		}
	}
	return m.vm.ToValue(new(big.Int).Exp(base, exponent, nil))
}

func (m *machine) mustBeSmall(v goja.Value) {
	if n := bigOf(v); n != nil && n.BitLen() > maxBits {
		m.throw("a BigInt that is a factor has %d bits at most.", maxBits)
	}
}

// primitive is an operand as the operators see it, made once.
func (m *machine) primitive(v goja.Value) goja.Value {
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
func (m *machine) rangeError(message string) *goja.Object {
	made, err := m.vm.New(m.vm.Get("RangeError"), m.vm.ToValue(message))
	m.pass(err)
	return made
}
