package codec

import (
	"math"

	"fieldline/element"
)

// Operation is one kind of arithmetic in a sequence.
type Operation string

// The operations.
const (
	OpAdd      Operation = "+"
	OpSubtract Operation = "-"
	OpMultiply Operation = "*"
	OpDivide   Operation = "/"
	OpPower    Operation = "^"
	OpModulo   Operation = "%"
	OpLog10    Operation = "log10"  // 10 times the decimal logarithm
	OpLog20    Operation = "log20"  // 20 times
	OpOffset   Operation = "OffSet" // adds what the tag OffSet says
)

// Operand is a number that is written in the connector, or the parameter that
// holds it: that one wins when it is not 0.
type Operand struct {
	Value float64
	Param element.ParamID
}

// Step is one operation of Interprete/Sequence.
type Step struct {
	Op Operation
	Operand
}

// ParseOperation returns the operation of a name as it is written in a sequence,
// in lower case, "" when there is none of that name, and whether it needs no
// operand (documentation page Protocol.Params.Param.Interprete.Sequence). An
// offset without an operand is that of the tag OffSet.
func ParseOperation(name, operand string) (op Operation, alone bool) {
	switch name {
	case "+", "-", "*", "/", "^", "%":
		return Operation(name), false
	case "factor":
		return OpMultiply, false
	case "min":
		return OpSubtract, false
	case "div":
		return OpDivide, false
	case "pow":
		return OpPower, false
	case "rest":
		return OpModulo, false
	case "log10", "log20":
		return Operation(name), true
	case "offset":
		if operand != "" {
			return OpAdd, false
		}
		return OpOffset, true
	}
	return "", false
}

// calculate carries out the sequence. ok is false when an operand is a text that
// is no number.
func (in *Interprete) calculate(f float64, values Values) (_ float64, ok bool) {
	for _, s := range in.Sequence {
		x := s.Value
		if s.Param != 0 {
			v := values(s.Param)
			if x, ok = v.Float(); !ok && v.IsSet() {
				return 0, false
			}
		}
		switch s.Op {
		case OpAdd:
			f += x
		case OpSubtract:
			f -= x
		case OpMultiply:
			f *= x
		case OpDivide:
			f /= x
		case OpPower:
			f = math.Pow(f, x)
		case OpModulo:
			f = math.Mod(f, x)
		case OpLog10:
			f = 10 * math.Log10(f)
		case OpLog20:
			f = 20 * math.Log10(f)
		case OpOffset:
			f += in.offset(values)
		}
	}
	return f, true
}

// offset is what the tag OffSet says; a parameter that holds no number is 0.
func (in *Interprete) offset(values Values) float64 {
	if in.OffSet.Param == 0 {
		return in.OffSet.Value
	}
	f, _ := values(in.OffSet.Param).Float()
	return f
}

// outgoing is the value that a message carries for the parameter: that of a
// write parameter has gone through its sequence, which turns what people see
// into what the device understands. The value itself when that is no number.
func (in *Interprete) outgoing(v element.Value, values Values) element.Value {
	f, isNumber := v.Float()
	if !in.Write || len(in.Sequence) == 0 || !isNumber {
		return v
	}
	f, ok := in.calculate(f, values)
	if !ok || !element.IsFinite(f) {
		return v
	}
	return element.Number(in.round(f))
}
