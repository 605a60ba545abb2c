package connector

import (
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
)

// interpreteReader reads Interprete of a parameter.
type interpreteReader struct{ *draft }

func (r interpreteReader) read(n *node, p *Param) {
	in := &p.Interprete
	in.Decimals, in.Base, in.Times = codec.DefaultDecimals, 10, 1
	in.Constant = p.Type == TypeFixed || p.Type == TypeHeader || p.Type == TypeTrailer
	in.Write = p.Type.IsWrite()
	if n == nil {
		return
	}
	in.RawType, in.LengthType = codec.RawType(n.word("RawType")), codec.LengthType(n.word("LengthType"))
	if len(n.children("RawType")) > 1 {
		r.disable(Item{"parameter", int(p.ID)}, "1.31.1", n.at(), "Parameter %d has two RawType tags; it is disabled.", p.ID)
	}
	in.Length = r.number(n, "Length", n.value("Length"), 0, 1<<20)
	lt := n.child("LengthType")
	in.LengthID = r.pid(lt, "LengthType@id", lt.attr("id"), "2.69.2")
	if in.LengthType == codec.LengthOtherParam && in.LengthID == 0 {
		r.Note("2.69.1", lt.at(), "The length of parameter %d is that of another parameter, but LengthType@id names none.", p.ID)
	}
	if t := lt.attr("times"); t != "" {
		in.Times = max(1, r.number(lt, "LengthType@times", t, 1, 1<<20))
	}
	kind := n.child("Type")
	in.IsNumber = strings.EqualFold(kind.trimmed(), "double")
	p.IsNumber = in.IsNumber
	in.Trim = strings.ToLower(kind.attr("trim"))
	switch strings.ToLower(kind.trimmed()) {
	case "", "string", "double":
	case string(codec.RawHighNibble):
		p.IsNumber, in.IsNumber, in.RawType = true, true, codec.RawHighNibble
	default:
		r.Note("FL-16", kind.at(), "Parameter %d is interpreted as %q, which this program reads as a string.", p.ID, Shorten(kind.trimmed()))
	}
	if v := n.child("Value"); v != nil {
		in.Fixed = codec.Literal(v.text)
		in.FixedBytes = v.text != string(in.Fixed)
	}
	if d := n.child("Decimals"); d != nil && d.trimmed() != "" {
		in.Decimals = r.number(d, "Interprete/Decimals", d.trimmed(), 0, 15)
	}
	in.Rounding = n.word("Rounding")
	in.Low = r.decimal(n.path("Range", "Low"), "Interprete/Range/Low", "2.32.4")
	in.High = r.decimal(n.path("Range", "High"), "Interprete/Range/High", "2.33.4")
	if b := n.value("Base"); b != "" {
		if in.Base = r.number(n.child("Base"), "Base", b, 2, 36); in.Base == 0 {
			in.Base = 10
		}
	}
	in.BigEndian = n.word("Endian") == "big"
	in.Factor = r.decimal(n.child("Factor"), "Factor", "FL-07")
	in.OffSet.Param = r.pid(n.child("OffSet"), "OffSet@id", n.child("OffSet").attr("id"), "FL-13")
	in.OffSet.Value, _ = element.ParseNumber(n.value("OffSet"))
	r.scale(n.child("Scale"), in)
	r.sequence(n.child("Sequence"), in)
	r.others(n.child("Others"), p)
	r.ignoreChildren(n, "Protocol/Params/Param/Interprete", "Alignment")
}

func (r interpreteReader) scale(n *node, in *codec.Interprete) {
	if n == nil {
		return
	}
	var v [4]float64
	for i, name := range []string{"lowData", "highData", "low", "high"} {
		f, ok := element.ParseNumber(n.attr(name))
		if !ok {
			r.Note("FL-07", n.at(), "Scale@%s is %q, which is not a number; the scale is ignored.", name, Shorten(n.attr(name)))
			return
		}
		v[i] = f
	}
	if v[0] == v[1] {
		r.Note("FL-07", n.at(), "Scale has the same lowData and highData; the scale is ignored.")
		return
	}
	in.Scale = &codec.Scale{LowData: v[0], HighData: v[1], Low: v[2], High: v[3]}
}

