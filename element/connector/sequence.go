package connector

import (
	"math"

	"fieldline/element"
)

// operation returns the short name of an operation of a sequence, "" when there
// is none of that name, and whether it needs no operand (documentation page
// Protocol.Params.Param.Interprete.Sequence). An offset without an operand is
// that of the tag OffSet.
func operation(name, operand string) (op string, alone bool) {
	switch name {
	case "+", "-", "*", "/", "^", "%":
		return name, false
	case "factor":
		return "*", false
	case "min":
		return "-", false
	case "div":
		return "/", false
	case "pow":
		return "^", false
	case "rest":
		return "%", false
	case "log10", "log20":
		return name, true
	case "offset":
		if operand != "" {
			return "+", false
		}
		return "OffSet", true
	}
	return "", false
}

// steps carries out a sequence. ok is false when an operand is a text that is
// no number.
func (in *Interprete) steps(f float64, lookup func(element.ParamID) element.Value) (_ float64, ok bool) {
	for _, s := range in.Sequence {
		x := s.Value
		if s.Param != 0 {
			v := lookup(s.Param)
			if x, ok = v.Float(); !ok && v.IsSet() {
				return 0, false
			}
		}
		switch s.Op {
		case "+":
			f += x
		case "-":
			f -= x
		case "*":
			f *= x
		case "/":
			f /= x
		case "^":
			f = math.Pow(f, x)
		case "%":
			f = math.Mod(f, x)
		case "log10":
			f = 10 * math.Log10(f)
		case "log20":
			f = 20 * math.Log10(f)
		case "OffSet":
			f += in.offset(lookup)
		}
	}
	return f, true
}

func (in *Interprete) offset(lookup func(element.ParamID) element.Value) float64 {
	if in.OffSet.Param != 0 {
		f, _ := lookup(in.OffSet.Param).Float()
		return f
	}
	f, _ := element.ParseNumber(in.OffSet.Literal)
	return f
}

// Outgoing is the value that a command carries for a parameter: that of a write
// parameter has gone through its sequence, which turns what people see into
// what the device understands. The value itself when that is no number.
func (p *Param) Outgoing(v element.Value, lookup func(element.ParamID) element.Value) element.Value {
	f, isNumber := v.Float()
	if !isWrite(p.Type) || len(p.Interprete.Sequence) == 0 || !isNumber {
		return v
	}
	f, ok := p.Interprete.steps(f, lookup)
	if !ok || math.IsNaN(f) || math.IsInf(f, 0) {
		return v
	}
	return element.Number(round(f, p.Interprete.Decimals, p.Interprete.Rounding))
}
