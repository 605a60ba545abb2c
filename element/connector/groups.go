package connector

import (
	"slices"
	"strconv"
	"strings"
)

// groupReader reads Groups.
type groupReader struct {
	*draft
	exchanges map[[2]int]bool // session and exchange
}

func newGroupReader(d *draft) *groupReader {
	r := &groupReader{draft: d, exchanges: map[[2]int]bool{}}
	for _, s := range d.def.Sessions {
		for _, x := range s.Exchanges {
			r.exchanges[[2]int{s.ID, x.ID}] = true
		}
	}
	return r
}

func (r *groupReader) groups(n *node) {
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

func (r *groupReader) group(x *node, id int) {
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
	r.ignoreAttrs(content, "Protocol/Groups/Group/Content", "multipleGet")
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
func (r *groupReader) groupItem(n *node, g *Group, kind ItemKind, to Item, rule string) {
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
func (r *groupReader) withoutSuffix(n *node, g *Group, kind ItemKind) string {
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
func (r *groupReader) exchangeOf(n *node, g *Group, session int) (int, bool) {
	text, ok := n.lookup("connection")
	if !ok || text == "" {
		return -1, true
	}
	id, err := strconv.Atoi(text)
	if _, exists := r.have[Item{"session", session}]; err != nil || exists && !r.exchanges[[2]int{session, id}] {
		r.Note("FL-30", n.at(), "Group %d runs only Connection %q of session %d, which does not exist; that step is left out.", g.ID, Shorten(text), session)
		return 0, false
	}
	return id, true
}

// checkGroup applies what chapter Groups says about Type and Content.
func (r *groupReader) checkGroup(content *node, g *Group) {
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

// pingGroup reads the group that slow poll pings with (id -1): a group of
// pairs or sessions of the main connection.
func (r *groupReader) pingGroup(x *node) {
	k := Item{"group", PingGroup}
	if first, twice := r.have[k]; twice {
		r.refuse("4.8.5", x.at(), "The id -1 is used by two groups; the first is on line %d.", first.Line)
		return
	}
	r.have[k] = x.at()
	r.group(x, PingGroup)
	g := r.def.Groups[len(r.def.Groups)-1]
	talks := slices.ContainsFunc(g.Content, func(i GroupItem) bool { return i.Kind == ItemPair || i.Kind == ItemSession })
	if !talks && !r.off[k] {
		r.disable(k, "FL-19", x.at(), "The group with id -1, which slow poll pings with, has no pair and no session; it is disabled.")
	}
}

// groupThread says which queue a group waits in: that of its threadId, or that
// of a number that only threads have. It reports whether the number was such.
func (r *groupReader) groupThread(x *node, g *Group) bool {
	if text, ok := x.lookup("threadId"); ok && text != "" {
		g.ThreadID, g.HasThreadID = r.number(x, "Group@threadId", text, 0, 1_000_000), true
		if !slices.ContainsFunc(r.def.Threads, func(t Thread) bool { return t.HasID && t.ID == g.ThreadID }) {
			r.Note("FL-40", x.at(), "Group %d names thread %d, which does not exist; it runs in the main queue.", g.ID, g.ThreadID)
		}
	}
	nr, err := strconv.Atoi(x.attr("connection"))
	if err != nil {
		return false
	}
	_, real := r.def.Connection(nr)
	for i, t := range r.def.Threads {
		if !real && slices.Contains(t.Connections, nr) {
			g.Virtual = i + 1
			return true
		}
	}
	return false
}

// groupContents are the types of groups and what each takes.
func groupContents() map[GroupType][]ItemKind {
	return map[GroupType][]ItemKind{
		GroupPoll: {ItemParam, ItemPair, ItemSession}, GroupAction: {ItemAction}, GroupPollAction: {ItemAction},
		GroupTrigger: {ItemTrigger}, GroupPollTrigger: {ItemTrigger},
	}
}
