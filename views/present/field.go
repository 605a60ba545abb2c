package present

import (
	"strings"

	"fieldline/element"
)

// Twins are a parameter that is shown and the one that writes it; each is zero
// when there is none. What is written alone is shown too.
type Twins struct{ Read, Write element.ParamInfo }

// Chooses is the parameter whose entries an editor offers: the write parameter,
// else its read twin.
func (t Twins) Chooses() element.ParamInfo {
	w := t.Write
	if len(w.Discreets) > 0 || w.DependsOn != 0 || w.Measurement != element.MeasureNone && !w.Closed() {
		return w
	}
	return t.Read
}

// Closed reports whether the editor is a list and nothing else.
func (t Twins) Closed() bool {
	c := t.Chooses()
	return c.Closed() || c.Measurement == element.MeasureNone && len(c.Discreets) > 0
}

// Field is a value as it stands in its editor: raw, as it is shown, or as a
// browser's field for a date and a time wants it.
func (t Twins) Field(p element.Parameter) string {
	switch c := t.Write.Clock; {
	case t.Read.Password || t.Write.Password:
		return ""
	case t.Closed(), p.Truncated, !p.Initialized:
		return p.Value.String()
	case c == element.ClockDateTime || c == element.ClockMinutely:
		return strings.Replace(p.Display, " ", "T", 1)
	case c != "" || t.Write.Hex:
		return p.Display
	}
	return p.Value.String()
}

// pressed is the value of the button of a toggle that is pressed, nil for none.
// A value that is shown as something else is an exception, which no button
// stands for.
func (t Twins) pressed(p element.Parameter) *string {
	if t.Write.Measurement != element.MeasureToggleButton || !p.Initialized {
		return nil
	}
	value := p.Value.String()
	for _, d := range t.Read.Discreets {
		if d.Value == value && d.Display != "" && d.Display != p.Display {
			return nil
		} else if d.Value == value {
			break
		}
	}
	return &value
}
