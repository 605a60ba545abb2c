package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
)

// pairReader reads Pairs.
type pairReader struct{ *draft }

func (r pairReader) pairs(n *node) {
	for _, x := range n.children("Pair") {
		id, ok := r.itemID(x, "pair", idRules{"9.3.1", "9.3.2", "9.3.3", "9.3.4", "9.3.5", 0})
		if !ok {
			x.skipAll()
			continue
		}
		k := Item{"pair", id}
		p := Pair{
			ID: id, Name: x.value("Name"), Ping: r.flag(x, "Pair@ping", x.attr("ping")),
			TimeoutMs: r.number(x, "Pair@timeout", x.attr("timeout"), 1, element.MaxTimeoutMs), Pos: x.at(),
			Condition: r.condition(x, k, "9.7"),
		}
		x.skip("Description")
		r.pairOptions(x, &p)
		c := x.child("Content")
		cmd := c.child("Command")
		if v, ok := r.refID(x, cmd.trimmed(), k, "9.4.1"); ok {
			p.Command = v
			r.need(k, Item{"command", v}, "9.4.5", cmd.at())
		}
		p.Responses = r.refList(c, "Response", "response", k, "9.5.5", lossTarget)
		p.BadResponses = r.refList(c, "ResponseOnBadCommand", "response", k, "9.6.5", lossStep)
		r.def.Pairs = append(r.def.Pairs, p)
	}
}

func (r pairReader) pairOptions(x *node, p *Pair) {
	for option := range strings.SplitSeq(x.attr("options"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(option), ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "":
		case "connection":
			p.Connection, p.HasConnection = r.connectionNr(x, "Pair "+strconv.Itoa(p.ID), value)
		case "ignoretimeout":
			p.IgnoreTimeout = true
		case "retries":
			p.Retries, p.HasRetries = r.number(x, "retries", value, 0, element.MaxRetries), true
		default:
			r.Note("FL-02", x.at(), "The option %q of pair %d has no effect in this program.", Shorten(option), p.ID)
		}
	}
}
