package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
)

func (r *reader) others(n *node, p *Param) {
	for _, x := range n.children("Other") {
		id := r.pid(x, "Other@id", x.attr("id"), "FL-13")
		o := codec.Other{Param: id, Value: x.value("Value"), Display: x.value("Display")}
		if id == 0 || len(p.Interprete.Others) >= maxContent {
			continue
		}
		r.mention(x.at(), "Other@id", id, "FL-13", "")
		if _, ok := element.ParseNumber(o.Value); p.IsNumber && !ok {
			r.Note("FL-07", x.at(), "The Value %q of an Other of parameter %d is not a number; it is ignored.", Shorten(o.Value), p.ID)
			continue
		}
		p.Interprete.Others = append(p.Interprete.Others, o)
	}
}

// link finds the parameters that Others and Dependencies refer to.
func (r *reader) link() {
	for _, p := range r.def.Params {
		for _, id := range p.Needs {
			if q := r.def.params[id]; q != nil {
				p.needs = append(p.needs, q)
			}
		}
		for i := range p.Interprete.Others {
			o := &p.Interprete.Others[i]
			if of := r.def.params[o.Param]; of != nil {
				o.Of = &of.Interprete
			}
		}
	}
}

// ready refuses a set while a parameter that it depends on, or the twin of that,
// was never set (documentation page
// Protocol.Params.Param.Dependencies.Id-postSet).
func (p *Param) ready(of element.Lookup) error {
	var names []string
	for _, q := range p.needs {
		set := of(q.ID).Initialized || q.ReadID != 0 && of(q.ReadID).Initialized || q.WriteID != 0 && of(q.WriteID).Initialized
		if !set && len(names) < 10 {
			names = append(names, strconv.Quote(q.title()))
		}
	}
	if len(names) > 0 {
		return p.wrong("is set once these have a value: " + strings.Join(names, ", "))
	}
	return nil
}
