package connector

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// highNibble is Interprete/Type of the first four bits of a byte; it takes the
// place of the RawType.
const highNibble = "high nibble"

// DecodeDevice interprets bytes that came from a device: RawType, Trim, Base,
// Sequence, Factor, Scale, Range and Exceptions. ok is false when the bytes do
// not fit the raw type (nor one of Others) or the range: they are then not processed. lookup gives
// the values that Sequence and OffSet refer to.
func (p *Param) DecodeDevice(b []byte, lookup func(element.ParamID) element.Value) (v element.Value, ok bool) {
	in := &p.Interprete
	switch in.RawType {
	case "unsigned number", "signed number", "double", "bcd", highNibble:
		f, ok := in.binaryNumber(b)
		if !ok {
			return p.other(b, lookup)
		}
		if !p.IsNumber {
			return element.Text(element.FormatNumber(f)), true
		}
		return p.polled(f, element.FormatNumber(f), lookup)
	case "only others":
		return p.other(b, lookup)
	case "text":
		if !isText(b) {
			return p.other(b, lookup)
		}
	}
	s := trim(string(b), in.Trim)
	if !p.IsNumber {
		if in.RawType == "numeric text" && !isNumeric(s, in.Base) {
			return p.other(b, lookup)
		}
		if x := p.exception(s); x != nil {
			s = x.Value
		}
		return element.Text(s), true
	}
	if x := p.exception(strings.TrimSpace(s)); x != nil {
		return p.typed(x.Value)
	}
	f, ok := in.textNumber(s)
	if !ok {
		return p.other(b, lookup)
	}
	return p.polled(f, s, lookup)
}

// polled finishes a number from a device.
func (p *Param) polled(f float64, raw string, lookup func(element.ParamID) element.Value) (element.Value, bool) {
	if x := p.exception(raw); x != nil {
		return p.typed(x.Value)
	}
	in := &p.Interprete
	if s := in.Scale; s != nil {
		f = s.Low + (f-s.LowData)*(s.High-s.Low)/(s.HighData-s.LowData)
	}
	if in.Factor != nil {
		f *= *in.Factor
	}
	f, ok := in.steps(f, lookup)
	switch {
	case !ok || math.IsNaN(f) || math.IsInf(f, 0):
		return element.Value{}, false
	case in.Low != nil && f < *in.Low, in.High != nil && f > *in.High:
		return element.Value{}, false
	}
	return element.Number(round(f, in.Decimals, in.Rounding)), true
}

func (p *Param) exception(raw string) *Exception {
	for i := range p.Exceptions {
		if e := &p.Exceptions[i]; e.Match == raw || p.IsNumber && element.SameNumber(e.Match, raw) {
			return e
		}
	}
	return nil
}

// round keeps a number of decimals. A number that is whole at that precision
// but for the error of binary fractions is not rounded away from it.
func round(f float64, decimals int, how string) float64 {
	scale := math.Pow10(decimals)
	x := f * scale
	if math.Abs(x) >= 1<<53 {
		return f
	}
	nearest := math.Round(x)
	if math.Abs(x-nearest) <= 1e-9*math.Max(1, math.Abs(x)) {
		return nearest / scale
	}
	switch how {
	case "up":
		x = math.Ceil(x)
	case "tozero":
		x = math.Trunc(x)
	case "toinfinity":
		x = math.Copysign(math.Ceil(math.Abs(x)), x)
	case "halfup":
		x = math.Floor(x + 0.5)
	case "halfdown":
		x = math.Ceil(x - 0.5)
	case "halftozero":
		x = math.Copysign(math.Ceil(math.Abs(x)-0.5), x)
	case "halftoinfinity":
		x = nearest
	default:
		x = math.Floor(x)
	}
	return x / scale
}

func isText(b []byte) bool {
	for _, c := range b {
		letter := c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && strings.IndexByte("-.;,?! ", c) < 0 {
			return false
		}
	}
	return true
}

func isNumeric(s string, base int) bool {
	allowed := "0123456789+-.,eE "
	if base == 16 {
		allowed += "abcdfABCDF"
	}
	return strings.Trim(s, allowed) == ""
}

// Original is what a device sent where an exception takes its place; ok is
// false when none does. Logic sees it: what is stored and shown is the
// exception's (documentation page
// Protocol.Params.Param.Interprete.Exceptions.Exception).
func (p *Param) Original(b []byte) (v element.Value, ok bool) {
	if len(p.Exceptions) == 0 {
		return v, false
	}
	s := trim(string(b), p.Interprete.Trim)
	if p.BinaryNumber() {
		f, fits := p.Interprete.binaryNumber(b)
		if !fits {
			return v, false
		}
		s = element.FormatNumber(f)
	}
	if p.IsNumber {
		s = strings.TrimSpace(s)
	}
	if p.exception(s) == nil {
		return v, false
	}
	if v, ok = p.typed(s); ok {
		return v, true
	}
	return element.Text(s), true
}

func (in *Interprete) textNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if in.Base != 10 && in.Base != 0 {
		if n, err := strconv.ParseUint(s, in.Base, 64); err == nil {
			return float64(n), true
		}
		n, err := strconv.ParseInt(s, in.Base, 64) // with a sign
		return float64(n), err == nil
	}
	return element.ParseNumber(s)
}

