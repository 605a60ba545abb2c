package engine

import (
	"errors"
	"fmt"
	"slices"

	"fieldline/element"
	"fieldline/element/codec"
	"fieldline/element/connector"
)

// command is a command of the connector with its content.
type command struct {
	*connector.Command
	content []codec.Param
}

func newCommand(ix *index, def *connector.Command) *command {
	c := &command{Command: def}
	for _, id := range def.Content {
		c.content = append(c.content, c.param(ix, id))
	}
	return c
}

// param is a parameter as the command sends it.
func (c *command) param(ix *index, id element.ParamID) codec.Param {
	p := ix.param(id)
	p.ASCII = c.ASCII || slices.Contains(c.ASCIIParams, id)
	return p
}

// param is a parameter in the content of a message.
func (ix *index) param(id element.ParamID) codec.Param {
	p := codec.Param{ID: id}
	if i, ok := ix.place[id]; ok {
		p.Interprete = &ix.params[i].Interprete
	}
	return p
}

// message is a command as it was made last: its bytes, or why it has none.
type message struct {
	bytes    []byte
	overflow string // which number its bytes cannot hold: cut, it would order something else
}

// makeCommand makes a command from the present values. One with a number that
// its bytes cannot hold is not sent.
func (e *Engine) makeCommand(id int) {
	c := e.ix.commands[id]
	if c == nil {
		return
	}
	parts, err := codec.Build(e.contentOf(c), e.value)
	if over, ok := errors.AsType[*codec.OverflowError](err); ok {
		p, _ := e.param(over.Param)
		e.s.made[id] = message{overflow: fmt.Sprintf("%s would be sent as %s, which its bytes cannot hold", named(p), over.Value)}
		return
	}
	for _, part := range parts {
		if part.Lossy {
			p, _ := e.param(part.Param)
			e.logRarely("ascii:"+itoa(id)+":"+named(p), levelWarning, "Command %d sends %s in ASCII: characters that are none become question marks.", id, named(p))
		}
	}
	e.s.made[id] = message{bytes: codec.Join(parts)}
}

// contentOf is the content of a command as the action replace left it.
func (e *Engine) contentOf(c *command) []codec.Param {
	if content, ok := e.s.content[c.ID]; ok {
		return content
	}
	return c.content
}

// replaceContent puts another parameter at position Type@nr of a command: the
// one whose id is the value of parameter Type@id.
func (e *Engine) replaceContent(a *connector.Action, id int) {
	c := e.ix.commands[id]
	pos, err := atoi(a.TypeNr)
	pid, ok := e.value(element.ParamID(a.TypeID)).Float()
	if c == nil || err != nil || !ok {
		return
	}
	content := slices.Clone(e.contentOf(c))
	if pos < 0 || pos >= len(content) {
		return
	}
	content[pos] = c.param(e.ix, element.ParamID(pid))
	e.s.content[id] = content
}

// reverseInCommand turns around the bytes that a command carries for a
// parameter, the occurrences of On@nr or the first one.
func (e *Engine) reverseInCommand(a *connector.Action, p *connector.Param, id int) {
	if c := e.ix.commands[id]; c != nil {
		parts, _ := codec.Build(e.contentOf(c), e.value) // the lengths count
		m := e.s.made[id]
		m.bytes = codec.ReverseParts(m.bytes, parts, p.ID, a.OnNr)
		e.s.made[id] = m
	}
}
