package present

import (
	"fmt"
	"math"
	"strings"

	"fieldline/element"
)

// maxOrdered is how much of a text counts when rows are sorted, in characters.
const maxOrdered = 200

// orderOf is a text by which the cells of a column are sorted: numbers as
// numbers, also where they are texts, which stand before other texts; texts as
// people count; and what is empty last.
func orderOf(i element.ParamInfo, c element.Cell) string {
	if c.Display == "" {
		return "3"
	}
	if i.IsNumber && len(i.Discreets) == 0 {
		if f, ok := c.Value.Float(); ok {
			return "1" + orderedNumber(f)
		}
	}
	if f, ok := element.ParseNumber(c.Display); ok {
		return "1" + orderedNumber(f)
	}
	return "2" + counted(strings.ToLower(CutTo(c.Display, maxOrdered)))
}

// orderedNumber writes a number so that texts sort as their numbers do: the
// bits of a double are in their order, those of a negative one turned round.
func orderedNumber(f float64) string {
	const sign = 1 << 63
	bits := math.Float64bits(f + 0) // there is one zero
	if bits&sign != 0 {
		bits = ^bits
	} else {
		bits |= sign
	}
	return strings.TrimRight(fmt.Sprintf("%016x", bits), "0")
}

// counted writes the numbers in a text with their length before them, so that
// "in 2" stands before "in 10".
func counted(s string) string {
	var b strings.Builder
	for s != "" {
		rest := strings.TrimLeft(s, "0123456789")
		if digits := s[:len(s)-len(rest)]; digits != "" {
			digits = strings.TrimLeft(digits, "0")
			fmt.Fprintf(&b, "0%03d%s", len(digits), digits)
			s = rest
			continue
		}
		at := strings.IndexAny(s, "0123456789")
		if at < 0 {
			at = len(s)
		}
		b.WriteString(s[:at])
		s = s[at:]
	}
	return b.String()
}
