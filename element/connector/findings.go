package connector

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"fieldline/element"
)

// maxPerRule bounds how often one rule is listed; the rest is counted.
const maxPerRule = 200

// Findings collects what is found of a connector, under the rules of Rules. Of
// each rule the first 200 findings are kept.
type Findings struct {
	severity map[string]element.Severity
	list     []element.Finding
	count    map[string]int
}

func newFindings() *Findings {
	f := &Findings{severity: map[string]element.Severity{}, count: map[string]int{}}
	for _, rule := range Rules() {
		f.severity[rule.ID] = rule.Severity
	}
	return f
}

// clone returns a copy that is added to by itself.
func (f *Findings) clone() *Findings {
	return &Findings{severity: f.severity, list: slices.Clone(f.list), count: maps.Clone(f.count)}
}

// Note records a finding with the severity that Rules gives its id.
func (f *Findings) Note(id string, at Pos, format string, args ...any) {
	f.NoteAs(id, f.severity[id], at, format, args...)
}

// NoteAs is Note for the few rules whose severity depends on the case.
func (f *Findings) NoteAs(id string, severity element.Severity, at Pos, format string, args ...any) {
	f.count[id]++
	if f.count[id] > maxPerRule {
		return
	}
	f.list = append(f.list, element.Finding{
		ID: id, Severity: severity, Line: max(1, at.Line), Column: max(1, at.Column), Message: fmt.Sprintf(format, args...),
	})
}

// List returns the findings in the order of lists, each once: what counts the
// whole connector first, then by line. A rule that was found too often is named.
func (f *Findings) List() []element.Finding {
	list := slices.Clone(f.list)
	for id, n := range f.count {
		if n > maxPerRule {
			list = append(list, element.Finding{
				ID: "FL-06", Severity: element.Info, Line: 1, Column: 1,
				Message: fmt.Sprintf("Rule %s was found %d times; the first %d are listed.", id, n, maxPerRule),
			})
		}
	}
	slices.SortStableFunc(list, func(a, b element.Finding) int {
		return cmp.Or(inFront(a)-inFront(b), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(list)
}

// inFront orders findings about the whole connector before all others.
func inFront(f element.Finding) int {
	if f.ID == element.EmptyCount {
		return 0
	}
	return 1
}

// Found returns what was found while the connector was read, for a judge to add
// to.
func (d *Definition) Found() *Findings {
	if d.found == nil { // Parse did not make d
		return newFindings()
	}
	return d.found.clone()
}

// Judge notes what a judge made of the Definition: all findings, and why
// parameters on pages stay empty. It has to come before anybody else has the
// Definition.
func (d *Definition) Judge(findings []element.Finding, unfilled map[element.ParamID]string) {
	d.Findings = findings
	for id, why := range unfilled {
		if p := d.params[id]; p != nil {
			p.Unfilled = why
		}
	}
}
