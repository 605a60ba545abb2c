package lint

import (
	"strings"

	"fieldline/element/connector"
)

// requests applies the rules about the headers of HTTP requests.
func (l *linter) requests() {
	for _, s := range l.d.Sessions {
		if l.d.IsHandshake(s.ID) {
			continue
		}
		for _, x := range s.Exchanges {
			typed := false
			for _, h := range x.Headers {
				name := strings.ToLower(h.Key)
				typed = typed || name == "content-type"
				switch {
				case (name == "content-length" || name == "content-type" || name == "transfer-encoding") && (x.Verb == "GET" || x.Verb == "HEAD"):
					l.Note("8.3.5", h.Pos, "The header %s of session %d does not fit the verb %s, which sends no content.", connector.Shorten(h.Key), s.ID, x.Verb)
				case name == "content-length":
					l.Note("8.3.7", h.Pos, "The header Content-Length of session %d is the program's to send.", s.ID)
				case name == "user-agent", name == "connection" && strings.EqualFold(h.Value.Literal, "keep-alive"):
					l.Note("8.3.6", h.Pos, "The header %s of session %d is usually left to the program.", connector.Shorten(h.Key), s.ID)
				}
			}
			if !typed && (x.Verb == "POST" || x.Verb == "PUT") {
				l.Note("8.1.1", x.Pos, "The %s request of session %d has no Content-Type.", x.Verb, s.ID)
			}
		}
	}
}
