package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"fieldline/element"
	"fieldline/element/codec"
	"fieldline/element/connector"
)

// commands are the bytes of commands, and what actions have changed of commands
// and pairs.
type commands struct {
	*turn
	ix          *index
	values      *values
	made        map[int]message       // by command
	content     map[int][]codec.Param // of commands that an action replaced parts of
	pairTimeout map[int]int           // milliseconds, by pair
	pairNext    map[int]int           // milliseconds, by pair
}

func (cs *commands) reset() {
	cs.made, cs.content = map[int]message{}, map[int][]codec.Param{}
	cs.pairTimeout, cs.pairNext = map[int]int{}, map[int]int{}
}

func (cs commands) clone() commands {
	cs.made, cs.content = maps.Clone(cs.made), maps.Clone(cs.content)
	cs.pairTimeout, cs.pairNext = maps.Clone(cs.pairTimeout), maps.Clone(cs.pairNext)
	return cs
}

// message is a command as it was made last: its bytes, or why it has none.
type message struct {
	bytes    []byte
	overflow string // which number its bytes cannot hold: cut, it would order something else
}

// make makes a command from the present values. One with a number that
// its bytes cannot hold is not sent.
func (cs *commands) make(id int) {
	c := cs.ix.commands[id]
	if c == nil {
		return
	}
	parts, err := codec.Build(cs.contentOf(c), cs.values.value)
	if over, ok := errors.AsType[*codec.OverflowError](err); ok {
		p, _ := cs.ix.param(over.Param)
		cs.made[id] = message{overflow: fmt.Sprintf("%s would be sent as %s, which its bytes cannot hold", named(p), over.Value)}
		return
	}
	for _, part := range parts {
		if part.Lossy {
			p, _ := cs.ix.param(part.Param)
			cs.logRarely("ascii:"+itoa(id)+":"+named(p), levelWarning, "Command %d sends %s in ASCII: characters that are none become question marks.", id, named(p))
		}
	}
	cs.made[id] = message{bytes: codec.Join(parts)}
}

// contentOf is the content of a command as the action replace left it.
func (cs *commands) contentOf(c *command) []codec.Param {
	if content, ok := cs.content[c.ID]; ok {
		return content
	}
	return c.content
}

// replaceContent puts another parameter at position Type@nr of a command: the
// one whose id is the value of parameter Type@id.
func (cs *commands) replaceContent(a *connector.Action, id int) {
	c := cs.ix.commands[id]
	pos, err := atoi(a.TypeNr)
	pid, ok := cs.values.value(element.ParamID(a.TypeID)).Float()
	if c == nil || err != nil || !ok {
		return
	}
	content := slices.Clone(cs.contentOf(c))
	if pos < 0 || pos >= len(content) {
		return
	}
	content[pos] = c.param(cs.ix, element.ParamID(pid))
	cs.content[id] = content
}

// reverse turns around the bytes that a command carries for a
// parameter, the occurrences of On@nr or the first one.
func (cs *commands) reverse(a *connector.Action, p *connector.Param, id int) {
	if c := cs.ix.commands[id]; c != nil {
		parts, _ := codec.Build(cs.contentOf(c), cs.values.value) // the lengths count
		m := cs.made[id]
		m.bytes = codec.ReverseParts(m.bytes, parts, p.ID, a.OnNr)
		cs.made[id] = m
	}
}

func (cs *commands) name(id int) string {
	s := "command " + itoa(id)
	if c := cs.ix.commands[id]; c != nil && c.Name != "" {
		s += " (" + c.Name + ")"
	}
	return s
}
