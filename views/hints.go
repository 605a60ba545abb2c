package views

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// rangeHint says in words which values a parameter takes, "" when any.
func rangeHint(i element.ParamInfo) string {
	noun := ""
	if !i.IsNumber {
		noun = " characters"
	}
	number := func(f float64) string {
		if text := i.Clock.Text(f); i.Clock != "" && text != "" {
			return text
		}
		if i.Hex && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return fmt.Sprintf("0x%X", int64(f))
		}
		return element.FormatNumber(f)
	}
	var s string
	switch {
	case i.Low != nil && i.High != nil:
		s = number(*i.Low) + " to " + number(*i.High) + noun
	case i.Low != nil:
		s = "at least " + number(*i.Low) + noun
	case i.High != nil:
		s = "at most " + number(*i.High) + noun
	}
	if i.Units != "" && i.IsNumber && s != "" && i.Clock == "" {
		s += " " + i.Units
	}
	if i.Step != nil && *i.Step > 0 {
		if s != "" {
			s += ", "
		}
		s += "in steps of " + number(*i.Step)
	}
	return s
}

// capital writes a sentence's first letter large.
func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// widthClass is the style of a button with the width that its connector wants;
// the style sheet has steps of 20 pixels.
func widthClass(pixels int) string {
	const step, least, most = 20, 100, 400
	if pixels < least {
		return ""
	}
	return "wide-" + strconv.Itoa(min(pixels, most)/step*step)
}

// typingHint says how a value is typed that is not a plain number or text.
func typingHint(i element.ParamInfo) string {
	switch {
	case i.Clock == "" && i.Hex:
		return "hexadecimal digits after 0x, or a decimal number"
	case i.Clock != "" && !i.Clock.IsDate() && i.Clock != element.ClockTimeOfDay && i.Clock != element.ClockMinuteOfDay:
		return "hours:minutes:seconds, days before them as in 2 d 01:30:00"
	}
	return ""
}

// unsupportedWords say of the connections of a connector that none of them runs
// here. Some kinds have nothing to connect to.
func unsupportedWords(kinds []string) string {
	reach := slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return k == "virtual" || k == "service" || k == "sla" })
	if len(reach) == 0 {
		return "This connector connects to no device."
	}
	return "This connector reaches its device over " + unsupportedClause(reach) + "."
}

// unsupportedClause names kinds of connections and says that they do not run here.
func unsupportedClause(kinds []string) string {
	does := " do"
	if len(kinds) == 1 {
		does = " does"
	}
	return listWords(kinds) + ", which" + does + " not run here"
}

// listWords writes "a", "a and b", "a, b and c".
func listWords(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}
