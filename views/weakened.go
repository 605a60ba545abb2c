package views

import (
	"strings"

	"fieldline/element"
)

// weakened says what makes TLS of a connection less safe; static/live/line.js
// writes the same.
func weakened(c element.Connection) string { return "· " + strings.Join(c.Weakened, " · ") }
