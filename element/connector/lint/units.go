package lint

import (
	"slices"
	"strings"

	"fieldline/element/connector"
)

// units names units that DataMiner does not have.
func (l *linter) units() {
	said := map[string]bool{}
	for _, p := range l.params {
		if p.Units == "" || said[p.Units] {
			continue
		}
		said[p.Units] = true
		if !knownUnit(p.Units) {
			l.Note("2.9.4", p.Pos, "The unit %q of parameter %d is not one of DataMiner's; it is shown as it is.", connector.Shorten(p.Units), p.ID)
		}
	}
}

// knownUnit reports whether DataMiner has the unit: a unit with one of its
// prefixes, something that is counted, or one of these by another (schema
// documentation, Display/Units).
func knownUnit(unit string) bool {
	if isUnit(unit) {
		return true
	}
	over, by, ratio := strings.Cut(unit, "/")
	if !ratio || !isUnit(over) {
		return false
	}
	for part := range strings.SplitSeq(by, "/") {
		if !isUnit(part) && !slices.Contains([]string{"Month", "Week", "Year", "div", "sym", "Frame", "Cell"}, part) {
			return false
		}
	}
	return true
}

func isUnit(s string) bool {
	if slices.Contains(wholeUnits(), s) || slices.Contains(countedThings(), s) {
		return true
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "^2"), "^3")
	for _, base := range prefixedUnits() {
		prefix, found := strings.CutSuffix(s, base)
		if found && slices.Contains(unitPrefixes(), prefix) {
			return true
		}
	}
	return slices.Contains(wholeUnits(), s)
}

// unitPrefixes are the prefixes of units, decimal and binary; µ is written u.
func unitPrefixes() []string {
	return []string{
		"", "y", "z", "a", "f", "p", "n", "u", "m", "c", "d", "da", "h", "k", "M", "G", "T", "P", "E", "Z", "Y", "K",
		"Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi",
	}
}

// wholeUnits are units without prefixes.
func wholeUnits() []string {
	return []string{
		"%", "%RH", "A_AC", "A_DC", "V_AC", "V_DC", "V_RMS", "Vac", "Vdc", "barG", "mbarG", "kbarG", "MbarG", "Bft", "bpp", "C", "cd", "Ci", "clk",
		"cmAq", "cmHg", "inAq", "inHg", "mmHg", "cps", "d", "Da", "dB", "dB SPL", "dB(A)", "dBFS", "dBHz", "dBJ", "dBW", "dBc", "dBd", "dBi", "dBiC", "dBk",
		"dBm", "dBmV", "dBq", "dBr", "dBu", "dBuV", "dBuW", "dBV", "deg C", "deg F", "deg R", "DU", "E-6", "F", "fph", "fpm", "fps", "ft", "gal", "gpm",
		"GOPs", "h", "ha", "hdln", "hdpx", "in", "IRE", "K", "kat", "kn", "lb_m", "LKFS", "lm", "LUFS", "lx", "mi", "min", "mol", "nanoCPUs", "Np", "nt",
		"ops", "ppb", "ppm", "PSI", "R", "rad", "rpm", "rps", "SCMD", "SCMH", "SCMM", "sdln", "sdpx", "sr", "TWH", "umol", "yd", "(nm.km)", "nm.km",
	}
}

// prefixedUnits are units that take prefixes.
func prefixedUnits() []string {
	return []string{
		"A", "Ah", "b", "B", "bar", "Bd", "bps", "Bps", "Bq", "C", "cal", "deg", "eV", "F", "g", "Gy", "H", "Hz", "ib", "iB", "iBps", "J", "L", "m", "Nm",
		"N", "Ohm", "Pa", "Pps", "px", "s", "S", "Samples", "Sv", "symps", "t", "T", "V", "VA", "VAh", "var", "W", "Wb", "Wh",
	}
}

// countedThings are what is counted instead of measured.
func countedThings() []string {
	return []string{
		"Alarms", "Allocation Units", "Attempts", "Base Units", "Beacons", "bits", "Blocks", "Bursts", "Cells", "Channels", "Columns", "Connections",
		"Cycles", "Datagrams", "Descriptors", "Discards", "Errors", "Failures", "Fields", "Files", "Flashes", "Flows", "Fragments", "Frames", "Hits",
		"Hops", "Interrupts", "Jobs", "Legs", "Lines", "Logins", "Messages", "MIB Objects", "Months", "Octets", "Packets", "PDUs", "Peers", "Programs",
		"Processes", "Rack Units", "Records", "Requests", "Retries", "Rows", "Segments", "Services", "Sessions", "Sites", "Slots", "Steps", "Streams",
		"Symbols", "Tables", "Threads", "Tickets", "Ticks", "Transactions", "Units", "Updates", "Weeks", "Words", "Years",
	}
}
