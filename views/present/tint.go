package present

import (
	"math"
	"slices"
	"strconv"

	"fieldline/element"
)

// tintStep is how many degrees lie between the tints of the style sheet.
const tintStep = 15

// tint is the hue of a connector's colour in degrees of OKLCH, in steps of
// tintStep. Only the hue is taken: how light it is follows from the theme, so
// that a row is readable in all of them. ok is false for greys.
func tint(color string) (hue int, ok bool) {
	if len(color) != 7 || color[0] != '#' {
		return 0, false
	}
	n, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil {
		return 0, false
	}
	r, g, b := linear(n>>16), linear(n>>8&0xff), linear(n&0xff)
	// https://bottosson.github.io/posts/oklab/
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	x := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	y := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	if math.Hypot(x, y) < 0.03 {
		return 0, false
	}
	degrees := math.Atan2(y, x) * 180 / math.Pi
	return (int(math.Round(degrees/tintStep))*tintStep + 360) % 360, true
}

func linear(channel uint64) float64 {
	c := float64(channel) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

// Colours reports whether a column colours the rows of its table.
func Colours(i element.ParamInfo) bool {
	return i.ColorsRows && slices.ContainsFunc(i.Discreets, func(d element.Discreet) bool {
		_, ok := tint(d.Color)
		return ok
	})
}

// tintOf is the tint of the rows with a value in a column, "" for none.
func tintOf(i element.ParamInfo, v element.Value) string {
	if !i.ColorsRows {
		return ""
	}
	of := func(element.ParamID) element.Parameter { return element.Parameter{Value: v} }
	for _, d := range i.Discreets {
		if hue, ok := tint(d.Color); ok && (&element.Condition{Values: []string{d.Value}}).Met(of) {
			return strconv.Itoa(hue)
		}
	}
	return ""
}
