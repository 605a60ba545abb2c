package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
)

func (r *reader) interprete(n *node, p *Param) {
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
	r.unheard(n, "Protocol/Params/Param/Interprete", "Alignment")
}

func (r *reader) scale(n *node, in *codec.Interprete) {
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

func (r *reader) sequence(n *node, in *codec.Interprete) {
	if n == nil {
		return
	}
	r.unheardAttrs(n, "Protocol/Params/Param/Interprete/Sequence", "loop")
	if text, ok := n.lookup("noset"); ok && !strings.EqualFold(text, "true") { // what noset="true" asks for is what is done
		r.idle("Attribute noset of Protocol/Params/Param/Interprete/Sequence", n.at())
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

func (r *reader) exceptions(n *node, p *Param) {
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

func (r *reader) defaultValue(n *node, p *Param) {
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

func (r *reader) arrayOptions(n *node, p *Param) {
	if n == nil || p.Type != TypeArray {
		return
	}
	k := Item{"parameter", int(p.ID)}
	t := &Table{Index: r.tableIndex(n, p)}
	for option := range strings.SplitSeq(n.attr("options"), ";") {
		option = strings.TrimSpace(option)
		names, isNaming := cutPrefixFold(option, "naming=")
		view, isView := cutPrefixFold(option, "view=")
		switch {
		case strings.EqualFold(option, "volatile"):
			t.Volatile = true
		case isNaming:
			t.Naming = naming(names)
		case isView:
			t.View = r.pid(n, "The option view of table "+strconv.Itoa(int(p.ID)), view, "FL-13")
		case option != "":
			r.Note("FL-02", n.at(), "The option %q of table %d has no effect in this program.", Shorten(option), p.ID)
		}
	}
	if f := n.child("NamingFormat"); f != nil {
		t.Naming, t.NamingFormat = namingFormat(f.trimmed()), true
	}
	for i, c := range n.children("ColumnOption") {
		col := Column{Idx: i, Type: strings.ToLower(c.attr("type")), Param: r.pid(c, "ColumnOption@pid", c.attr("pid"), "2.63.2")}
		if col.Param != 0 && c.padded("pid") {
			r.Note("2.63.3", c.at(), "The pid %d of a column of table %d has blanks around it.", col.Param, p.ID)
		}
		if idx := c.attr("idx"); idx != "" {
			col.Idx = r.number(c, "ColumnOption@idx", idx, 0, maxIndex)
		}
		if slices.Contains(idleColumns(), col.Type) {
			r.idle("Type "+col.Type+" of Protocol/Params/Param/ArrayOptions/ColumnOption", c.at())
		}
		if col.Param == 0 {
			r.disable(k, "2.63.1", c.at(), "A column of table %d names no parameter; the table is disabled.", p.ID)
			continue
		}
		for option := range strings.SplitSeq(strings.ToLower(c.attr("options")), ";") {
			option = strings.TrimSpace(option)
			foreign, isForeign := strings.CutPrefix(option, "foreignkey=")
			switch {
			case option == "save":
				col.Saved = true
			case option == "rowtextcoloring":
				col.ColorsRows = true
			case isForeign:
				col.ForeignKey = r.pid(c, "foreignKey", foreign, "FL-13")
			case strings.HasPrefix(option, "view="):
				col.View = strings.TrimSpace(option[len("view="):])
			case option != "":
				name, _, _ := strings.Cut(option, "=")
				r.idle("Option "+name+" of Protocol/Params/Param/ArrayOptions/ColumnOption", c.at())
			}
		}
		r.need(k, Item{"parameter", int(col.Param)}, "2.63.4", c.at())
		t.Columns = append(t.Columns, col)
	}
	r.displayColumn(n, t)
	p.Table = t
}

// idleColumns are types of columns that are filled in ways which this program
// does not have.
func idleColumns() []string { return []string{"snmp", "concatenation", "index", "viewtablekey"} }

// displayColumn is the older way to say which column names a row.
func (r *reader) displayColumn(n *node, t *Table) {
	text := n.attr("displayColumn")
	if text == "" || len(t.Naming) > 0 {
		return
	}
	idx := r.number(n, "ArrayOptions@displayColumn", text, 0, maxIndex)
	for _, c := range t.Columns {
		if c.Idx == idx && idx != t.Index {
			t.Naming = []string{"", strconv.Itoa(int(c.Param))}
		}
	}
}

// namingFormat splits a NamingFormat at its first character, and nowhere else:
// literals between parameters are kept as they are.
func namingFormat(s string) []string {
	if s == "" {
		return nil
	}
	sep := string([]rune(s)[:1])
	parts := []string{sep}
	for part := range strings.SplitSeq(s[len(sep):], sep) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// naming splits the format of a display key: the first character separates.
func naming(s string) []string {
	if s == "" {
		return nil
	}
	sep := string([]rune(s)[:1])
	parts := strings.FieldsFunc(s[len(sep):], func(c rune) bool { return string(c) == sep || c == ',' })
	return append([]string{sep}, parts...)
}
