package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// maxContent bounds the entries of one Content.
const maxContent = 10_000

func (r *reader) commands(n *node) {
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
func (r *reader) singleBytes(c *node, cmd *Command) {
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

// lower is the node's own text in lower case.
func (n *node) lower() string { return strings.ToLower(n.trimmed()) }

// content reads the parameters of a command or a response.
func (r *reader) content(n *node, owner Item, rule string) []element.ParamID {
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

// refID reads the id of another item; the owner is disabled when it is none.
func (r *reader) refID(n *node, text string, owner Item, rule string) (int, bool) {
	id, err := strconv.Atoi(text)
	if err != nil || id < 0 || id > MaxID {
		r.disable(owner, rule, n.at(), "%q in %s %d is not the id of an item; the %s is disabled.", Shorten(text), owner.Kind, owner.ID, owner.Kind)
		return 0, false
	}
	return id, true
}

// stepID reads the id of an entry of a list; that entry is left out when it is
// none.
func (r *reader) stepID(n *node, text string, owner Item, rule string) (int, bool) {
	id, err := strconv.Atoi(text)
	if err != nil || id < 0 || id > MaxID {
		r.Note(rule, n.at(), "%q in %s %d is not the id of an item; that step is left out.", Shorten(text), owner.Kind, owner.ID)
		return 0, false
	}
	return id, true
}

func (r *reader) responses(n *node) {
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

// connectionNr reads the number of a connection. One that does not exist
// means the only WebSocket connection, when there is just one.
func (r *reader) connectionNr(n *node, who, text string) (int, bool) {
	nr, err := strconv.Atoi(text)
	if err != nil || nr < 0 {
		r.Note("WS-16", n.at(), "%s names the connection %q, which is not a number.", who, Shorten(text))
		return 0, false
	}
	if _, ok := r.def.Connection(nr); ok {
		return nr, true
	}
	if only, ok := r.def.OnlyWebSocket(); ok {
		r.Note("WS-16", n.at(), "%s names connection %d, which does not exist; connection %d is used.", who, nr, only)
		return only, true
	}
	r.Note("WS-16", n.at(), "%s names connection %d, which does not exist.", who, nr)
	return nr, true
}

func (r *reader) pairs(n *node) {
	for _, x := range n.children("Pair") {
		id, ok := r.itemID(x, "pair", idRules{"9.3.1", "9.3.2", "9.3.3", "9.3.4", "9.3.5", 0})
		if !ok {
			x.skipAll()
			continue
		}
		k := Item{"pair", id}
		p := Pair{
			ID: id, Name: x.value("Name"), Ping: r.flag(x, "Pair@ping", x.attr("ping")),
			TimeoutMs: r.number(x, "Pair@timeout", x.attr("timeout"), 1, element.MaxTimeoutMs), Pos: x.at(),
			Condition: r.condition(x, k, "9.7"),
		}
		x.skip("Description")
		r.pairOptions(x, &p)
		c := x.child("Content")
		cmd := c.child("Command")
		if v, ok := r.refID(x, cmd.trimmed(), k, "9.4.1"); ok {
			p.Command = v
			r.need(k, Item{"command", v}, "9.4.5", cmd.at())
		}
		p.Responses = r.refList(c, "Response", "response", k, "9.5.5", lossTarget)
		p.BadResponses = r.refList(c, "ResponseOnBadCommand", "response", k, "9.6.5", lossStep)
		r.def.Pairs = append(r.def.Pairs, p)
	}
}

func (r *reader) pairOptions(x *node, p *Pair) {
	for option := range strings.SplitSeq(x.attr("options"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(option), ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "":
		case "connection":
			p.Connection, p.HasConnection = r.connectionNr(x, "Pair "+strconv.Itoa(p.ID), value)
		case "ignoretimeout":
			p.IgnoreTimeout = true
		case "retries":
			p.Retries, p.HasRetries = r.number(x, "retries", value, 0, element.MaxRetries), true
		default:
			r.Note("FL-02", x.at(), "The option %q of pair %d has no effect in this program.", Shorten(option), p.ID)
		}
	}
}

// refList reads children that are ids of items of one kind.
func (r *reader) refList(n *node, tag, kind string, owner Item, rule string, without loss) []int {
	var list []int
	given := n.children(tag)
	for _, x := range given {
		if id, ok := r.stepID(x, x.trimmed(), owner, rule); ok && len(list) < maxContent {
			r.refer(owner, Item{kind, id}, rule, x.at(), without)
			list = append(list, id)
		}
	}
	if len(list) == 0 && len(given) > 0 && without == lossTarget {
		r.off[owner] = true // named above
	}
	return list
}

func (r *reader) groups(n *node) {
	for _, x := range n.children("Group") {
		text, _ := x.lookup("id")
		if text == "-1" {
			r.pingGroup(x)
			continue
		}
		id, ok := r.itemID(x, "group", idRules{"4.8.1", "4.8.2", "4.8.3", "4.8.4", "4.8.5", 1})
		if !ok {
			x.skipAll()
			continue
		}
		r.group(x, id)
	}
}

func (r *reader) group(x *node, id int) {
	k := Item{"group", id}
	g := Group{
		ID: id, Name: x.value("Name"), Type: GroupType(x.word("Type")), Pos: x.at(),
		ConnectionParam: r.pid(x, "Group@connectionPID", x.attr("connectionPID"), "4.7.2"),
		Ping:            r.flag(x, "Group@ping", x.attr("ping")), Condition: r.condition(x, k, "4.9"),
	}
	x.skip("Description")
	if g.Type == "" {
		g.Type = GroupPoll
	}
	if c := x.attr("connection"); !r.groupThread(x, &g) && c != "" {
		g.Connection, g.HasConnection = r.connectionNr(x, "Group "+strconv.Itoa(id), c)
	}
	if g.ConnectionParam != 0 {
		r.need(k, Item{"parameter", int(g.ConnectionParam)}, "4.7.3", x.at())
	}
	rules := map[ItemKind]string{ItemParam: "4.2.1", ItemAction: "4.3.1", ItemPair: "4.4.1", ItemSession: "4.5.1", ItemTrigger: "4.6.1"}
	tags := []struct {
		tag, kind string
		item      ItemKind
	}{{"Param", "parameter", ItemParam}, {"Pair", "pair", ItemPair}, {"Session", "session", ItemSession}, {"Action", "action", ItemAction}, {"Trigger", "trigger", ItemTrigger}}
	content := x.child("Content")
	r.unheardAttrs(content, "Protocol/Groups/Group/Content", "multipleGet")
	if content != nil {
		for _, c := range content.kids {
			for _, t := range tags {
				if !c.is(t.tag) || len(g.Content) >= maxContent {
					continue
				}
				r.groupItem(c, &g, t.item, Item{t.kind, 0}, rules[t.item])
			}
		}
	}
	r.checkGroup(content, &g)
	r.def.Groups = append(r.def.Groups, g)
}

// groupItem reads one entry of a group; to says of which kind.
func (r *reader) groupItem(n *node, g *Group, kind ItemKind, to Item, rule string) {
	k := Item{"group", g.ID}
	id, ok := r.stepID(n, r.withoutSuffix(n, g, kind), k, rule)
	if !ok {
		g.Shortened = true
		return
	}
	item := GroupItem{Kind: kind, ID: id, Exchange: -1, NextMs: r.number(n, "next", n.attr("next"), 0, 3_600_000)}
	if kind == ItemSession {
		if item.Exchange, ok = r.exchangeOf(n, g, id); !ok {
			g.Shortened = true
			return
		}
	}
	to.ID = id
	r.refer(k, to, rule, n.at(), lossStep)
	g.Content = append(g.Content, item)
}

// withoutSuffix cuts from 1003:single how a parameter is polled over SNMP,
// which is not done here.
func (r *reader) withoutSuffix(n *node, g *Group, kind ItemKind) string {
	id, suffix, has := strings.Cut(n.trimmed(), ":")
	if kind != ItemParam || !has {
		return n.trimmed()
	}
	switch strings.ToLower(suffix) {
	case "single", "instance", "tablev2", "getnext":
	case "table":
		r.Note("4.2.5", n.at(), "Group %d polls parameter %s with the suffix table, which is obsolete; DataMiner recommends tablev2.", g.ID, Shorten(id))
	default:
		r.Note("4.2.4", n.at(), "Group %d polls parameter %s with the unknown suffix %q; it is single, instance, tablev2 or getnext.", g.ID, Shorten(id), Shorten(suffix))
	}
	return id
}

// exchangeOf reads which exchange of a session a group runs: -1 for all.
func (r *reader) exchangeOf(n *node, g *Group, session int) (int, bool) {
	text, ok := n.lookup("connection")
	if !ok || text == "" {
		return -1, true
	}
	id, err := strconv.Atoi(text)
	if _, exists := r.have[Item{"session", session}]; err != nil || exists && !r.served[[2]int{session, id}] {
		r.Note("FL-30", n.at(), "Group %d runs only Connection %q of session %d, which does not exist; that step is left out.", g.ID, Shorten(text), session)
		return 0, false
	}
	return id, true
}

// groupContents are the types of groups and what each takes.
func groupContents() map[GroupType][]ItemKind {
	return map[GroupType][]ItemKind{
		GroupPoll: {ItemParam, ItemPair, ItemSession}, GroupAction: {ItemAction}, GroupPollAction: {ItemAction},
		GroupTrigger: {ItemTrigger}, GroupPollTrigger: {ItemTrigger},
	}
}

// checkGroup applies what chapter Groups says about Type and Content.
func (r *reader) checkGroup(content *node, g *Group) {
	k := Item{"group", g.ID}
	if len(g.Content) == 0 {
		return
	}
	kinds, known := groupContents()[g.Type]
	if !known {
		r.disable(k, "4.10.1", g.Pos, "Group %d is of the unknown Type %q; it is disabled.", g.ID, Shorten(string(g.Type)))
		return
	}
	for _, item := range g.Content {
		if item.Kind != g.Content[0].Kind {
			r.disable(k, "4.10.2", content.at(), "Group %d mixes %s and %s; it is disabled.", g.ID, g.Content[0].Kind, item.Kind)
			return
		}
		if !slices.Contains(kinds, item.Kind) {
			r.disable(k, "4.10.1", content.at(), "Group %d is of Type %s, which takes no %s; it is disabled.", g.ID, g.Type, item.Kind)
			return
		}
	}
	if g.Content[0].Kind == ItemParam {
		r.Note("FL-41", content.at(), "Group %d polls parameters, which is for SNMP; they are not polled. WebSockets use pairs, HTTP uses sessions.", g.ID)
	}
	if len(g.Content) > 10 && !strings.EqualFold(content.attr("multipleGet"), "true") {
		r.Note("4.10.4", content.at(), "Group %d has %d items; DataMiner recommends at most 10.", g.ID, len(g.Content))
	}
}

// condition reads the Condition of an item. The item is disabled when it
// cannot be read; rule is the number of the check without its last part.
func (r *reader) condition(n *node, owner Item, rule string) *Condition {
	c := n.child("Condition")
	if c.trimmed() == "" {
		return nil
	}
	cond, err := parseCondition(c.trimmed())
	if err != nil {
		r.disable(owner, rule+".1", c.at(), "The condition of %s %d cannot be read: %s It is disabled.", owner.Kind, owner.ID, element.MessageOf(err))
		return nil
	}
	for _, id := range cond.Params {
		if isProvided(id) {
			continue
		}
		r.need(owner, Item{"parameter", int(id)}, rule+".2", c.at())
	}
	cond.markFixed(r.def)
	return cond
}
