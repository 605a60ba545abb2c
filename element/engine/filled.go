package engine

import (
	"fieldline/element"
	"fieldline/element/codec"
	"fieldline/element/connector"
)

// maxFixedFill bounds the bytes a fixed-length parameter starts with.
const maxFixedFill = 64 << 10

// fillFixed sets constants, and the filler of parameters with a fixed length:
// those are never empty (documentation page InnerWorkingsInternalStorage).
func (vs *values) fillFixed() {
	for i, p := range vs.ix.params {
		in := &p.Interprete
		switch {
		case in.Constant:
			if v, ok := in.Convert(element.Text(string(in.Fixed))); ok && in.Fixed != nil {
				vs.slots[i].value = v
			}
		case p.Type == connector.TypeRead, p.Type == connector.TypeDummy:
			if in.LengthType != codec.LengthFixed || in.Length < 1 || in.Length > maxFixedFill || p.HasDefault {
				continue
			}
			vs.slots[i].value = in.Filler()
		}
	}
}

// fillElement sets the parameters that say which element this is.
func (vs *values) fillElement() {
	for _, p := range vs.ix.params {
		switch p.Type {
		case connector.TypeElementName:
			vs.setSilently(p.ID, element.Text(vs.status.cfg.Name))
		case connector.TypeElementID:
			vs.setSilently(p.ID, element.Text(string(vs.status.id)))
		case connector.TypeElementDMA:
			vs.setSilently(p.ID, element.Text("1/"+string(vs.status.id)))
		case connector.TypeInfo:
			vs.setSilently(p.ID, element.Text("1;Fieldline;;"))
		default:
		}
	}
}

// fillSaved puts saved values back. What a device had reported is stale until
// it reports again. Values of parameters that are no longer saved are left.
func (vs *values) fillSaved(saved []element.SavedValue) {
	for _, v := range saved {
		p, i := vs.ix.param(v.Parameter)
		if v.IsCell() || p == nil || !p.Saved && !vs.ix.saved[p.ID] || !v.Value.IsSet() {
			continue
		}
		w, ok := p.Interprete.Convert(v.Value)
		if !ok {
			vs.logf(levelWarning, "The saved value of %s is not a number any more and is not used; it is on disk until another one is saved.", named(p))
			continue
		}
		s := &vs.slots[i]
		s.value, s.changedAt, s.receivedAt = w, v.At, v.At
		s.fromDevice, s.stale = v.FromDevice, v.FromDevice
	}
}

func (vs *values) fillDefaults() {
	for i, p := range vs.ix.params {
		if p.HasDefault && !vs.slots[i].value.IsSet() {
			if v, ok := p.Interprete.Convert(p.Default); ok {
				vs.slots[i].value = v
			}
		}
	}
}

// showFilled shows the parameters that look different than before a start.
func (vs *values) showFilled(before []slot) {
	for i := range vs.slots {
		if vs.slots[i] != before[i] {
			vs.emit(Refreshed{Parameter: vs.shown(paramIndex(i))})
		}
	}
}
