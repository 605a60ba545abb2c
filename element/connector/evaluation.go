package connector

import (
	"math"
	"strings"

	"fieldline/element"
)

// operandValue is a value on its way through a condition.
type operandValue struct {
	v     element.Value
	isLog bool // a truth value: truth
	truth bool
	empty string // "empty" or "emptystring"
	fixed bool
}

// Eval evaluates the condition with the present values; lookup returns the
// zero Value for a parameter that was never set. A comparison whose operands
// cannot be compared is false and is named by the error, for the log.
func (c *Condition) Eval(lookup func(element.ParamID) element.Value) (bool, error) {
	if c == nil || c.root == nil {
		return true, nil
	}
	ev := &evaluation{lookup: lookup, source: c.Source}
	return ev.eval(c.root).truth, ev.err
}

type evaluation struct {
	lookup func(element.ParamID) element.Value
	source string
	err    error
}

func (ev *evaluation) fail(why string) operandValue {
	if ev.err == nil {
		ev.err = element.Errorf(element.Invalid, "The condition %q is false: %s.", Shorten(ev.source), why)
	}
	return operandValue{isLog: true}
}

func (ev *evaluation) eval(e *expr) operandValue {
	switch e.op {
	case "id":
		return operandValue{v: ev.lookup(e.id), fixed: e.fixed}
	case "text":
		return operandValue{v: element.Text(e.text)}
	case "number":
		return operandValue{v: element.Number(e.num)}
	case "empty", "emptystring":
		return operandValue{empty: e.op}
	case "OR":
		left, right := ev.eval(e.left), ev.eval(e.right)
		return operandValue{isLog: true, truth: left.truth || right.truth}
	case "AND":
		left, right := ev.eval(e.left), ev.eval(e.right)
		return operandValue{isLog: true, truth: left.truth && right.truth}
	case "==", "!=", ">", "<", ">=", "<=":
		return ev.compare(e.op, ev.eval(e.left), ev.eval(e.right))
	}
	return ev.compute(e.op, ev.eval(e.left), ev.eval(e.right))
}

func (ev *evaluation) compare(op string, a, b operandValue) operandValue {
	yes := func(t bool) operandValue { return operandValue{isLog: true, truth: t} }
	switch {
	case a.isLog && b.isLog && (op == "==" || op == "!="):
		return yes((a.truth == b.truth) == (op == "=="))
	case a.isLog || b.isLog:
		return ev.fail("a comparison is compared with a value")
	case a.empty != "" || b.empty != "":
		if op != "==" && op != "!=" {
			return ev.fail("empty is only equal or not equal")
		}
		if a.empty != "" {
			a, b = b, a
		}
		if a.empty != "" {
			return yes(op == "==")
		}
		is := !a.v.IsSet() || b.empty == "emptystring" && a.v.IsEmpty()
		if f, ok := a.v.Float(); a.fixed && ok && f == 0 {
			is = true
		}
		return yes(is == (op == "=="))
	}
	order, ok := ordering(a.v, b.v)
	if !ok {
		return ev.fail("a text that is not a number is compared with a number")
	}
	switch op {
	case "==":
		return yes(order == 0)
	case "!=":
		return yes(order != 0)
	case ">":
		return yes(order > 0)
	case "<":
		return yes(order < 0)
	case ">=":
		return yes(order >= 0)
	}
	return yes(order <= 0)
}

// ordering compares two values: as texts when neither is a number, else as
// numbers. What was never set is 0 or the empty text.
func ordering(a, b element.Value) (int, bool) {
	if a.Kind() != element.KindNumber && b.Kind() != element.KindNumber {
		return strings.Compare(a.String(), b.String()), true
	}
	x, okX := operandNumber(a)
	y, okY := operandNumber(b)
	switch {
	case !okX || !okY:
		return 0, false
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

func operandNumber(v element.Value) (float64, bool) {
	if !v.IsSet() {
		return 0, true
	}
	return v.Float()
}

func (ev *evaluation) compute(op string, a, b operandValue) operandValue {
	if a.isLog || b.isLog || a.empty != "" || b.empty != "" {
		return ev.fail("it calculates with what is not a value")
	}
	if op == "+" && a.v.Kind() == element.KindText && b.v.Kind() == element.KindText {
		return operandValue{v: element.Text(a.v.String() + b.v.String())}
	}
	x, okX := operandNumber(a.v)
	y, okY := operandNumber(b.v)
	if !okX || !okY {
		return ev.fail("it calculates with a text that is not a number")
	}
	var z float64
	switch op {
	case "+":
		z = x + y
	case "-":
		z = x - y
	case "*":
		z = x * y
	case "/":
		z = x / y
	case "|":
		z = float64(bits(x) | bits(y))
	case "^":
		z = float64(bits(x) ^ bits(y))
	case "&":
		z = float64(bits(x) & bits(y))
	}
	if !element.IsFinite(z) {
		return ev.fail("it divides by zero or leaves the range of numbers")
	}
	return operandValue{v: element.Number(z)}
}

// bits is the operand of a bitwise operator: floored, and 0 outside 53 bits.
func bits(f float64) int64 {
	if f = math.Floor(f); math.Abs(f) > 1<<53 {
		return 0
	}
	return int64(f)
}
