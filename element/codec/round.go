package codec

import "math"

// round keeps Decimals of a number. One that is whole at that precision but for
// the error of binary fractions is not rounded away from it.
func (in *Interprete) round(f float64) float64 {
	scale := math.Pow10(in.Decimals)
	x := f * scale
	if math.Abs(x) >= 1<<53 {
		return f
	}
	nearest := math.Round(x)
	if math.Abs(x-nearest) <= 1e-9*math.Max(1, math.Abs(x)) {
		return nearest / scale
	}
	switch in.Rounding {
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
