package engine

import (
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
	p := ix.inContent(id)
	p.ASCII = c.ASCII || slices.Contains(c.ASCIIParams, id)
	return p
}
