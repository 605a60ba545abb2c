package e2e

import (
	_ "embed"
	"fmt"
	"strings"
)

// axeSource is axe-core, an accessibility checker (testdata/VENDOR.md).
//
//go:embed testdata/axe.min.js
var axeSource string //nolint:gochecknoglobals // an embedded file

// Violation is an accessibility rule that a page breaks.
type Violation struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Nodes  []string `json:"nodes"` // selector, and what is wrong with it
}

// String is the violation with the places where it was found.
func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s\n\t%s", v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n\t"))
}

const axeRun = `axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
.then((r) => r.violations.map((v) => ({id: v.id, impact: v.impact || "", help: v.help,
	nodes: v.nodes.map((n) => n.target.join(" ") + ": " + n.failureSummary.replace(/\s+/g, " "))})))`

// Violations checks the page with axe-core's rules of WCAG 2.2 AA and its best
// practices. The checker is put into the page by the browser's own tools, past
// the page's content security policy.
func (tab *Tab) Violations() []Violation {
	tab.t.Helper()
	if !Eval[bool](tab, "typeof axe === 'object'") {
		Eval[bool](tab, axeSource+";true")
	}
	return Eval[[]Violation](tab, axeRun)
}
