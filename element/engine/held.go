package engine

import "fieldline/element"

// Held returns the raw value of a parameter, passwords included; the zero
// Value when it was never set or does not exist. It is for masking: what the
// owner shows of it is its responsibility.
func (e *Engine) Held(id element.ParamID) element.Value { return e.value(id) }
