package connector

import (
	"fmt"
	"strconv"
	"strings"

	"fieldline/element"
)

// draft is a Definition while it is read: what was found so far, which items the
// file has, and what they refer to. The readers share it; each adds its part.
type draft struct {
	def *Definition
	*Findings
	refused string            // the first reason, a sentence with the line
	have    map[Item]Pos      // the items of the file
	off     map[Item]bool     // those that are disabled
	refs    []reference       // between items, for resolver
	entries int               // of lists in attributes
	unused  map[string]unused // constructs that are read without effect
	marks   *marking          // nil unless Marks reads
}

func newDraft() *draft {
	return &draft{
		def:      &Definition{params: map[element.ParamID]*Param{}, byName: map[string][]*Param{}},
		Findings: newFindings(), have: map[Item]Pos{}, off: map[Item]bool{}, unused: map[string]unused{},
	}
}

// maxEntries bounds the entries of lists written in attributes, in all.
const maxEntries = 500_000

// MaxID is the largest id of the schema's ranges.
const MaxID = 10_999_999

// idRules are the rules that the ids of one list are reported with.
type idRules struct {
	missing, empty, untrimmed, invalid, duplicate string // untrimmed "": no rule says it
	lowest                                        int
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// maxContent bounds the entries of one Content.
const maxContent = 10_000

// cutPrefixFold is strings.CutPrefix without regard to case, for a prefix in
// ASCII: the bytes of s in lower case can be more or fewer than those of s.
func cutPrefixFold(s, prefix string) (after string, found bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// cutFold is strings.Cut without regard to case.
func cutFold(s, sep string) (before, after string, found bool) {
	at := strings.Index(strings.ToLower(s), sep)
	if at < 0 || len(strings.ToLower(s)) != len(s) {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}

// room reports whether one more entry of a list is read.
func (r *draft) room() bool {
	r.entries++
	return r.entries <= maxEntries
}

// refuse records a finding that the whole file is refused for.
func (r *draft) refuse(id string, at Pos, format string, args ...any) {
	r.Note(id, at, format, args...)
	if r.refused == "" {
		r.refused = fmt.Sprintf("Line %d: ", max(1, at.Line)) + fmt.Sprintf(format, args...)
	}
}

// itemID reads the id of an item and claims it in its list. It reports false,
// with a finding, when the item cannot be addressed.
func (r *draft) itemID(n *node, kind string, rules idRules) (int, bool) {
	text, ok := n.lookup("id")
	id, err := strconv.Atoi(text)
	switch {
	case !ok || text == "":
		r.Note(pick(!ok, rules.missing, rules.empty), n.at(), "This %s has no id; it is disabled.", kind)
		return 0, false
	case err != nil || id < rules.lowest || text != strconv.Itoa(id) || id > MaxID:
		r.Note(rules.invalid, n.at(), "The id %q of this %s is not a plain number from %d to %d; it is disabled.", Shorten(text), kind, rules.lowest, MaxID)
		return 0, false
	}
	if rules.untrimmed != "" && n.padded("id") {
		r.Note(rules.untrimmed, n.at(), "The id %d of this %s has blanks around it.", id, kind)
	}
	k := Item{kind, id}
	if first, twice := r.have[k]; twice {
		r.refuse(rules.duplicate, n.at(), "The id %d is used by two %ss; the first is on line %d.", id, kind, first.Line)
		return 0, false
	}
	r.have[k] = n.pos
	return id, true
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

// mention records that something refers to a parameter; the rules are for one
// that does not exist, and for one whose RTDisplay is not true.
func (r *draft) mention(at Pos, what string, id element.ParamID, missing, hidden string) {
	r.def.Mentions = append(r.def.Mentions, Mention{at, what, id, missing, hidden, ""})
}

// existing returns id when that parameter exists, else 0 with a finding.
func (r *draft) existing(id element.ParamID, rule string, at Pos, what string) element.ParamID {
	if id == 0 || r.def.params[id] != nil {
		return id
	}
	r.Note(rule, at, "%s refers to parameter %d, which does not exist; it is ignored.", what, id)
	return 0
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

// need records a reference; resolve disables from when to is missing.
func (r *draft) need(from, to Item, rule string, at Pos) {
	r.refer(from, to, rule, at, lossAll)
}

func (r *draft) refer(from, to Item, rule string, at Pos, without loss) {
	r.refs = append(r.refs, reference{from, to, rule, at, without})
}

// disable leaves an item out of the Definition, with a finding.
func (r *draft) disable(k Item, rule string, at Pos, format string, args ...any) {
	r.Note(rule, at, format, args...)
	r.off[k] = true
}

// alive reports whether an item exists and is not disabled.
func (r *draft) alive(kind string, id int) bool {
	k := Item{kind, id}
	_, exists := r.have[k]
	return exists && !r.off[k]
}

// ignore names a construct that is read but has no effect, once for its path.
func (r *draft) ignore(what string, at Pos) {
	l := r.unused[what]
	if l.count == 0 {
		l.first = at
	}
	l.count++
	r.unused[what] = l
	if r.marks != nil && strings.HasPrefix(what, "Protocol/") {
		r.marks.ignored = append(r.marks.ignored, at)
	}
}

// ignoreChildren names children that are known and have no effect, and marks all of
// them as read.
func (r *draft) ignoreChildren(n *node, path string, names ...string) {
	for _, name := range names {
		for _, k := range n.children(name) {
			k.skipAll()
			r.ignore(path+"/"+name, k.at())
		}
	}
}

// ignoreAttrs names attributes that are known and have no effect.
func (r *draft) ignoreAttrs(n *node, path string, names ...string) {
	for _, name := range names {
		if _, ok := n.lookup(name); ok {
			r.ignore("Attribute "+name+" of "+path, n.at())
		}
	}
}

// color reads #RRGGBB.
func (r *draft) color(d *node, p *Param, text string) string {
	if len(text) != 7 || text[0] != '#' || strings.Trim(text[1:], "0123456789abcdef") != "" {
		r.Note("FL-07", d.at(), "A rowTextColor of parameter %d is %q; a colour is written #RRGGBB. It is ignored.", p.ID, Shorten(text))
		return ""
	}
	return text
}
