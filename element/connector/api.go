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

// foldName is how names of parameters compare: in any casing, trimmed.
func foldName(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