func (r interpreteReader) sequence(n *node, in *codec.Interprete) {
	if n == nil {
		return
	}
	r.ignoreAttrs(n, "Protocol/Params/Param/Interprete/Sequence", "loop")
	if text, ok := n.lookup("noset"); ok && !strings.EqualFold(text, "true") { // what noset="true" asks for is what is done
		r.ignore("Attribute noset of Protocol/Params/Param/Interprete/Sequence", n.at())
	}
	for part := range strings.SplitSeq(n.trimmed(), ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, operand, _ := strings.Cut(part, ":")
		operand = strings.TrimSpace(operand)
		op, alone := codec.ParseOperation(strings.ToLower(strings.TrimSpace(name)), operand)
		step := codec.Step{Op: op}
		ok := true
		if id, isID := strings.CutPrefix(strings.ToLower(operand), "id:"); isID {
			step.Param = r.pid(n, "Sequence", strings.TrimSpace(id), "FL-13")
			ok = step.Param != 0
		} else if operand != "" {
			step.Value, ok = element.ParseNumber(operand)
		}
		if op == "" || operand == "" && !alone {
			ok = false
		}
		if !ok {
			r.Note("FL-17", n.at(), "The step %q of a sequence is not run by this program; the sequence is ignored.", Shorten(part))
			in.Sequence = nil
			return
		}
		in.Sequence = append(in.Sequence, step)
	}
}

func (r interpreteReader) exceptions(n *node, p *Param) {
	shown := map[string]bool{}
	for _, e := range n.children("Exception") {
		d := e.child("Display")
		p.Interprete.Exceptions = append(p.Interprete.Exceptions, codec.Exception{
			ID: r.number(e, "Exception@id", e.attr("id"), 0, MaxID), Match: e.attr("value"), Value: e.value("Value"), Display: d.trimmed(),
			Disabled: strings.EqualFold(d.attr("state"), "disabled"),
		})
		if e.child("Value") == nil {
			r.Note("2.71.1", e.at(), "An exception of parameter %d has no Value.", p.ID)
		}
		r.exceptionFits(e, p, shown)
	}
	if len(p.Interprete.Exceptions) > 0 && p.Type == TypeWrite {
		r.Note("2.36.4", n.at(), "Parameter %d is of Type write; exceptions belong to read parameters.", p.ID)
	}
}

// exceptionFits checks one exception against those before it and against the
// Type of the parameter.
func (r interpreteReader) exceptionFits(e *node, p *Param, seen map[string]bool) {
	x := p.Interprete.Exceptions[len(p.Interprete.Exceptions)-1]
	if x.Display == "" {
		r.Note("2.40.2", e.at(), "An exception of parameter %d has no Display.", p.ID)
	} else if seen[x.Display] {
		r.Note("2.40.5", e.at(), "Two exceptions of parameter %d are shown as %q.", p.ID, Shorten(x.Display))
	}
	seen[x.Display] = true
	if !e.has("value") {
		r.Note("2.70.1", e.at(), "An exception of parameter %d has no attribute value.", p.ID)
	}
	if _, ok := element.ParseNumber(x.Value); p.IsNumber && x.Value != "" && !ok {
		r.Note("2.71.3", e.at(), "An exception of parameter %d has the Value %q, but the parameter is a double.", p.ID, Shorten(x.Value))
	}
}

func (r interpreteReader) others(n *node, p *Param) {
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

// lengths checks LengthType and Length.
func (r interpreteReader) lengths(n *node, p *Param) {
	if n == nil {
		return
	}
	lt := n.child("LengthType")
	switch kind := codec.LengthType(lt.lower()); {
	case kind == "":
		r.Note(pick(lt == nil, "2.73.1", "2.73.2"), n.at(), "Interprete of parameter %d has no LengthType.", p.ID)
		return
	case !kind.IsKnown():
		r.Note("2.73.3", lt.at(), "The LengthType %q of parameter %d is not known.", Shorten(string(kind)), p.ID)
		return
	case kind != codec.LengthFixed:
		if p.Type == TypeFixed {
			r.Note("2.73.3", lt.at(), "Parameter %d is of Type fixed, so its LengthType is fixed.", p.ID)
		}
		return
	}
	l := n.child("Length")
	if l.trimmed() == "" && p.Type != "read bit" {
		r.Note(pick(l == nil, "2.74.1", "2.74.2"), n.at(), "The LengthType of parameter %d is fixed, but it has no Length.", p.ID)
	}
}

func (r interpreteReader) defaultValue(n *node, p *Param) {
	if n == nil {
		return
	}
	switch p.Type {
	case TypeRead, TypeDummy, TypeWrite, "matrix":
	default:
		r.Note("2.68.1", n.at(), "Parameter %d is of Type %s, which takes no DefaultValue.", p.ID, p.Type)
		return
	}
	text := n.trimmed()
	p.HasDefault, p.Default = true, element.Text(text)
	if !p.IsNumber {
		return
	}
	f, ok := element.ParseNumber(text)
	if !ok {
		r.Note("2.68.3", n.at(), "The DefaultValue %q of parameter %d is not a number, but the parameter is a double. It is ignored.", Shorten(text), p.ID)
		p.HasDefault, p.Default = false, element.Value{}
		return
	}
	p.Default = element.Number(f)
}
