package connector

import (
	"math"
	"strconv"
	"strings"

	"fieldline/element"
)

// Shown returns the text that a page shows for the value, and the unit that
// belongs to it: the one of the list DynamicUnits, or of the bits and bytes
// that units of data are counted in, in which the number is easiest to read
// (documentation page Display.DynamicUnits). A value that is shown as a word,
// a date or a duration has no unit.
func (p *Param) Shown(v element.Value) (text, unit string) {
	text = p.Display(v)
	if !v.IsSet() || !p.IsNumber || p.Password {
		return text, p.Units
	}
	f, isNumber := v.Float()
	switch {
	case p.Clock != "" || p.word(v) != "":
		return text, ""
	case !isNumber || p.Hex || p.notation != "" || p.units == nil:
		return text, p.Units
	}
	best := p.units.best(f)
	if best.name == p.Units {
		return text, p.Units
	}
	return p.inUnit(f*p.units.own/best.size, best), best.name
}

// inUnit writes a number that was brought into another unit: with the
// decimals of that unit, else with at least three digits that count.
func (p *Param) inUnit(f float64, u sizedUnit) string {
	if u.decimals != nil {
		return strconv.FormatFloat(f, 'f', *u.decimals, 64)
	}
	need := 0
	if f != 0 {
		need = min(max(2-int(math.Floor(math.Log10(math.Abs(f))+1e-9)), 0), 15)
	}
	if p.Decimals != nil {
		return strconv.FormatFloat(f, 'f', max(need, *p.Decimals), 64)
	}
	s := strconv.FormatFloat(f, 'f', need, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// sizedUnit is a unit and how many of the base unit one of it is.
type sizedUnit struct {
	name     string
	size     float64
	decimals *int
}

// unitFamily are the units that a value may be shown in, the largest first;
// own is the size of the unit in which it is kept.
type unitFamily struct {
	own   float64
	units []sizedUnit
}

// best is the largest unit of which there is one or more, else the smallest.
func (u *unitFamily) best(f float64) sizedUnit {
	const almost = 0.9995 // is written as 1.00
	abs := math.Abs(f) * u.own
	last := u.units[len(u.units)-1]
	for _, s := range u.units {
		if s.size == u.own {
			last = s
		}
		if abs >= s.size*almost {
			return s
		}
	}
	if abs == 0 {
		return last
	}
	return u.units[len(u.units)-1]
}

// prefixSize is what a decimal or binary prefix of a unit stands for.
func prefixSize(prefix string) (size float64, ok bool) {
	switch prefix {
	case "p":
		return 1e-12, true
	case "n":
		return 1e-9, true
	case "µ", "μ", "u":
		return 1e-6, true
	case "m":
		return 1e-3, true
	case "c":
		return 1e-2, true
	case "":
		return 1, true
	case "k", "K":
		return 1e3, true
	case "M":
		return 1e6, true
	case "G":
		return 1e9, true
	case "T":
		return 1e12, true
	case "P":
		return 1e15, true
	case "Ki":
		return 1 << 10, true
	case "Mi":
		return 1 << 20, true
	case "Gi":
		return 1 << 30, true
	case "Ti":
		return 1 << 40, true
	}
	return 0, false
}

// baseUnits are the units that take prefixes. What counts data comes first,
// the longer name before the shorter.
func baseUnits() (data, others []string) {
	return []string{"bit/s", "bps", "Bps", "b/s", "B/s", "bit", "B", "b"},
		[]string{"Hz", "Pa", "Wh", "m", "g", "s", "A", "V", "W", "J", "l", "L", "F", "H", "Ω"}
}

// splitUnit splits a unit into its prefix and its base; ok is false for one
// that is not known.
func splitUnit(unit string) (prefix, base string, data, ok bool) {
	ofData, others := baseUnits()
	for i, list := range [][]string{ofData, others} {
		for _, base := range list {
			prefix, found := strings.CutSuffix(unit, base)
			if !found {
				continue
			}
			if _, known := prefixSize(prefix); known {
				return prefix, base, i == 0, true
			}
		}
	}
	return "", "", false, false
}

// family returns the units that the values of a parameter may be shown in; nil
// when there is only its own.
func family(own string, listed []DynamicUnit) *unitFamily {
	prefix, base, data, ok := splitUnit(own)
	if !ok || len(listed) == 0 && !data {
		return nil
	}
	size, _ := prefixSize(prefix)
	u := &unitFamily{own: size}
	add := func(name string, decimals *int) {
		p, b, _, ok := splitUnit(name)
		if !ok || b != base {
			return
		}
		size, _ := prefixSize(p)
		at := 0
		for at < len(u.units) && u.units[at].size > size {
			at++
		}
		if at < len(u.units) && u.units[at].size == size {
			return
		}
		u.units = append(u.units[:at:at], append([]sizedUnit{{name, size, decimals}}, u.units[at:]...)...)
	}
	add(own, nil)
	for _, d := range listed {
		add(d.Unit, d.Decimals)
	}
	if len(listed) == 0 {
		steps := []string{"", "k", "M", "G", "T"}
		if strings.HasSuffix(prefix, "i") {
			steps = []string{"", "Ki", "Mi", "Gi", "Ti"}
		}
		for _, s := range steps {
			add(s+base, nil)
		}
	}
	if len(u.units) < 2 {
		return nil
	}
	return u
}

// scientific writes a number with an exponent (documentation page
// Measurement.Type-scientificNotation): one digit before the point, or one to
// three so that the exponent is a multiple of three.
func scientific(f float64, notation string, decimals int) string {
	exp := 0
	if f != 0 {
		exp = int(math.Floor(math.Log10(math.Abs(f)) + 1e-12))
		if notation == "scientific" {
			exp = int(math.Floor(float64(exp)/3)) * 3
		}
	}
	sign := "+"
	if exp < 0 {
		sign = "-"
	}
	digits := strconv.Itoa(max(exp, -exp) + 1000)[1:]
	return strconv.FormatFloat(f/math.Pow10(exp), 'f', decimals, 64) + "E" + sign + digits
}

// hexadecimal writes a whole number in hexadecimal digits, "" for another.
func hexadecimal(f float64) string {
	if f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return ""
	}
	sign := ""
	if f < 0 {
		sign = "-"
	}
	return sign + "0x" + strings.ToUpper(strconv.FormatInt(int64(math.Abs(f)), 16))
}
