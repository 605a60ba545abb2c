package engine

import (
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
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
func (e *Engine) excused(f failure) bool {
	return slices.ContainsFunc(e.def.NoTimeouts, f.is)
}

// report fires the communication triggers that wait for the failure, those of
// an excused one too.
func (e *Engine) report(f failure) {
	if !e.active() {
		return
	}
	mark := e.agenda.mark()
	for _, t := range e.ix.triggersFor(occasion{on: itemCommunication, when: onFailure}) {
		if f.is(t.OnText) {
			e.add(task{do: workFire, trigger: t})
		}
	}
	e.drain(mark)
}

// missed fires the triggers of parameters that an answer was to bring.
func (e *Engine) missed(when moment, ids []element.ParamID) {
	seen := map[element.ParamID]bool{}
	for _, id := range ids {
		if p, _ := e.param(id); p != nil && !p.Interprete.Constant && !seen[id] {
			seen[id] = true
			e.fireAll(occasion{itemParameter, when, int(id)})
		}
	}
}

// ofPair are the parameters that the responses of a pair bring.
func (e *Engine) ofPair(p *connector.Pair) []element.ParamID {
	var ids []element.ParamID
	for _, id := range p.Responses {
		if r := e.ix.responses[id]; r != nil {
			ids = append(ids, r.Content...)
		}
	}
	return ids
}

// ofExchange are the parameters that the answer to a request fills.
func ofExchange(x *connector.Exchange) []element.ParamID {
	ids := []element.ParamID{x.StatusParam}
	for _, h := range x.HeaderParams {
		ids = append(ids, h.Param)
	}
	return append(ids, x.ContentParam)
}
