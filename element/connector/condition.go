package connector

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
)

// Limits of a condition.
const (
	maxCondition      = 16 << 10 // bytes
	maxConditionDepth = 64       // brackets inside each other
)

// expr is a node of a condition. An operator has left and right.
type expr struct {
	op          string // "id", "text", "number", "empty", "emptystring", or an operator
	text        string
	num         float64
	id          element.ParamID
	fixed       bool // id of a numeric parameter of fixed length
	left, right *expr
}

// compares reports whether the outcome is true or false, and no value.
func (e *expr) compares() bool {
	switch e.op {
	case "OR", "AND", "==", "!=", ">", "<", ">=", "<=":
		return true
	}
	return false
}

type token struct {
	kind string // "(", ")", "op", "operand"
	op   string
	expr *expr
	at   int
}

// parseCondition reads a condition. Operators, loosest first: OR, AND, == !=,
// > < >= <=, | ^ &, + -, * /.
func parseCondition(src string) (*Condition, error) {
	if len(src) > maxCondition {
		return nil, element.Errorf(element.Invalid, "It is longer than %d bytes.", maxCondition)
	}
	tokens, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &conditionParser{tokens: tokens, cond: &Condition{Source: src}}
	root, err := p.binary(0, 0)
	if err != nil {
		return nil, err
	}
	if p.next < len(tokens) {
		return nil, element.Errorf(element.Invalid, "An operator is missing at position %d.", tokens[p.next].at+1)
	}
	if !root.compares() {
		return nil, element.Errorf(element.Invalid, "It compares nothing.")
	}
	p.cond.root = root
	return p.cond, nil
}

// levels are the operators by precedence, loosest first.
func levels() [][]string {
	return [][]string{{"OR"}, {"AND"}, {"==", "!="}, {">", "<", ">=", "<="}, {"|", "^", "&"}, {"+", "-"}, {"*", "/"}}
}

type conditionParser struct {
	tokens []token
	next   int
	cond   *Condition
}

func (p *conditionParser) binary(level, depth int) (*expr, error) {
	all := levels()
	if level == len(all) {
		return p.operand(depth)
	}
	left, err := p.binary(level+1, depth)
	if err != nil {
		return nil, err
	}
	for p.next < len(p.tokens) && p.tokens[p.next].kind == "op" && slices.Contains(all[level], p.tokens[p.next].op) {
		op := p.tokens[p.next].op
		p.next++
		right, err := p.binary(level+1, depth)
		if err != nil {
			return nil, err
		}
		if level <= 1 && (!left.compares() || !right.compares()) {
			return nil, element.Errorf(element.Invalid, "What stands beside %s is not a comparison.", op)
		}
		left = &expr{op: op, left: left, right: right}
	}
	return left, nil
}

func (p *conditionParser) operand(depth int) (*expr, error) {
	if depth > maxConditionDepth {
		return nil, element.Errorf(element.Invalid, "Its brackets are nested deeper than %d.", maxConditionDepth)
	}
	if p.next >= len(p.tokens) {
		return nil, element.Errorf(element.Invalid, "It ends where an operand is expected.")
	}
	t := p.tokens[p.next]
	p.next++
	switch t.kind {
	case "operand":
		if t.expr.op == "id" && !slices.Contains(p.cond.Params, t.expr.id) {
			p.cond.Params = append(p.cond.Params, t.expr.id)
		}
		return t.expr, nil
	case "(":
		e, err := p.binary(0, depth+1)
		if err != nil {
			return nil, err
		}
		if p.next >= len(p.tokens) || p.tokens[p.next].kind != ")" {
			return nil, element.Errorf(element.Invalid, "The bracket at position %d is not closed.", t.at+1)
		}
		p.next++
		return e, nil
	}
	return nil, element.Errorf(element.Invalid, "An operand is missing at position %d.", t.at+1)
}

func lex(src string) ([]token, error) {
	var list []token
	for i := 0; i < len(src); {
		c := src[i]
		operand := len(list) == 0 || list[len(list)-1].kind == "op" || list[len(list)-1].kind == "("
		switch {
		case c <= ' ':
			i++
		case c == '(' || c == ')':
			list = append(list, token{kind: string(c), at: i})
			i++
		case c == '"':
			end := strings.IndexByte(src[i+1:], '"')
			if end < 0 {
				return nil, element.Errorf(element.Invalid, "The text at position %d has no closing quote.", i+1)
			}
			list = append(list, token{kind: "operand", at: i, expr: &expr{op: "text", text: src[i+1 : i+1+end]}})
			i += end + 2
		case strings.IndexByte("=!<>|^&+-*/", c) >= 0 && (c != '-' || !operand):
			op := src[i : i+1]
			if i+1 < len(src) && src[i+1] == '=' && strings.IndexByte("=!<>", c) >= 0 {
				op = src[i : i+2]
			}
			if op == "=" || op == "!" {
				return nil, element.Errorf(element.Invalid, "%q at position %d is not an operator; equality is written == and !=.", op, i+1)
			}
			list = append(list, token{kind: "op", op: op, at: i})
			i += len(op)
		default:
			end := i + 1
			for end < len(src) && src[end] > ' ' && strings.IndexByte(`()"=!<>|^&*/`, src[end]) < 0 && !splits(src, i, end) {
				end++
			}
			t, err := word(src[i:end], i)
			if err != nil {
				return nil, err
			}
			list = append(list, t)
			i = end
		}
	}
	return list, nil
}

// splits reports whether the + or - at end is an operator and no part of a
// number such as 1e-3.
func splits(src string, start, end int) bool {
	if src[end] != '+' && src[end] != '-' {
		return false
	}
	before := src[end-1]
	return before != 'e' && before != 'E' || src[start] < '0' || src[start] > '9'
}

func word(s string, at int) (token, error) {
	switch low := strings.ToLower(s); {
	case low == "or" || low == "and":
		return token{kind: "op", op: strings.ToUpper(s), at: at}, nil
	case low == "empty" || low == "emptystring":
		return token{kind: "operand", at: at, expr: &expr{op: low}}, nil
	case strings.HasPrefix(low, "id:"):
		id, err := strconv.Atoi(s[3:])
		if err != nil || id < 0 || id > MaxID {
			return token{}, element.Errorf(element.Invalid, "%q at position %d is not id: and the id of a parameter.", Shorten(s), at+1)
		}
		return token{kind: "operand", at: at, expr: &expr{op: "id", id: element.ParamID(id)}}, nil
	}
	f, ok := element.ParseNumber(s)
	if !ok {
		return token{}, element.Errorf(element.Invalid, "%q at position %d is neither id:, a number, a text in quotes nor an operator.", Shorten(s), at+1)
	}
	return token{kind: "operand", at: at, expr: &expr{op: "number", num: f}}, nil
}

// markFixed marks operands that are never empty: numbers of fixed length, for
// which 0 counts as empty (documentation page LogicConditions).
func (c *Condition) markFixed(d *Definition) {
	var walk func(e *expr)
	walk = func(e *expr) {
		if e == nil {
			return
		}
		if p := d.params[e.id]; e.op == "id" && p != nil {
			e.fixed = p.IsNumber && p.Interprete.LengthType == codec.LengthFixed
		}
		walk(e.left)
		walk(e.right)
	}
	walk(c.root)
}

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

// Condition is a parsed Condition of a pair, group, timer, trigger, action or
// QAction (documentation page LogicConditions).
type Condition struct {
	Source string
	Params []element.ParamID // that it refers to

	root *expr
}
