package lint

import (
	"slices"
	"strings"

	"fieldline/element/connector"
)

// names looks at what parameters are called.
func (l *linter) names() {
	for _, p := range l.params {
		if strings.HasPrefix(p.Name, "__") || slices.Contains(reservedNames(), connector.FoldName(p.Name)) {
			l.Note("2.2.5", p.Pos, "The Name %q of parameter %d is reserved by DataMiner.", connector.Shorten(p.Name), p.ID)
		}
		if p.Name[0] >= '0' && p.Name[0] <= '9' {
			l.Note("2.2.8", p.Pos, "The Name %q of parameter %d starts with a digit.", connector.Shorten(p.Name), p.ID)
		}
		if strings.Trim(strings.ToLower(p.Name), "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			l.Note("2.2.7", p.Pos, "The Name %q of parameter %d has characters other than letters, digits and underscore.", connector.Shorten(p.Name), p.ID)
		}
	}
}

// reservedNames are internal names of DataMiner, in lower case.
func reservedNames() []string {
	return []string{"timeout", "state", "notification", "database", "set parameter", "lock_status"}
}

// reserved names parameters with ids that DataMiner keeps for kinds of
// connectors which this one is not, or fills itself (documentation page
// ReservedIDsParameters).
func (l *linter) reserved() {
	kind := ""
	if len(l.d.Connections) > 0 {
		kind = l.d.Connections[0].Kind
	}
	for _, p := range l.params {
		switch {
		case p.ID >= 64_000 && p.ID <= 64_299:
			l.Note("2.1.6", p.Pos, "Parameter %d has an id from 64000 to 64299, which are those of spectrum analyzers.", p.ID)
		case p.ID >= 70_000 && p.ID <= 79_999:
			l.Note("2.1.7", p.Pos, "Parameter %d has an id from 70000 to 79999, which are those of mediation.", p.ID)
		case p.ID >= 80_000 && p.ID <= 99_999:
			l.Note("2.1.8", p.Pos, "Parameter %d has an id from 80000 to 99999, which are those of DataMiner's modules.", p.ID)
		case p.ID <= 999 && kind == "service":
			l.Note("2.1.9", p.Pos, "Parameter %d has an id from 1 to 999, which DataMiner gives a meaning in an enhanced service.", p.ID)
		case p.ID <= 2999 && kind == "sla":
			l.Note("2.1.10", p.Pos, "Parameter %d has an id from 1 to 2999, which DataMiner gives a meaning in an SLA.", p.ID)
		}
	}
}
