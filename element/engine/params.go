package engine

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// MaxText bounds a value that the connector's logic puts together, in bytes.
const MaxText = 16 << 20

// fit converts a value to the parameter's own type; ok is false for a text
// that is no number where one is needed.
func fit(p *connector.Param, v element.Value) (element.Value, bool) {
	if !v.IsSet() {
		return v, true
	}
	if p.IsNumber {
		f, ok := v.Float()
		return element.Number(f), ok
	}
	if v.Kind() == element.KindText {
		return v, true
	}
	return element.Text(v.String()), true
}
