package codec_test

import (
	"testing"

	"fieldline/element"
	"fieldline/element/codec"
)

func TestSequence(t *testing.T) {
	steps := func(s ...codec.Step) func(*codec.Interprete) {
		return func(in *codec.Interprete) { in.Sequence, in.Write = s, true }
	}
	literal := func(op codec.Operation, f float64) codec.Step {
		return codec.Step{Op: op, Operand: codec.Operand{Value: f}}
	}
	of7 := codec.Step{Op: codec.OpMultiply, Operand: codec.Operand{Param: 7}}
	offset := func(in *codec.Interprete) {
		in.Sequence, in.OffSet = []codec.Step{{Op: codec.OpOffset}}, codec.Operand{Value: 2}
	}
	offset7 := func(in *codec.Interprete) {
		in.Sequence, in.OffSet = []codec.Step{{Op: codec.OpOffset}}, codec.Operand{Value: 2, Param: 7}
	}
	tests := []struct {
		name  string
		in    *codec.Interprete
		seven element.Value // of parameter 7
		want  element.Value // of 5
		ok    bool
	}{
		{"in their order", number(codec.RawNumericText, steps(literal(codec.OpAdd, 50), literal(codec.OpMultiply, 2))), element.Value{}, element.Number(110), true},
		{"the other way round", number(codec.RawNumericText, steps(literal(codec.OpDivide, 2), literal(codec.OpSubtract, 1))), element.Value{}, element.Number(1.5), true},
		{"power and rest", number(codec.RawNumericText, steps(literal(codec.OpPower, 2), literal(codec.OpModulo, 7))), element.Value{}, element.Number(4), true},
		{"logarithms", number(codec.RawNumericText, steps(literal(codec.OpMultiply, 20), literal(codec.OpLog10, 0), literal(codec.OpMultiply, 5), literal(codec.OpLog20, 0))), element.Value{}, element.Number(40), true},
		{"divided by 0", number(codec.RawNumericText, steps(literal(codec.OpDivide, 0))), element.Value{}, element.Value{}, false},
		{"another parameter", number(codec.RawNumericText, steps(of7)), element.Number(3), element.Number(15), true},
		{"another parameter that was never set", number(codec.RawNumericText, steps(of7)), element.Value{}, element.Number(0), true},
		{"another parameter that holds no number", number(codec.RawNumericText, steps(of7)), element.Text("x"), element.Value{}, false},
		{"the tag OffSet", number(codec.RawNumericText, offset), element.Number(3), element.Number(7), true},
		{"the parameter of OffSet", number(codec.RawNumericText, offset7), element.Number(3), element.Number(8), true},
		{"a parameter of OffSet that holds no number", number(codec.RawNumericText, offset7), element.Text("x"), element.Number(5), true},
	}
	for _, tt := range tests {
		values := holding(tt.seven)
		got, ok := tt.in.Decode([]byte("5"), values)
		if ok != tt.ok || got.Value != tt.want {
			t.Errorf("%s: 5 becomes %v %v, want %v %v", tt.name, got.Value, ok, tt.want, tt.ok)
		}
		sent := element.Number(5) // where it cannot go through the sequence
		if tt.ok && tt.in.Write {
			sent = tt.want
		}
		of := func(id element.ParamID) element.Value {
			if id == 1 {
				return element.Number(5)
			}
			return values(id)
		}
		parts, err := codec.Build([]codec.Param{{ID: 1, Interprete: tt.in}}, of)
		if got := string(codec.Join(parts)); err != nil || got != sent.String() {
			t.Errorf("%s: 5 is sent as %s, %v, want %v", tt.name, got, err, sent)
		}
	}
}

func TestParseOperation(t *testing.T) {
	for name, want := range map[string]codec.Operation{
		"+": codec.OpAdd, "factor": codec.OpMultiply, "min": codec.OpSubtract, "div": codec.OpDivide, "pow": codec.OpPower,
		"rest": codec.OpModulo, "log20": codec.OpLog20, "offset": codec.OpAdd, "sin": "",
	} {
		if got, _ := codec.ParseOperation(name, "1"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got, alone := codec.ParseOperation("offset", ""); got != codec.OpOffset || !alone {
		t.Errorf("offset alone is %q %v", got, alone)
	}
}
