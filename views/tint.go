package views

import (
	"encoding/json"
	"math"
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

// colouring is the column whose values colour the rows of a table, and the
// tint of each of its values as the script reads it; "" when there is none.
func (r row) colouring() (column element.ParamID, tints string) {
	for _, c := range r.content.Columns {
		if !r.infos[c.ID].ColorsRows {
			continue
		}
		of := map[string]int{}
		for _, d := range r.infos[c.ID].Discreets {
			if hue, ok := tint(d.Color); ok {
				of[d.Value] = hue
			}
		}
		if len(of) > 0 {
			b, _ := json.Marshal(of) // texts and numbers cannot fail
			return c.ID, string(b)
		}
	}
	return 0, ""
}

// lineTint is the tint of a row, "" for none.
func (r row) lineTint(line element.Row, column element.ParamID) string {
	c, set := line.Cells[column]
	if !set {
		return ""
	}
	for _, d := range r.infos[column].Discreets {
		if hue, ok := tint(d.Color); ok && (&element.Condition{Param: column, Values: []string{d.Value}}).Met(func(element.ParamID) element.Parameter { return element.Parameter{Value: c.Value} }) {
			return strconv.Itoa(hue)
		}
	}
	return ""
}
