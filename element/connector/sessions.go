package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
)

// sessionReader reads HTTP.
type sessionReader struct{ *draft }

func (r sessionReader) sessions(n *node) {
	for _, s := range n.children("Session") {
		id, ok := r.itemID(s, "session", idRules{"8.16.1", "8.16.2", "8.16.3", "8.16.4", "8.16.5", 0})
		if !ok {
			continue
		}
		session := Session{
			ID: id, Name: s.attr("name"), LoginMethod: strings.ToLower(s.attr("loginMethod")),
			TimeoutMs:     r.number(s, "timeout", s.attr("timeout"), 1, element.MaxTimeoutMs),
			IgnoreTimeout: r.flag(s, "ignoreTimeout", s.attr("ignoreTimeout")),
			KeepAlive:     r.flag(s, "keepAlive", s.attr("keepAlive")),
			User:          literal(s.attr("userName")), Password: literal(s.attr("password")),
			ProxyServer: literal(s.attr("proxyServer")), ProxyUser: literal(s.attr("proxyUser")),
			ProxyPassword: literal(s.attr("proxyPassword")), Pos: s.at(),
		}
		seen := map[int]bool{}
		for _, c := range s.children("Connection") {
			id, err := strconv.Atoi(c.attr("id"))
			switch {
			case err != nil || id < 0:
				r.Note("8.17.4", c.at(), "The id %q of this exchange of session %d is not a number from 0; it is disabled.", Shorten(c.attr("id")), session.ID)
				c.skipAll()
				continue
			case seen[id]:
				r.refuse("8.17.5", c.at(), "Session %d has two exchanges with the id %d.", session.ID, id)
			}
			seen[id] = true
			session.Exchanges = append(session.Exchanges, r.exchange(c, id))
		}
		r.def.Sessions = append(r.def.Sessions, session)
	}
}

func (r sessionReader) exchange(n *node, id int) Exchange {
	req := n.child("Request")
	x := Exchange{
		ID: id, Name: n.attr("name"), TimeoutMs: r.number(n, "timeout", n.attr("timeout"), 1, element.MaxTimeoutMs),
		IgnoreTimeout: r.flag(n, "ignoreTimeout", n.attr("ignoreTimeout")),
		Verb:          strings.ToUpper(req.attr("verb")), URL: req.attr("url"),
		URLParam: r.pid(req, "Request@pid", req.attr("pid"), "8.9.3"), Pos: n.at(), RequestPos: n.at(),
	}
	if req != nil {
		x.RequestPos = req.at()
	}
	if strings.Trim(x.Verb, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || x.Verb == "CONNECT" {
		r.Note("FL-12", req.at(), "The verb %q cannot be sent; GET is used.", Shorten(x.Verb))
		x.Verb = ""
	}
	if x.Verb == "" {
		x.Verb = "GET"
	}
	x.Headers = r.fields(req.child("Headers"), "Header", "8.11.3")
	x.Parameters = r.fields(req.child("Parameters"), "Parameter", "8.12.3")
	if data := req.child("Data"); data != nil {
		x.Data = &Ref{Param: r.pid(data, "Data@pid", data.attr("pid"), "8.10.3"), Literal: data.trimmed()}
	}
	resp := n.child("Response")
	x.StatusParam = r.pid(resp, "Response@statusCode", resp.attr("statusCode"), "8.13.3")
	content := resp.child("Content")
	x.ContentParam = r.pid(content, "Content@pid", content.attr("pid"), "8.14.3")
	for _, h := range resp.child("Headers").children("Header") {
		if id := r.pid(h, "Header@pid", h.attr("pid"), "8.15.3"); id != 0 && h.attr("key") != "" {
			x.HeaderParams = append(x.HeaderParams, HeaderParam{h.attr("key"), id})
		}
	}
	return x
}

// fields reads Headers or Parameters of a request.
func (r sessionReader) fields(n *node, tag, rule string) []Header {
	var list []Header
	seen := map[string]bool{}
	for _, f := range n.children(tag) {
		name := f.attr("key")
		if name == "" {
			r.Note("8.3.3", f.at(), "This %s has no key; it is not sent.", tag)
			f.skipAll()
			continue
		}
		if tag == "Header" && !isToken(name) {
			r.Note("8.3.1", f.at(), "The header key %q has a character that no header name may have; it is not sent.", Shorten(name))
			f.skipAll()
			continue
		}
		if tag == "Header" && seen[strings.ToLower(name)] {
			r.Note("8.1.2", f.at(), "The header %s is there twice.", Shorten(name))
		}
		seen[strings.ToLower(name)] = true
		h := Header{Key: name, Pos: f.at(), Value: Ref{Param: r.pid(f, tag+"@pid", f.attr("pid"), rule), Literal: f.trimmed()}}
		if tag == "Header" {
			h.Value.Literal = unfold(h.Value.Literal)
		}
		if tag == "Header" && h.Value.Param == 0 && element.CheckHeaderValue(h.Value.Literal) != nil {
			r.Note("8.3.1", f.at(), "The value of header %s has a control character; it is not sent.", Shorten(name))
			continue
		}
		list = append(list, h)
	}
	return list
}

func literal(s string) Ref { return Ref{Literal: s} }

// unfold joins the lines of a header value that the file wraps: a line break
// with the blanks around it becomes one space (RFC 9110 §5.5).
func unfold(s string) string {
	if !strings.Contains(s, "\n") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.Trim(lines[i], " \t\r")
	}
	return strings.Join(lines, " ")
}

// isToken reports whether s can be the name of a header field (RFC 9110 §5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}
