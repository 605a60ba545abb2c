package engine

import (
	"slices"
	"strings"

	"fieldline/element"
)

// failure is what a connection reports when it does not work.
type failure struct {
	text   string // a sentence
	told   string // what is told of it to who caused it; text when ""
	cause  string // phase and code of docs/causes.md, "tcp/refused"; "" when none is known
	status string // the status line of an answer that is a refusal
}

// What DataMiner reports where we have causes of our own: connectors know these
// texts (schema documentation, Trigger/Time, "communication").
const (
	legacyConnect = "Error : 12029. [ERROR_WINHTTP_CANNOT_CONNECT]"
	legacyTimeout = "Error : 12002. [ERROR_WINHTTP_TIMEOUT]"
	legacySecure  = "Error : 12175. [ERROR_WINHTTP_SECURE_FAILURE]"
)

// legacy is DataMiner's text for the failure, "" when it has none.
func (f failure) legacy() string {
	phase, code, _ := strings.Cut(f.cause, "/")
	switch {
	case code == "canceled", code == "settings":
		return ""
	case code == "timeout", code == "silent":
		return legacyTimeout
	case phase == "tls":
		return legacySecure
	case phase == "tcp":
		return legacyConnect
	default:
		return ""
	}
}

// is reports whether a text of the connector means this failure: its sentence,
// its code with or without the phase, its status line, or DataMiner's text.
func (f failure) is(text string) bool {
	_, code, _ := strings.Cut(f.cause, "/")
	for _, have := range []string{f.text, f.cause, code, f.status, f.legacy()} {
		if have != "" && same(have, text) {
			return true
		}
	}
	return false
}

// excused reports whether the failure must not put the element in timeout
// (NoTimeouts/NoTimeout).
func (lg *logic) excused(f failure) bool {
	return slices.ContainsFunc(lg.ix.def.NoTimeouts, f.is)
}

// report fires the communication triggers that wait for the failure, those of
// an excused one too.
func (lg *logic) report(f failure) {
	if !lg.status.active() {
		return
	}
	mark := lg.agenda.mark()
	for _, t := range lg.ix.triggersFor(occasion{on: itemCommunication, when: onFailure}) {
		if f.is(t.OnText) {
			lg.agenda.add(task{do: workFire, trigger: t})
		}
	}
	lg.drain(mark)
}

// fireTimeouts fires the triggers of parameters that an answer was to bring.
func (lg *logic) fireTimeouts(when moment, ids []element.ParamID) {
	seen := map[element.ParamID]bool{}
	for _, id := range ids {
		if p, _ := lg.ix.param(id); p != nil && !p.Interprete.Constant && !seen[id] {
			seen[id] = true
			lg.fireAll(occasion{itemParameter, when, int(id)})
		}
	}
}
