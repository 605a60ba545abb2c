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

// MaxID is the largest id of the schema's ranges.
const MaxID = 10_999_999

// idRules are the rules that the ids of one list are reported with.
type idRules struct {
	missing, empty, untrimmed, invalid, duplicate string // untrimmed "": no rule says it
	lowest                                        int
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
