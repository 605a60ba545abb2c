package codec

import (
	"strings"

	"fieldline/element"
)

// Decoded is what bytes from a device mean.
type Decoded struct {
	Value element.Value
	// Original is what the device sent, where Value is that of an exception, else
	// nil. Logic sees it: what is stored and shown is the exception's.
	Original *element.Value
}

// Decode interprets bytes that came from a device: RawType, Trim, Base,
// Exceptions, Scale, Factor, Sequence, Range and Decimals, in this order. ok is
// false when the bytes do not fit the raw type (nor one of Others) or the
// range: they are then not processed.
func (in *Interprete) Decode(b []byte, values Values) (d Decoded, ok bool) {
	switch {
	case in.RawType == RawOnlyOthers, in.RawType == RawText && !isText(b):
		return in.substitute(b, values)
	case in.RawType.IsBinary():
		return in.decodeBinary(b, values)
	}
	s := trim(string(b), in.Trim)
	if in.IsNumber {
		s = strings.TrimSpace(s)
	} else if in.RawType == RawNumericText && !isNumeric(s, in.Base) {
		return in.substitute(b, values)
	}
	if x := in.exception(s); x != nil {
		return in.excepted(x, s)
	}
	if !in.IsNumber {
		return Decoded{Value: element.Text(s)}, true
	}
	f, ok := parseNumber(s, in.Base)
	if !ok {
		return in.substitute(b, values)
	}
	return in.process(f, values)
}

func (in *Interprete) decodeBinary(b []byte, values Values) (Decoded, bool) {
	f, ok := in.number(b)
	switch {
	case !ok:
		return in.substitute(b, values)
	case !in.IsNumber:
		return Decoded{Value: element.Text(element.FormatNumber(f))}, true
	case len(in.Exceptions) > 0:
		s := element.FormatNumber(f)
		if x := in.exception(s); x != nil {
			return in.excepted(x, s)
		}
	}
	return in.process(f, values)
}

// excepted is what an exception makes of a text from a device.
func (in *Interprete) excepted(x *Exception, s string) (Decoded, bool) {
	v, ok := in.Typed(x.Value)
	original, typed := in.Typed(s)
	if !typed {
		original = element.Text(s)
	}
	return Decoded{v, &original}, ok
}

// substitute is the value of bytes that do not fit the raw type: that of the
// first of Others that takes them.
func (in *Interprete) substitute(b []byte, values Values) (Decoded, bool) {
	for i := range in.Others {
		if o := &in.Others[i]; o.takes(b, values) {
			v, ok := in.Typed(o.Value)
			return Decoded{Value: v}, ok
		}
	}
	return Decoded{}, false
}

// process finishes a number from a device.
func (in *Interprete) process(f float64, values Values) (Decoded, bool) {
	if in.Scale != nil {
		f = in.Scale.of(f)
	}
	if in.Factor != nil {
		f *= *in.Factor
	}
	f, ok := in.calculate(f, values)
	switch {
	case !ok || !element.IsFinite(f):
		return Decoded{}, false
	case in.Low != nil && f < *in.Low, in.High != nil && f > *in.High:
		return Decoded{}, false
	}
	return Decoded{Value: element.Number(in.round(f))}, true
}
