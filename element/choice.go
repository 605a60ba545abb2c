package element

import (
	"slices"
	"strings"
)

// MaxOffers bounds the entries that a list takes from another parameter.
const MaxOffers = 1000

// Lookup returns the present state of a parameter; the zero Parameter when
// there is none.
type Lookup func(ParamID) Parameter

// Condition says when an entry can be used (documentation page
// Discreet-options, disabled and enabled): while the parameter has one of the
// values, or while it has none of them.
type Condition struct {
	Param  ParamID
	Values []string // raw; "" stands for one that is empty or was never set
	Unless bool
}

// Met reports whether the condition holds now.
func (c *Condition) Met(of Lookup) bool {
	if c == nil {
		return true
	}
	v := of(c.Param).Value
	has := slices.ContainsFunc(c.Values, func(s string) bool { return means(v, s) })
	return has != c.Unless
}

// means reports whether a value is the one that a connector has written;
// numbers are compared as numbers.
func means(v Value, written string) bool {
	if v.String() == written {
		return true
	}
	f, ok := v.Float()
	g, also := Text(written).Float()
	return ok && also && f == g
}

// Offer is an entry of a list as it is now.
type Offer struct {
	Discreet
	Disabled bool
}

// Offers returns what the list of a parameter offers now (documentation pages
// Discreets-dependencyId and Discreet-dependencyValues). A list without
// entries of its own is the text of the parameter it depends on, split at
// semicolons; entries that depend on a value are there while the other
// parameter is shown with it.
func (i ParamInfo) Offers(of Lookup) []Offer {
	list := i.Discreets
	if i.DependsOn != 0 {
		list = i.dependent(of(i.DependsOn))
	}
	out := make([]Offer, len(list))
	for n, d := range list {
		out[n] = Offer{Discreet: d, Disabled: !d.Enabled.Met(of)}
	}
	return out
}

func (i ParamInfo) dependent(on Parameter) []Discreet {
	if len(i.Discreets) == 0 {
		var list []Discreet
		for part := range strings.SplitSeq(on.Value.String(), ";") {
			part = strings.TrimSpace(part)
			if part == "" || slices.ContainsFunc(list, func(d Discreet) bool { return d.Value == part }) {
				continue
			}
			if list = append(list, Discreet{Value: part, Display: part}); len(list) == MaxOffers {
				break
			}
		}
		return list
	}
	if !slices.ContainsFunc(i.Discreets, func(d Discreet) bool { return d.When != nil }) {
		return i.Discreets
	}
	var list []Discreet
	for _, d := range i.Discreets {
		if slices.Contains(d.When, on.Display) {
			list = append(list, d)
		}
	}
	return list
}

// IsLocked reports whether what i writes cannot be set now.
func (i ParamInfo) IsLocked(of Lookup) bool { return i.Locked != nil && i.Locked.Met(of) }

// Watches are the parameters on whose values it depends what i takes.
func (i ParamInfo) Watches() []ParamID {
	var ids []ParamID
	if i.DependsOn != 0 {
		ids = append(ids, i.DependsOn)
	}
	if i.Locked != nil {
		ids = append(ids, i.Locked.Param)
	}
	for _, d := range i.Discreets {
		if d.Enabled != nil && !slices.Contains(ids, d.Enabled.Param) {
			ids = append(ids, d.Enabled.Param)
		}
	}
	return ids
}

// Closed reports whether only entries of the list can be set.
func (i ParamInfo) Closed() bool {
	switch i.Measurement {
	case MeasureDiscreet, MeasureToggleButton, MeasureButton, MeasurePageButton:
		return len(i.Discreets) > 0 || i.DependsOn != 0
	}
	return false
}

// Enumerated reports whether the connector itself lists all that can be set,
// whatever other parameters hold.
func (i ParamInfo) Enumerated() bool { return i.Closed() && len(i.Discreets) > 0 }

// Shown reports whether the page is in the list of pages now.
func (p Page) Shown(of Lookup) bool {
	v := p.Visible
	if v == nil {
		return true
	}
	return v.Default != (v.Param != 0 && means(of(v.Param).Value, v.Value))
}

// Of returns the state of a parameter in the view.
func (v View) Of(id ParamID) Parameter {
	at, ok := slices.BinarySearchFunc(v.Parameters, id, func(p Parameter, id ParamID) int { return int(p.ID) - int(id) })
	if !ok {
		return Parameter{}
	}
	return v.Parameters[at]
}

// FirstPage is the slug of the page to show first: Default, or the first
// visible page while that is hidden; "" when there is none.
func (v View) FirstPage() string {
	first := ""
	for _, p := range v.Pages {
		if p.Separator || p.Link != "" || !p.Shown(v.Of) {
			continue
		}
		if p.Slug == v.Default {
			return p.Slug
		}
		if first == "" && !p.Popup {
			first = p.Slug
		}
	}
	return first
}
