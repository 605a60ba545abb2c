package lint

import (
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// display applies the rules about how parameters are shown.
func (l *linter) display() {
	at := l.layout()
	described := map[string]*connector.Param{}
	mentioned := l.mentioned()
	for _, p := range l.params {
		if p.Tooltip == "" && at.explains(p) {
			l.Note("2.4.1", p.Pos, "Parameter %d (%s) has no tooltip (Information/Subtext).", p.ID, connector.Shorten(p.Name))
		}
		if at.isColumn(p.ID) && p.HasDefault {
			l.Note("2.68.2", p.Pos, "Parameter %d is a column of a table and has a DefaultValue; it is ignored.", p.ID)
		}
		shown := p.RTDisplay && (len(p.Positions) > 0 || at.isColumn(p.ID))
		if p.Ignored.Trended && !p.RTDisplay && !p.Type.IsWrite() {
			l.Note("2.8.4", p.Pos, "Parameter %d is trended, but its RTDisplay is not true.", p.ID)
		}
		if p.RTDisplay && !l.d.Ignored.ShownElsewhere && !shown && p.Ignored.Untrended && !p.Ignored.OnAppLevel && !p.Ignored.Monitored && !mentioned[p.ID] && !l.servesOthers(p, at) {
			l.Note("2.7.5", p.Pos, "RTDisplay of parameter %d is true, but nothing shows it.", p.ID)
		}
		if first := described[p.Description]; p.Description != "" && p.RTDisplay && first != nil && first.WriteID != p.ID && first.ReadID != p.ID {
			l.Note("2.14.6", p.Pos, "Parameters %d and %d have the same Description %q.", first.ID, p.ID, connector.Shorten(p.Description))
		} else if first == nil && p.RTDisplay {
			described[p.Description] = p
		}
		l.number(p, shown && !at.keys[p.ID])
		if w := l.param(p.WriteID); w != nil {
			if differ(p.Low, w.Low) {
				l.Note("2.32.7", w.Pos, "The lower end of the range of parameter %d is not that of parameter %d, which it writes.", w.ID, p.ID)
			}
			if differ(p.High, w.High) {
				l.Note("2.33.7", w.Pos, "The upper end of the range of parameter %d is not that of parameter %d, which it writes.", w.ID, p.ID)
			}
		}
	}
}

// mentioned are the parameters that something refers to beside the flow.
func (l *linter) mentioned() map[element.ParamID]bool {
	ids := map[element.ParamID]bool{}
	for _, m := range l.d.Mentions {
		ids[m.Param] = true
	}
	for _, id := range l.d.LoadSequence {
		ids[id] = true
	}
	return ids
}

// servesOthers reports whether a parameter that is on no page may have
// RTDisplay for another reason: its twin, a menu of a table, what is set with it.
func (l *linter) servesOthers(p *connector.Param, at layout) bool {
	name := connector.FoldName(p.Name)
	if p.Ignored.Dependencies || strings.HasSuffix(name, "_contextmenu") || strings.HasSuffix(name, "_qactionfeedback") || at.isColumn(p.ReadID) || !p.Type.IsShown() {
		return true
	}
	twin := l.param(p.ReadID)
	return twin != nil && len(twin.Positions) > 0
}

// number applies the rules about units and ranges.
func (l *linter) number(p *connector.Param, shown bool) {
	switch p.Measurement {
	case element.MeasureNumber, element.MeasureAnalog, element.MeasureProgress:
		if !shown || p.Clock != "" {
			return
		}
		if p.Units == "" {
			l.Note("2.9.7", p.Pos, "Parameter %d is shown as %s without Units.", p.ID, p.Measurement)
		}
		if p.Low == nil && p.High == nil {
			l.Note("2.11.1", p.Pos, "Parameter %d is shown as %s without a Range.", p.ID, p.Measurement)
		}
	case element.MeasureNone:
	default:
		if p.Units != "" {
			l.Note("2.9.5", p.Pos, "Parameter %d is shown as %s, which has no Units.", p.ID, p.Measurement)
		}
	}
}

func differ(a, b *float64) bool {
	if a == nil || b == nil {
		return a != b
	}
	return *a != *b
}
