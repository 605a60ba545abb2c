package views

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// chooses is the parameter whose entries the editor offers.
func (r row) chooses() element.ParamInfo { return r.twins().Chooses() }

// offers are the entries of the editor as they are now.
func (r row) offers() []element.Offer { return r.chooses().Offers(r.of) }

// buttons are the buttons of an instant editor.
func (r row) buttons() []element.Offer {
	if list := r.offers(); len(list) > 0 || r.chooses().DependsOn != 0 {
		return list
	}
	return []element.Offer{{Discreet: element.Discreet{Value: "1", Display: r.label()}}}
}

// pressed reports whether the value is that of a button of a toggle.
func (r row) pressed(d element.Offer) bool {
	return r.hasRead && r.shown.Pressed != nil && *r.shown.Pressed == d.Value
}

// closed reports whether the editor is a list and nothing else.
func (r row) closed() bool { return r.twins().Closed() }

// watches are the parameters, by their ids, that the editor's list hangs on.
func (r row) watches() string {
	if !r.canSet && !r.locked {
		return ""
	}
	watched := r.chooses().Watches()
	if l := r.write.Locked; l != nil && !slices.Contains(watched, l.Param) {
		watched = append(watched, l.Param)
	}
	var ids []string
	for _, id := range watched {
		ids = append(ids, strconv.Itoa(int(id)))
	}
	return strings.Join(ids, " ")
}

// input is the text in the editor's field.
func (r row) input() string {
	if r.typed != nil {
		return *r.typed
	}
	if r.form.open() {
		return r.form.Value
	}
	return r.base()
}

// base is the text that the editor starts from when nobody typed anything; the
// script tells by it whether somebody did.
func (r row) base() string {
	if r.cut() {
		return r.shown.InField()
	}
	return r.twins().Field(r.param)
}

// slider returns the ends and the step of the slider beside a number's field.
func (r row) slider() (low, high, step string, ok bool) {
	const most = 10_000 // steps that a slider can tell apart
	i := r.write
	if i.Low == nil || i.High == nil || !i.IsNumber || i.Clock != "" || i.Hex || *i.Low >= *i.High {
		return "", "", "", false
	}
	by := (*i.High - *i.Low) / 100
	switch {
	case i.Step != nil && *i.Step > 0:
		by = *i.Step
	case i.Decimals == nil || *i.Decimals == 0:
		by = max(1, math.Round(by))
	default:
		by = max(by, math.Pow10(-*i.Decimals))
	}
	number := element.FormatNumber
	return number(*i.Low), number(*i.High), number(by), (*i.High-*i.Low)/by <= most
}

// pins reports whether the editor posts the value it was drawn with, so that
// two people who change one setting hear of each other. Values that a device
// moves all the time are left out.
func (r row) pins() bool {
	return r.cellAt == nil && r.hasRead && r.read.Saved && r.param.Initialized && !r.param.Masked && !r.instant()
}

// pinned is the value that the editor posts as the one it was drawn with. That
// of a value that is cut is never the value, so the beginning of a text is not
// applied in its place before the script has brought the whole.
func (r row) pinned() string {
	if r.cut() {
		return r.base()
	}
	return r.param.Value.String()
}
