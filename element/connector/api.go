package connector

import (
	"strings"

	"fieldline/element"
)

// MaxSize is the largest connector that Parse reads, in bytes.
const MaxSize = 16 << 20

// Condition is a parsed Condition of a pair, group, timer, trigger, action or
// QAction (documentation page LogicConditions).
type Condition struct {
	Source string
	Params []element.ParamID // that it refers to

	root *expr
}

// FoldName is how names of parameters, pages and connections compare: in any
// casing, trimmed.
func FoldName(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
