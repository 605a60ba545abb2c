package codec

import (
	"bytes"

	"fieldline/element"
)

// DefaultDecimals is how many decimals a polled number keeps (documentation
// page Protocol.Params.Param.Interprete.Decimals).
const DefaultDecimals = 6

// Interprete says how the bytes of one parameter become a value and back.
type Interprete struct {
	RawType    RawType
	LengthType LengthType
	Length     int             // in bytes; of fixed
	LengthID   element.ParamID // of other param
	Times      int             // LengthType@times: which occurrence of the next constant ends it, counted from 1

	IsNumber  bool // Type double: its values are numbers
	Constant  bool // it stands for bytes that never change (Type fixed, header or trailer)
	Write     bool // of Type write: what is sent goes through Sequence
	BigEndian bool // of binary numbers

	Fixed      []byte // Value as bytes, nil when absent
	FixedBytes bool   // Value was written in the notation of Literal
	Trim       string // "", "left", "right", "left;right"
	Base       int    // of numbers in digits; 0 is 10
	Decimals   int    // kept in memory
	Rounding   string // to those decimals: "up", "tozero", "halfup" …; down when it is none of them

	Low, High  *float64 // Range: numbers from a device outside are not processed
	Factor     *float64
	Scale      *Scale
	Sequence   []Step
	OffSet     Operand
	Exceptions []Exception
	Others     []Other
}

// Values is where the values of other parameters come from; the zero Value for
// one that was never set or does not exist.
type Values func(element.ParamID) element.Value

// Scale maps a number from a device linearly: LowData to Low, HighData to High.
type Scale struct{ LowData, HighData, Low, High float64 }

func (s *Scale) of(f float64) float64 {
	return s.Low + (f-s.LowData)*(s.High-s.Low)/(s.HighData-s.LowData)
}

// Exception replaces what a device sends (documentation page
// Protocol.Params.Param.Interprete.Exceptions.Exception).
type Exception struct {
	ID       int
	Match    string // attribute value: what the device sends
	Value    string // what is stored
	Display  string
	Disabled bool
}

// Other is what a parameter takes when bytes do not fit its raw type and are
// those of another parameter (documentation page
// Protocol.Params.Param.Interprete.Others.Other).
type Other struct {
	Param   element.ParamID
	Value   string // what is stored
	Display string
	Of      *Interprete // of Param; nil when there is none of that id
}

// takes reports whether the bytes are those of the other parameter: the
// constant's, or such as its raw type takes. Its own Others are not followed.
func (s *Other) takes(b []byte, values Values) bool {
	switch {
	case s.Of == nil || len(s.Of.Others) > 0:
		return false
	case s.Of.Fixed != nil:
		return bytes.Equal(b, s.Of.Fixed)
	default:
		_, ok := s.Of.Decode(b, values)
		return ok
	}
}

// exception returns the one that takes the place of a text from a device, nil
// when none does.
func (in *Interprete) exception(raw string) *Exception {
	for i := range in.Exceptions {
		if x := &in.Exceptions[i]; element.SameValue(x.Match, raw, in.IsNumber) {
			return x
		}
	}
	return nil
}

// Typed converts a text of the connector to the parameter's type; ok is false
// when it is to be a number and is none.
func (in *Interprete) Typed(s string) (v element.Value, ok bool) {
	if !in.IsNumber {
		return element.Text(s), true
	}
	f, ok := element.ParseNumber(s)
	return element.Number(f), ok
}

// Convert brings a value to the parameter's type; ok is false for a text that
// is no number where one is needed. One that was never set stays so.
func (in *Interprete) Convert(v element.Value) (_ element.Value, ok bool) {
	switch {
	case !v.IsSet():
		return v, true
	case in.IsNumber:
		f, ok := v.Float()
		return element.Number(f), ok
	case v.Kind() == element.KindText:
		return v, true
	default:
		return element.Text(v.String()), true
	}
}
