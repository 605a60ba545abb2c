package link

import (
	"fmt"
	"net/http"

	"fieldline/element"
)

// cause writes a Cause with a sentence.
func cause(phase, code, format string, args ...any) element.Cause {
	return element.Cause{Phase: phase, Code: code, Message: fmt.Sprintf(format, args...)}
}

// statusText is "404 Not Found", in the device's words when it has some.
func statusText(r *response) string {
	if len(r.statusLine) > len("HTTP/1.1 101 ") {
		return excerpt(r.statusLine[len("HTTP/1.1 "):])
	}
	return fmt.Sprintf("%d %s", r.status, http.StatusText(r.status))
}
