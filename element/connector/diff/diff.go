package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// Compare says what changes when elements move from one version of a
// connector to another: what people see and set, what becomes of saved values,
// and what runs. Neither Definition is changed.
func Compare(from, to *connector.Definition) element.ConnectorComparison {
	c := &comparison{from: from, to: to}
	c.connections()
	c.params()
	c.tables()
	c.pages()
	c.logic()
	areas := element.ChangeAreas()
	slices.SortStableFunc(c.changes, func(a, b element.ConnectorChange) int {
		return cmp.Compare(slices.Index(areas, a.Area), slices.Index(areas, b.Area))
	})
	return element.ConnectorComparison{
		Connector: to.Name, From: from.Version, To: to.Version, Changes: c.changes, Saved: savedFates(from, to),
	}
}

// comparison collects the changes between two versions.
type comparison struct {
	from, to *connector.Definition
	changes  []element.ConnectorChange
}

// property is one thing of an item that is compared as a text.
type property[T any] struct {
	name string
	text func(T) string
}

// subject is what changes are about.
type subject struct {
	area  element.ChangeArea
	item  string
	id    int
	name  string
	table element.ParamID
}

// words names the item in a sentence: Parameter 12 (Gain).
func (s subject) words() string {
	text := strings.ToUpper(s.item[:1]) + s.item[1:]
	if s.area != element.AreaPage {
		text += " " + strconv.Itoa(s.id)
	}
	if s.name != "" {
		text += " (" + connector.Shorten(s.name) + ")"
	}
	return text
}

func (c *comparison) add(s subject, kind element.ChangeKind, property, was, becomes, message string) {
	c.changes = append(c.changes, element.ConnectorChange{
		Area: s.area, Kind: kind, Item: s.item, ID: s.id, Name: s.name, Table: s.table, Property: property, Was: was, Becomes: becomes, Message: message,
	})
}

func (c *comparison) added(s subject) {
	c.add(s, element.ChangeAdded, "", "", "", s.words()+" is new.")
}

func (c *comparison) removed(s subject, more string) {
	c.add(s, element.ChangeRemoved, "", "", "", s.words()+" is gone."+more)
}

// maxText bounds a text of a connector in a table of changes, in characters.
const maxText = 200

// altered compares one item of both versions, property by property.
func altered[T any](c *comparison, s subject, from, to T, properties []property[T]) {
	for _, p := range properties {
		was, becomes := p.text(from), p.text(to)
		if was == becomes {
			continue
		}
		was, becomes = connector.ShortenTo(was, maxText), connector.ShortenTo(becomes, maxText)
		message := fmt.Sprintf("%s: %s was %s and becomes %s.", s.words(), p.name, orNone(was), orNone(becomes))
		c.add(s, element.ChangeAltered, p.name, was, becomes, message)
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// byID pairs the items of two lists, in the order of their ids; nil stands for
// an item that one of them does not have.
func byID[T any](from, to []T, id func(*T) int) [][2]*T {
	at := map[int]int{}
	var pairs [][2]*T
	for i := range from {
		at[id(&from[i])] = len(pairs)
		pairs = append(pairs, [2]*T{&from[i], nil})
	}
	for i := range to {
		if k, ok := at[id(&to[i])]; ok {
			pairs[k][1] = &to[i]
			continue
		}
		pairs = append(pairs, [2]*T{nil, &to[i]})
	}
	first := func(p [2]*T) int { return id(cmp.Or(p[0], p[1])) }
	slices.SortStableFunc(pairs, func(a, b [2]*T) int { return cmp.Compare(first(a), first(b)) })
	return pairs
}

func (c *comparison) connections() {
	number := func(n func(*connector.Connection) int) func(*connector.Connection) string {
		return func(x *connector.Connection) string { return strconv.Itoa(n(x)) }
	}
	properties := []property[*connector.Connection]{
		{"name", func(x *connector.Connection) string { return x.Name }},
		{"kind", kindWords},
		{"address", func(x *connector.Connection) string { return x.Host }},
		{"port", number(func(x *connector.Connection) int { return x.Port })},
		{"bus address", func(x *connector.Connection) string { return x.BusAddress }},
		{"timeout in ms", number(func(x *connector.Connection) int { return x.TimeoutMs })},
		{"retries", number(func(x *connector.Connection) int { return x.Retries })},
		{"element timeout in ms", number(func(x *connector.Connection) int { return x.ElementTimeoutMs })},
		{"unchecked certificates", func(x *connector.Connection) string { return yesNo(x.SkipVerify) }},
		{"fields that are locked", func(x *connector.Connection) string {
			return strings.Join(slices.Sorted(slices.Values(x.Locked)), ", ")
		}},
		{"session of the handshake", func(x *connector.Connection) string {
			if !x.HasHandshake {
				return ""
			}
			return strconv.Itoa(x.HandshakeID)
		}},
		{"status parameter", func(x *connector.Connection) string { return paramWords(x.NotifyParam) }},
		{"parameter for the reason of a close", func(x *connector.Connection) string { return paramWords(x.DisconnectParam) }},
		{"parameter of the address", func(x *connector.Connection) string { return paramWords(x.DynamicIP) }},
		{"commands made by the protocol", func(x *connector.Connection) string { return yesNo(x.MakeByProtocol) }},
		{"redirections left to the connector", func(x *connector.Connection) string { return yesNo(x.CustomRedirect) }},
	}
	for _, p := range byID(c.from.Connections, c.to.Connections, func(x *connector.Connection) int { return x.ID }) {
		x := cmp.Or(p[1], p[0])
		s := subject{area: element.AreaConnection, item: "connection", id: x.ID, name: x.Name}
		switch {
		case p[0] == nil:
			c.added(s)
		case p[1] == nil:
			c.removed(s, "")
		default:
			altered(c, s, p[0], p[1], properties)
		}
	}
}

func kindWords(x *connector.Connection) string {
	switch {
	case x.WebSocket:
		return "WebSocket"
	case x.Kind == "http":
		return "HTTP"
	}
	return x.Kind
}

func paramWords(id element.ParamID) string {
	if id == 0 {
		return ""
	}
	return strconv.Itoa(int(id))
}

func (c *comparison) pages() {
	names := func(d *connector.Definition) map[string]string {
		list := map[string]string{}
		for _, p := range d.Pages {
			if !p.Separator {
				list[connector.FoldName(p.Name)] = p.Name
			}
		}
		return list
	}
	was, becomes := names(c.from), names(c.to)
	for _, p := range c.from.Pages {
		if k := connector.FoldName(p.Name); !p.Separator && was[k] != "" && becomes[k] == "" {
			c.removed(subject{area: element.AreaPage, item: "page", name: p.Name}, "")
		}
	}
	for _, p := range c.to.Pages {
		if k := connector.FoldName(p.Name); !p.Separator && was[k] == "" && becomes[k] != "" {
			c.added(subject{area: element.AreaPage, item: "page", name: p.Name})
		}
	}
}
