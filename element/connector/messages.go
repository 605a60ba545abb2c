package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
)

// messageReader reads Commands and Responses.
type messageReader struct{ *draft }

func (r messageReader) commands(n *node) {
	for _, c := range n.children("Command") {
		id, ok := r.itemID(c, "command", idRules{"10.5.1", "10.5.2", "10.5.3", "10.5.4", "10.5.5", 0})
		if !ok {
			c.skipAll()
			continue
		}
		cmd := Command{ID: id, Name: c.value("Name"), Pos: c.at()}
		c.skip("Description")
		r.singleBytes(c, &cmd)
		cmd.Content = r.content(c.child("Content"), Item{"command", id}, "10.3.1")
		kind := c.child("WebSocketMessageType")
		switch kind.lower() {
		case "text":
			cmd.Text = true
		case "binary":
		case "":
			if r.def.HasWebSocket() && kind == nil {
				r.Note("WS-18", c.at(), "Command %d has no WebSocketMessageType; it is sent as binary.", id)
			}
		default:
			r.Note("FL-18", kind.at(), "WebSocketMessageType of command %d is %q; it is text or binary. Binary is used.", id, Shorten(kind.trimmed()))
		}
		if kind != nil && !r.def.HasWebSocket() {
			r.Note("WS-19", kind.at(), "Command %d has a WebSocketMessageType, but the connector has no WebSocket connection.", id)
		}
		r.def.Commands = append(r.def.Commands, cmd)
	}
}

// singleBytes reads Command@ascii: true, or the parameters whose texts are sent
// as one byte for each character.
func (r messageReader) singleBytes(c *node, cmd *Command) {
	text, ok := c.lookup("ascii")
	cmd.ASCII = strings.EqualFold(text, "true")
	if !ok || cmd.ASCII || strings.EqualFold(text, "false") {
		return
	}
	what := "The attribute ascii of command " + strconv.Itoa(cmd.ID)
	for part := range strings.SplitSeq(text, ";") {
		if !r.room() || len(cmd.ASCIIParams) >= maxContent {
			return
		}
		if to := r.pid(c, what, strings.TrimSpace(part), "10.4.2"); to != 0 {
			cmd.ASCIIParams = append(cmd.ASCIIParams, to)
			r.mention(c.at(), what, to, "10.4.3", "")
		}
	}
}

func (r messageReader) responses(n *node) {
	for _, x := range n.children("Response") {
		id, ok := r.itemID(x, "response", idRules{"11.4.1", "11.4.2", "11.4.3", "11.4.4", "11.4.5", 0})
		if !ok {
			x.skipAll()
			continue
		}
		resp := Response{ID: id, Name: x.value("Name"), Pos: x.at()}
		x.skip("Description")
		for option := range strings.SplitSeq(x.attr("options"), ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(option), ":")
			if strings.EqualFold(strings.TrimSpace(name), "connection") {
				resp.Connection, resp.HasConnection = r.connectionNr(x, "Response "+strconv.Itoa(id), strings.TrimSpace(value))
			} else if name != "" {
				r.Note("FL-02", x.at(), "The option %q of response %d has no effect in this program.", Shorten(option), id)
			}
		}
		c := x.child("Content")
		resp.Optional = c.attr("optional")
		resp.Content = r.content(c, Item{"response", id}, "11.3.1")
		r.def.Responses = append(r.def.Responses, resp)
	}
}

// content reads the parameters of a command or a response.
func (r messageReader) content(n *node, owner Item, rule string) []element.ParamID {
	var list []element.ParamID
	for _, p := range n.children("Param") {
		id, ok := r.refID(p, p.trimmed(), owner, rule)
		if !ok || len(list) >= maxContent {
			continue
		}
		r.need(owner, Item{"parameter", id}, rule, p.at())
		list = append(list, element.ParamID(id))
	}
	return list
}

// lower is the node's own text in lower case.
func (n *node) lower() string { return strings.ToLower(n.trimmed()) }
