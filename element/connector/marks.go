package connector

import (
	"bytes"
	"slices"

	"fieldline/element"
)

// Marks reads the text of a connector again and says of each of its lines what
// becomes of it, so that a page can draw the whole text: one Mark for each
// line, Marks(xml)[0] for the first, without the findings; a file that cannot
// be read has no verdicts. It never panics, whatever the text.
func Marks(xml []byte) []element.Mark {
	marks := make([]element.Mark, bytes.Count(xml, []byte("\n"))+1)
	for i := range marks {
		marks[i].Line = i + 1
	}
	if len(xml) > MaxSize {
		return marks
	}
	root, _, err := scan(xml)
	if err != nil {
		return marks
	}
	r := newDraft()
	r.marks = &marking{marks: marks}
	r.read(root)
	r.unread(root)
	r.marks.verdicts(r)
	r.marks.walk(root, root.name, element.VerdictRuns)
	return marks
}

// marking collects what becomes of the elements of a text.
type marking struct {
	marks   []element.Mark
	ignored []Pos // elements that are read and have no effect
	at      map[Pos]element.Verdict
}

// ignoringRules are the rules that say of a whole element that it has no effect
// here. Others may say so of an attribute or an option, which leaves the
// element running.
func ignoringRules() []string { return []string{"FL-10", "FL-14", "FL-17", "FL-19", "FL-26", "WS-22"} }

// verdicts says of the elements that something was found about what becomes
// of all that is in them.
func (m *marking) verdicts(r *draft) {
	m.at = map[Pos]element.Verdict{}
	for _, at := range m.ignored {
		m.at[at] = element.VerdictIgnored
	}
	for _, f := range r.List() {
		if slices.Contains(ignoringRules(), f.ID) {
			m.at[Pos{f.Line, f.Column}] = element.VerdictIgnored
		}
	}
	for _, a := range r.def.Actions {
		if !a.RunsHere() {
			m.at[a.Pos] = element.VerdictIgnored
		}
	}
	for k := range r.off {
		if at, ok := r.have[k]; ok {
			m.at[at] = element.VerdictWrong
		}
	}
}

// walk paints the lines of an element, then those of its children over them.
// around is the verdict of the element that it is in.
func (m *marking) walk(n *node, path string, around element.Verdict) {
	verdict := around
	if !n.used {
		verdict = worse(verdict, element.VerdictIgnored)
	}
	verdict = worse(verdict, m.at[n.pos])
	first := &m.marks[min(n.pos.Line, len(m.marks))-1]
	if first.Construct == "" {
		first.Construct, first.Verdict = path, verdict
	} else {
		first.Verdict = worse(first.Verdict, verdict)
	}
	for line := n.pos.Line + 1; line <= min(n.end, len(m.marks)); line++ {
		if m.marks[line-1].Construct == "" {
			m.marks[line-1].Verdict = verdict
		}
	}
	for _, k := range n.kids {
		m.walk(k, path+"/"+k.name, verdict)
	}
}

func worse(a, b element.Verdict) element.Verdict {
	rank := []element.Verdict{element.VerdictNone, element.VerdictRuns, element.VerdictIgnored, element.VerdictWrong}
	if slices.Index(rank, b) > slices.Index(rank, a) {
		return b
	}
	return a
}
