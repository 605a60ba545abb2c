package engine

import (
	"fieldline/element/codec"
	"fieldline/element/connector"
)

// response is a response of the connector with what its matching needs. Nothing
// of a message that does not fit is stored: it leaves no trace in the response's
// parameters, unlike DataMiner's (docs/adr/0010).
type response struct {
	*connector.Response
	*codec.Pattern
	autoRead bool // no trigger before it reads it, so it is read by itself
}

func newResponse(ix *index, def *connector.Response) *response {
	content := make([]codec.Param, 0, len(def.Content))
	for _, id := range def.Content {
		content = append(content, ix.inContent(id))
	}
	return &response{
		Response: def, Pattern: codec.NewPattern(content, def.Optional),
		autoRead: !ix.reads(ix.triggersFor(occasion{itemResponse, onBefore, def.ID}), map[int]bool{}),
	}
}
