package engine

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// holds evaluates a condition; one that cannot be evaluated is false and
// logged. No condition holds.
func (vs *values) holds(c *connector.Condition, kind string, id int) bool {
	if c == nil {
		return true
	}
	ok, err := c.Eval(vs.value)
	if err != nil {
		vs.logRarely("condition:"+kind+itoa(id), levelWarning, "The condition of %s %d counts as false. %s", kind, id, element.MessageOf(err))
		return false
	}
	return ok
}

func compareNumbers(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}
