package script

import (
	"math/big"
	"reflect"

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

// checkOperands puts those functions into a script.
func checkOperands(tree *ast.Program) { rewrite(reflect.ValueOf(tree)) }

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
			if g := checked(e); g != nil && reflect.TypeOf(g).AssignableTo(v.Type()) {
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

// checked is what stands in the place of an expression, nil when that stays.
func checked(e ast.Expression) ast.Expression {
	switch x := e.(type) {
	case *ast.BinaryExpression:
		if isPlain(x.Left) || isPlain(x.Right) {
			return nil // a BigInt and a number are no operands of one operator
		}
		switch x.Operator {
		case token.PLUS:
			if !isText(x.Left) && !isText(x.Right) {
				x.Right = checkedBy(addendName, x.Right)
			}
		case token.MULTIPLY:
			x.Right = checkedBy(factorName, x.Right)
		case token.SHIFT_LEFT, token.SHIFT_RIGHT:
			x.Right = checkedBy(shiftName, x.Right)
		case token.EXPONENT:
			return checkedBy(powerName, x.Left, x.Right)
		default:
		}
	case *ast.AssignExpression:
		checkAssignment(x)
	case *ast.TemplateLiteral:
		for i := range x.Expressions {
			x.Expressions[i] = checkedBy(addendName, x.Expressions[i])
		}
	case *ast.ArrayLiteral:
		checkSpread(x.Value)
	case *ast.CallExpression:
		checkSpread(x.ArgumentList)
	case *ast.NewExpression:
		checkSpread(x.ArgumentList)
	}
	return nil
}

// checkSpread checks the three dots of a list; those of an object copy members.
func checkSpread(list []ast.Expression) {
	for _, e := range list {
		if s, ok := e.(*ast.SpreadElement); ok {
			s.Expression = checkedBy(spreadName, s.Expression)
		}
	}
}

func checkAssignment(x *ast.AssignExpression) {
	if isPlain(x.Right) {
		return
	}
	switch x.Operator {
	case token.PLUS:
		if !isText(x.Right) {
			x.Right = checkedBy(addendName, x.Right)
		}
	case token.MULTIPLY:
		x.Right = checkedBy(factorName, x.Right)
	case token.SHIFT_LEFT, token.SHIFT_RIGHT:
		x.Right = checkedBy(shiftName, x.Right)
	case token.EXPONENT:
		if name, ok := x.Left.(*ast.Identifier); ok {
			x.Operator = token.ASSIGN
			x.Right = checkedBy(powerName, &ast.Identifier{Name: name.Name, Idx: name.Idx}, x.Right)
			return
		}
		x.Right = checkedBy(powerName, x.Right)
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

func checkedBy(name unistring.String, operands ...ast.Expression) ast.Expression {
	at := operands[0].Idx0()
	return &ast.CallExpression{
		Callee: &ast.Identifier{Name: name, Idx: at}, ArgumentList: operands,
		LeftParenthesis: at, RightParenthesis: operands[len(operands)-1].Idx1(),
	}
}
