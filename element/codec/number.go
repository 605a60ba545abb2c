package codec

import (
	"encoding/binary"
	"math"
	"slices"

	"fieldline/element"
)

// number reads a binary number of 1 to 8 bytes; little endian unless BigEndian.
// ok is false when the bytes are none of its raw type.
func (in *Interprete) number(b []byte) (f float64, ok bool) {
	if len(b) == 0 || len(b) > 8 {
		return 0, false
	}
	var full [8]byte // big endian
	copy(full[8-len(b):], b)
	if !in.BigEndian {
		slices.Reverse(full[8-len(b):])
	}
	u := binary.BigEndian.Uint64(full[:])
	switch in.RawType {
	case RawHighNibble:
		return float64(b[0] >> 4), len(b) == 1
	case RawBCD:
		return decimal(full[8-len(b):])
	case RawSigned:
		shift := 64 - 8*len(b)
		return float64(int64(u<<shift) >> shift), true
	case RawDouble:
		switch len(b) {
		case 4:
			f = float64(math.Float32frombits(uint32(u)))
		case 8:
			f = math.Float64frombits(u)
		default:
			return 0, false
		}
		return f, element.IsFinite(f)
	default:
		return float64(u), true
	}
}

// decimal reads two digits from each byte.
func decimal(b []byte) (f float64, ok bool) {
	for _, c := range b {
		high, low := c>>4, c&15
		if high > 9 || low > 9 {
			return 0, false
		}
		f = f*100 + float64(high)*10 + float64(low)
	}
	return f, true
}

// size is the length of a binary number: 8 where none, or none that can be, is
// given.
func (in *Interprete) size() int {
	switch {
	case in.RawType == RawHighNibble:
		return 1
	case in.Length < 1 || in.Length > 8, in.RawType == RawDouble && in.Length != 4:
		return 8
	default:
		return in.Length
	}
}

// holds reports whether the bytes of the binary number can hold f. A fraction
// is left out.
func (in *Interprete) holds(f float64) bool {
	n := float64(in.size())
	switch f = math.Trunc(f); in.RawType {
	case RawHighNibble:
		return f >= 0 && f <= 15
	case RawBCD:
		return f >= 0 && f < math.Pow(100, n)
	case RawUnsigned:
		return f >= 0 && f < math.Pow(256, n)
	case RawSigned:
		return f >= -math.Pow(256, n)/2 && f < math.Pow(256, n)/2
	default:
		return true
	}
}

// maxUnsigned is the largest number below 2⁶⁴.
const maxUnsigned = 1<<64 - 1<<11

// maxDecimal is the largest number of 16 digits.
const maxDecimal = 1e16 - 1

// numberBytes are the bytes of a number, cut where they cannot hold it.
func (in *Interprete) numberBytes(f float64) []byte {
	n := in.size()
	var full [8]byte // big endian
	switch {
	case in.RawType == RawHighNibble:
		full[7] = byte(max(0, min(f, 15))) << 4
	case in.RawType == RawDouble && n == 4:
		binary.BigEndian.PutUint32(full[4:], math.Float32bits(float32(f)))
	case in.RawType == RawDouble:
		binary.BigEndian.PutUint64(full[:], math.Float64bits(f))
	case in.RawType == RawBCD:
		rest := uint64(max(0, min(f, maxDecimal)))
		for i := len(full) - 1; i >= 0; i-- {
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
