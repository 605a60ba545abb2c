package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
)

// maxEntries bounds the entries of lists written in attributes, in all.
const maxEntries = 500_000

// maxContent bounds the entries of one Content.
const maxContent = 10_000

// room reports whether one more entry of a list is read.
func (r *draft) room() bool {
	r.entries++
	return r.entries <= maxEntries
}

// number reads a whole number; 0 and a finding when it is none. Empty is 0.
func (r *draft) number(n *node, what, text string, low, high int) int {
	if text == "" {
		return 0
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < low || v > high {
		r.Note("FL-07", n.at(), "%s is %q; it is a whole number from %d to %d. It is ignored.", what, Shorten(text), low, high)
		return 0
	}
	return v
}

// decimal reads a number that may be absent.
func (r *draft) decimal(n *node, what, rule string) *float64 {
	if n == nil || n.trimmed() == "" {
		return nil
	}
	f, ok := element.ParseNumber(n.trimmed())
	if !ok {
		r.Note(rule, n.at(), "%s is %q, which is not a number. It is ignored.", what, Shorten(n.trimmed()))
		return nil
	}
	return &f
}

// flag reads true or false; anything else is the default, with a finding.
func (r *draft) flag(n *node, what, text string) bool {
	switch strings.ToLower(text) {
	case "true":
		return true
	case "", "false":
		return false
	}
	r.Note("FL-08", n.at(), "%s is %q; it is true or false. It was read as false.", what, Shorten(text))
	return false
}

// pid reads a parameter id written in the file; 0 and a finding when it is no
// number. Empty is 0.
func (r *draft) pid(n *node, what, text, rule string) element.ParamID {
	if text == "" {
		return 0
	}
	id, err := strconv.Atoi(text)
	if err != nil || id < 1 || id > MaxID {
		r.Note(rule, n.at(), "%s is %q, which is not the id of a parameter. It is ignored.", what, Shorten(text))
		return 0
	}
	return element.ParamID(id)
}

// refID reads the id of another item; the owner is disabled when it is none.
func (r *draft) refID(n *node, text string, owner Item, rule string) (int, bool) {
	id, err := strconv.Atoi(text)
	if err != nil || id < 0 || id > MaxID {
		r.disable(owner, rule, n.at(), "%q in %s %d is not the id of an item; the %s is disabled.", Shorten(text), owner.Kind, owner.ID, owner.Kind)
		return 0, false
	}
	return id, true
}

// stepID reads the id of an entry of a list; that entry is left out when it is
// none.
func (r *draft) stepID(n *node, text string, owner Item, rule string) (int, bool) {
	id, err := strconv.Atoi(text)
	if err != nil || id < 0 || id > MaxID {
		r.Note(rule, n.at(), "%q in %s %d is not the id of an item; that step is left out.", Shorten(text), owner.Kind, owner.ID)
		return 0, false
	}
	return id, true
}

// refList reads children that are ids of items of one kind.
func (r *draft) refList(n *node, tag, kind string, owner Item, rule string, without loss) []int {
	var list []int
	given := n.children(tag)
	for _, x := range given {
		if id, ok := r.stepID(x, x.trimmed(), owner, rule); ok && len(list) < maxContent {
			r.refer(owner, Item{kind, id}, rule, x.at(), without)
			list = append(list, id)
		}
	}
	if len(list) == 0 && len(given) > 0 && without == lossTarget {
		r.off[owner] = true // named above
	}
	return list
}

// connectionNr reads the number of a connection. One that does not exist
// means the only WebSocket connection, when there is just one.
func (r *draft) connectionNr(n *node, who, text string) (int, bool) {
	nr, err := strconv.Atoi(text)
	if err != nil || nr < 0 {
		r.Note("WS-16", n.at(), "%s names the connection %q, which is not a number.", who, Shorten(text))
		return 0, false
	}
	if _, ok := r.def.Connection(nr); ok {
		return nr, true
	}
	if only, ok := r.def.OnlyWebSocket(); ok {
		r.Note("WS-16", n.at(), "%s names connection %d, which does not exist; connection %d is used.", who, nr, only)
		return only, true
	}
	r.Note("WS-16", n.at(), "%s names connection %d, which does not exist.", who, nr)
	return nr, true
}

// condition reads the Condition of an item. The item is disabled when it
// cannot be read; rule is the number of the check without its last part.
func (r *draft) condition(n *node, owner Item, rule string) *Condition {
	c := n.child("Condition")
	if c.trimmed() == "" {
		return nil
	}
	cond, err := parseCondition(c.trimmed())
	if err != nil {
		r.disable(owner, rule+".1", c.at(), "The condition of %s %d cannot be read: %s It is disabled.", owner.Kind, owner.ID, element.MessageOf(err))
		return nil
	}
	for _, id := range cond.Params {
		if isProvided(id) {
			continue
		}
		r.need(owner, Item{"parameter", int(id)}, rule+".2", c.at())
	}
	cond.markFixed(r.def)
	return cond
}

// color reads #RRGGBB.
func (r *draft) color(d *node, p *Param, text string) string {
	if len(text) != 7 || text[0] != '#' || strings.Trim(text[1:], "0123456789abcdef") != "" {
		r.Note("FL-07", d.at(), "A rowTextColor of parameter %d is %q; a colour is written #RRGGBB. It is ignored.", p.ID, Shorten(text))
		return ""
	}
	return text
}
