package connector

import (
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

// Condition is a parsed Condition of a pair, group, timer, trigger, action or
// QAction (documentation page LogicConditions).
type Condition struct {
	Source string
	Params []element.ParamID // that it refers to

	root *expr
}

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
