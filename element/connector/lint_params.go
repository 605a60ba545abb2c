package connector

import (
	"slices"
	"strings"

	"fieldline/element"
)

// lintDisplay applies the rules about how parameters are shown.
func (r *reader) lintDisplay(at layout) {
	described := map[string]*Param{}
	mentioned := map[element.ParamID]bool{}
	for _, m := range r.mentions {
		mentioned[m.id] = true
	}
	for _, id := range r.def.LoadSequence {
		mentioned[id] = true
	}
	elsewhere := slices.ContainsFunc(r.root.kids, func(k *node) bool {
		return strings.EqualFold(k.name, "TreeControls") || strings.EqualFold(k.name, "Relations") || strings.EqualFold(k.name, "DVEs")
	})
	for _, p := range r.def.Params {
		shown := p.RTDisplay && (len(p.Positions) > 0 || at.isColumn(p.ID))
		if p.trended && !p.RTDisplay && !isWrite(p.Type) {
			r.note("2.8.4", p.Pos, "Parameter %d is trended, but its RTDisplay is not true.", p.ID)
		}
		if p.RTDisplay && !elsewhere && !shown && p.untrended && !p.onAppLevel && !p.monitored && !mentioned[p.ID] && !r.servesOthers(p, at) {
			r.note("2.7.5", p.Pos, "RTDisplay of parameter %d is true, but nothing shows it.", p.ID)
		}
		if first := described[p.Description]; p.Description != "" && p.RTDisplay && first != nil && first.WriteID != p.ID && first.ReadID != p.ID {
			r.note("2.14.6", p.Pos, "Parameters %d and %d have the same Description %q.", first.ID, p.ID, Shorten(p.Description))
		} else if first == nil && p.RTDisplay {
			described[p.Description] = p
		}
		r.lintNumber(p, shown && !at.keys[p.ID])
		if w := r.def.params[p.WriteID]; w != nil {
			if differ(p.Low, w.Low) {
				r.note("2.32.7", w.Pos, "The lower end of the range of parameter %d is not that of parameter %d, which it writes.", w.ID, p.ID)
			}
			if differ(p.High, w.High) {
				r.note("2.33.7", w.Pos, "The upper end of the range of parameter %d is not that of parameter %d, which it writes.", w.ID, p.ID)
			}
		}
	}
}

// servesOthers reports whether a parameter that is on no page may have
// RTDisplay for another reason: its twin, a menu of a table, what is set with it.
func (r *reader) servesOthers(p *Param, at layout) bool {
	name := FoldName(p.Name)
	if p.dependent || strings.HasSuffix(name, "_contextmenu") || strings.HasSuffix(name, "_qactionfeedback") || at.isColumn(p.ReadID) || !isShown(p.Type) {
		return true
	}
	twin := r.def.params[p.ReadID]
	return twin != nil && len(twin.Positions) > 0
}

// lintNumber applies the rules about units and ranges.
func (r *reader) lintNumber(p *Param, shown bool) {
	switch p.Measurement {
	case element.MeasureNumber, element.MeasureAnalog, element.MeasureProgress:
		if !shown || p.Clock != "" {
			return
		}
		if p.Units == "" {
			r.note("2.9.7", p.Pos, "Parameter %d is shown as %s without Units.", p.ID, p.Measurement)
		}
		if p.Low == nil && p.High == nil {
			r.note("2.11.1", p.Pos, "Parameter %d is shown as %s without a Range.", p.ID, p.Measurement)
		}
	case element.MeasureNone:
	default:
		if p.Units != "" {
			r.note("2.9.5", p.Pos, "Parameter %d is shown as %s, which has no Units.", p.ID, p.Measurement)
		}
	}
}

func differ(a, b *float64) bool {
	if a == nil || b == nil {
		return a != b
	}
	return *a != *b
}
