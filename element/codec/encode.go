package codec

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"fieldline/element"
)

// OverflowError says that the bytes of a parameter cannot hold a number: cut, it
// would order something else.
type OverflowError struct {
	Param element.ParamID // in a message; 0 where one parameter is encoded
	Value element.Value   // as it would be sent
}

func (e *OverflowError) Error() string { return fmt.Sprintf("%s does not fit its bytes", e.Value) }

// Encode returns the bytes that stand for the value in a message. The error is
// an *OverflowError for a number that they cannot hold; the bytes are then what
// is left of it.
func (in *Interprete) Encode(v element.Value) ([]byte, error) {
	switch {
	case in.Constant && in.Fixed != nil:
		return slices.Clone(in.Fixed), nil
	case in.RawType.IsBinary():
		f, ok := v.Float()
		if ok && !in.Constant && !in.holds(f) {
			return in.numberBytes(f), &OverflowError{Value: v}
		}
		return in.numberBytes(f), nil
	default:
		return in.fill([]byte(v.String())), nil
	}
}

// Filler is the value of a parameter of fixed length that was never set: those
// are never empty (documentation page InnerWorkingsInternalStorage).
func (in *Interprete) Filler() element.Value {
	if in.IsNumber {
		return element.Number(0)
	}
	with := " "
	switch {
	case in.RawType == RawNumericText:
		with = "0"
	case in.RawType.IsBinary():
		with = "\x00"
	}
	return element.Text(strings.Repeat(with, in.Length))
}

// fill brings a text to the length of the parameter where it is fixed: one that
// is too long is cut at its end, zeros stand before digits and blanks behind
// any other text.
func (in *Interprete) fill(b []byte) []byte {
	switch missing := in.Length - len(b); {
	case in.LengthType != LengthFixed || in.Length == 0:
		return b
	case missing <= 0:
		return b[:in.Length]
	case in.RawType == RawNumericText:
		return append(bytes.Repeat([]byte{'0'}, missing), b...)
	default:
		return append(b, bytes.Repeat([]byte{' '}, missing)...)
	}
}
