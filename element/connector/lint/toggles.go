package lint

import (
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// oppositeEntries are pairs of which one says what the other is.
func oppositeEntries() [][2]string {
	return [][2]string{
		{"off", "on"},
		{"disabled", "enabled"},
		{"disable", "enable"},
		{"no", "yes"},
		{"false", "true"},
		{"closed", "open"},
		{"close", "open"},
		{"closed", "opened"},
		{"down", "up"},
		{"high", "low"},
		{"active", "inactive"},
		{"active", "not active"},
		{"active", "standby"},
		{"auto", "manual"},
		{"automatic", "manual"},
		{"local", "remote"},
		{"lock", "unlock"},
		{"locked", "unlocked"},
		{"masked", "unmasked"},
		{"mute", "unmute"},
		{"muted", "unmuted"},
		{"input", "output"},
		{"external", "internal"},
		{"mono", "stereo"},
		{"horizontal", "vertical"},
		{"start", "stop"},
		{"started", "stopped"},
		{"running", "stopped"},
		{"backup", "main"},
		{"primary", "secondary"},
		{"master", "slave"},
		{"offline", "online"},
		{"analog", "digital"},
		{"blocked", "not blocked"},
		{"monitored", "not monitored"},
		{"not present", "present"},
		{"absent", "present"},
		{"hide", "show"},
		{"exclude", "include"},
		{"bottom", "top"},
		{"fast", "slow"},
		{"activate", "deactivate"},
		{"append", "overwrite"},
		{"ipv4", "ipv6"},
		{"dhcp", "manual"},
		{"accepted", "not accepted"},
		{"celsius", "fahrenheit"},
	}
}

// toggles recommends a toggle button for two entries that are opposites.
func (l *linter) toggles() {
	for _, p := range l.params {
		if p.Measurement != element.MeasureDiscreet || !p.Type.IsWrite() || p.ReadID == 0 || len(p.Discreets) != 2 {
			continue
		}
		a, b := connector.FoldName(p.Discreets[0].Display), connector.FoldName(p.Discreets[1].Display)
		if slices.Contains(oppositeEntries(), [2]string{min(a, b), max(a, b)}) {
			l.Note("2.37.1", p.Pos, "Parameter %d offers %q and %q: a toggle button says the same with one click.", p.ID, connector.Shorten(p.Discreets[0].Display), connector.Shorten(p.Discreets[1].Display))
		}
	}
}
