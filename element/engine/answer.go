package engine

import (
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// staleAnswer marks what an earlier handshake filled: the last one got no answer.
func (xs *exchanges) staleAnswer(c connector.Connection) {
	_, x := xs.ix.def.Handshake(c)
	if x == nil {
		return
	}
	xs.staleParam(x.StatusParam)
	for _, h := range x.HeaderParams {
		xs.staleParam(h.Param)
	}
	xs.staleParam(x.ContentParam)
}

func (xs *exchanges) staleParam(id element.ParamID) {
	p, i := xs.ix.param(id)
	if p == nil {
		return
	}
	if xs.values.slots[i].markStale(func(int, int) bool { return true }) {
		xs.values.refresh(i)
	}
}

// fillAnswer fills the response parameters of an exchange: status line,
// headers, body.
func (xs *exchanges) fillAnswer(x *connector.Exchange, statusLine string, headers []element.Header, body []byte, src source) {
	xs.fillBytes(x.StatusParam, []byte(statusLine), src)
	for _, h := range x.HeaderParams {
		var lines []string
		for _, line := range headers {
			if strings.EqualFold(line.Name, h.Key) {
				lines = append(lines, line.Value)
			}
		}
		if lines == nil && !xs.values.value(h.Param).IsSet() {
			continue
		}
		xs.fillBytes(h.Param, []byte(strings.Join(lines, "\r\n")), src)
	}
	xs.fillBytes(x.ContentParam, body, src)
}

// fillBytes sets a parameter from bytes of a device, where there is one.
func (xs *exchanges) fillBytes(id element.ParamID, b []byte, src source) {
	p, i := xs.ix.param(id)
	if p == nil {
		return
	}
	d, ok := p.Interprete.Decode(b, xs.values.value)
	if !ok {
		xs.logRarely("fill:"+named(p), levelInfo, "%s keeps its value: what the device sent does not fit it.", capital(named(p)))
		return
	}
	src.original = d.Original
	xs.logic.setIfChanged(p, i, d.Value, src)
}