func trim(s, how string) string {
	if strings.Contains(how, "left") {
		s = strings.TrimLeft(s, " \t\r\n\x00")
	}
	if strings.Contains(how, "right") {
		s = strings.TrimRight(s, " \t\r\n\x00")
	}
	return s
}

// binaryNumber reads 1 to 8 bytes; little endian unless Endian is big.
func (in *Interprete) binaryNumber(b []byte) (float64, bool) {
	if len(b) == 0 || len(b) > 8 {
		return 0, false
	}
	if in.RawType == highNibble {
		return float64(b[0] >> 4), len(b) == 1
	}
	big := slices.Clone(b)
	if !in.BigEndian {
		slices.Reverse(big)
	}
	if in.RawType == "bcd" {
		f := 0.0
		for _, c := range big {
			if c>>4 > 9 || c&15 > 9 {
				return 0, false
			}
			f = f*100 + float64(c>>4)*10 + float64(c&15)
		}
		return f, true
	}
	var full [8]byte
	copy(full[8-len(big):], big)
	u := binary.BigEndian.Uint64(full[:])
	switch in.RawType {
	case "signed number":
		shift := 64 - 8*len(big)
		return float64(int64(u<<shift) >> shift), true
	case "double":
		f := math.Float64frombits(u)
		if len(big) == 4 {
			f = float64(math.Float32frombits(uint32(u)))
		} else if len(big) != 8 {
			return 0, false
		}
		return f, !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	return float64(u), true
}

// BinaryNumber reports whether the parameter travels as the bytes of a number.
func (p *Param) BinaryNumber() bool {
	switch p.Interprete.RawType {
	case "unsigned number", "signed number", "double", "bcd", highNibble:
		return true
	}
	return false
}

// FromBytes reads the bytes of a binary number and nothing of Interprete but
// RawType and Endian; ok is false for any other parameter.
func (p *Param) FromBytes(b []byte) (element.Value, bool) {
	if !p.BinaryNumber() {
		return element.Value{}, false
	}
	f, ok := p.Interprete.binaryNumber(b)
	if !p.IsNumber {
		return element.Text(element.FormatNumber(f)), ok
	}
	return element.Number(f), ok
}

// Encode returns the bytes that stand for the value in a command.
func (p *Param) Encode(v element.Value) []byte {
	in := &p.Interprete
	if in.Fixed != nil && isConstantType(p.Type) {
		return slices.Clone(in.Fixed)
	}
	switch in.RawType {
	case "unsigned number", "signed number", "double", "bcd", highNibble:
		f, _ := v.Float()
		return in.encodeNumber(f)
	}
	b := []byte(v.String())
	if in.LengthType != "fixed" || in.Length == 0 {
		return b
	}
	if len(b) >= in.Length {
		return b[:in.Length]
	}
	if in.RawType == "numeric text" {
		return append([]byte(strings.Repeat("0", in.Length-len(b))), b...)
	}
	return append(b, strings.Repeat(" ", in.Length-len(b))...)
}

// Fits reports whether a value can be sent whole: a binary number within its
// bytes. Encode would cut one that does not fit.
func (p *Param) Fits(v element.Value) bool {
	in := &p.Interprete
	f, ok := v.Float()
	if !ok || isConstantType(p.Type) {
		return true
	}
	n := float64(in.bytes())
	switch f = math.Trunc(f); in.RawType {
	case highNibble:
		return f >= 0 && f <= 15
	case "bcd":
		return f >= 0 && f < math.Pow(100, n)
	case "unsigned number":
		return f >= 0 && f < math.Pow(256, n)
	case "signed number":
		return f >= -math.Pow(256, n)/2 && f < math.Pow(256, n)/2
	default:
		return true
	}
}

// bytes is the length of a binary number: 8 where none, or none that can be, is
// given.
func (in *Interprete) bytes() int {
	if in.Length < 1 || in.Length > 8 {
		return 8
	}
	return in.Length
}

func isConstantType(t ParamType) bool {
	return t == TypeFixed || t == TypeHeader || t == TypeTrailer
}

// maxUnsigned is the largest number below 2⁶⁴.
const maxUnsigned = 1<<64 - 1<<11

func (in *Interprete) encodeNumber(f float64) []byte {
	if in.RawType == highNibble {
		return []byte{byte(max(0, min(f, 15))) << 4}
	}
	n := in.bytes()
	var full [8]byte
	switch {
	case in.RawType == "double" && n == 4:
		binary.BigEndian.PutUint32(full[4:], math.Float32bits(float32(f)))
	case in.RawType == "double":
		n = 8
		binary.BigEndian.PutUint64(full[:], math.Float64bits(f))
	case in.RawType == "bcd":
		rest := uint64(max(0, min(f, 1e16-1)))
		for i := 7; i >= 0; i-- {
			full[i] = byte(rest%10) | byte(rest/10%10)<<4
			rest /= 100
		}
	case f < 0:
		binary.BigEndian.PutUint64(full[:], uint64(int64(max(f, math.MinInt64))))
	default:
		binary.BigEndian.PutUint64(full[:], uint64(min(f, maxUnsigned)))
	}
	b := slices.Clone(full[8-n:])
	if !in.BigEndian {
		slices.Reverse(b)
	}
	return b
}
