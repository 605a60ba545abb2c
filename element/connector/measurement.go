package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// measurementReader reads Measurement of a parameter: how it looks, and what can
// be chosen.
type measurementReader struct{ *draft }

// disableWrite begins the option of a column whose cells cannot be set while
// another cell of their row has a value.
const disableWrite = "custom=disablewrite:"

// Limits of what a connector says of lists and tables.
const (
	maxWidth = 10_000 // pixels
	maxLines = 1000
)

func (r measurementReader) read(n *node, p *Param) {
	if n == nil {
		return
	}
	t := n.child("Type")
	p.Measurement = element.Measurement(strings.ToLower(t.trimmed()))
	k := Item{"parameter", int(p.ID)}
	switch {
	case t != nil && p.Measurement == "":
		r.disable(k, "2.37.10", t.at(), "The Measurement Type of parameter %d is empty; it is disabled.", p.ID)
	case t != nil && !slices.Contains(knownMeasurements(), p.Measurement):
		r.disable(k, "2.37.11", t.at(), "Parameter %d has the unknown Measurement Type %q; it is disabled.", p.ID, Shorten(string(p.Measurement)))
	case slices.Contains(unsupportedMeasurements(), p.Measurement):
		r.ignore("Type "+string(p.Measurement)+" of Protocol/Params/Param/Measurement", t.at())
	}
	switch p.Measurement {
	case element.MeasureButton, element.MeasurePageButton, element.MeasureToggleButton:
		if !p.Type.IsWrite() {
			r.Note("2.37.9", t.at(), "Parameter %d is a %s but not of Type write.", p.ID, p.Measurement)
		}
	}
	p.Multiline = t.attr("lines") != ""
	r.options(t, p)
	r.discreets(n, p)
}

func (r measurementReader) options(t *node, p *Param) {
	for option := range strings.SplitSeq(t.attr("options"), ";") {
		low := strings.ToLower(strings.TrimSpace(option))
		lock, isLock := cutPrefixFold(strings.TrimSpace(option), disableWrite)
		switch {
		case low == "":
		case low == "password":
			p.Password = true
		case strings.HasPrefix(low, "lines"):
			p.Multiline = true
		case clockOption(p, low):
		case low == "begin" || low == "end":
			p.Group = element.Group(low)
		case strings.HasPrefix(low, "tab=columns:"):
			p.Sheet = r.sheet(low[len("tab="):])
		case isLock:
			r.locked(t, p, lock)
		case low == "fixedfont":
			p.FixedFont = true
		case low == "hscroll" && p.Measurement == element.MeasureString:
			p.Scroll = true
		case strings.HasPrefix(low, "number="):
			p.Numeric = r.flag(t, "The option number of parameter "+strconv.Itoa(int(p.ID)), strings.TrimSpace(low[len("number="):])) && p.Measurement == element.MeasureString
		case low == "hscroll", strings.HasPrefix(low, "tab="):
			name, _, _ := strings.Cut(low, "=")
			r.ignore("Option "+name+" of Protocol/Params/Param/Measurement/Type", t.at())
		default:
			r.Note("FL-02", t.at(), "The measurement option %q of parameter %d has no effect in this program.", Shorten(option), p.ID)
		}
	}
	p.Width = r.number(t, "Measurement/Type@width", t.attr("width"), 1, maxWidth)
	if d := r.positive(t, "verificationDeviation"); d != nil {
		p.Deviation = *d
	}
	p.Hex = strings.EqualFold(t.attr("hex"), "true")
	switch how := strings.ToLower(t.attr("scientificNotation")); how {
	case "universal", "scientific":
		p.notation = how
	}
	switch c := strings.ToLower(t.attr("case")); c {
	case "upper", "lower":
		p.letters = c
	}
}

// positive reads a number from 0 on out of an attribute, nil when there is none.
func (r measurementReader) positive(n *node, name string) *float64 {
	text := n.attr(name)
	f, ok := element.ParseNumber(text)
	switch {
	case text == "":
		return nil
	case !ok || f < 0:
		r.Note("FL-07", n.at(), "Measurement/Type@%s is %q; it is a number from 0 on. It is ignored.", name, Shorten(text))
		return nil
	}
	return &f
}

// locked reads pid=value.
func (r measurementReader) locked(n *node, p *Param, text string) {
	id, value, _ := strings.Cut(text, "=")
	what := "The option custom=disableWrite of parameter " + strconv.Itoa(int(p.ID))
	if of := r.pid(n, what, strings.TrimSpace(id), "FL-13"); of != 0 {
		p.Locked = &element.Condition{Param: of, Values: []string{strings.TrimSpace(value)}}
	}
}

func knownMeasurements() []element.Measurement {
	return []element.Measurement{
		element.MeasureString, element.MeasureNumber, element.MeasureAnalog, element.MeasureDiscreet, element.MeasureToggleButton,
		element.MeasureButton, element.MeasurePageButton, element.MeasureTitle, element.MeasureProgress, element.MeasureTable,
		element.MeasureChart, element.MeasureMatrix, "digital threshold",
	}
}

// unsupportedMeasurements are known, and shown as the plain value.
func unsupportedMeasurements() []element.Measurement {
	return []element.Measurement{element.MeasureChart, element.MeasureMatrix, "digital threshold"}
}

// clockOption reads a Measurement option that makes a number a time, and
// reports whether it is one.
func clockOption(p *Param, option string) bool {
	switch c := element.Clock(option); c {
	case element.ClockDate, element.ClockDateTime, element.ClockMinutely, element.ClockSeconds, element.ClockMinutes, element.ClockHours:
		p.Clock = c
	case element.ClockTimeOfDay:
		if p.Clock == element.ClockMinutes {
			p.Clock = element.ClockMinuteOfDay
		} else {
			p.Clock = element.ClockTimeOfDay
		}
	default:
		return false
	}
	return true
}
