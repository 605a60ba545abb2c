package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// paramReader reads Params. What is in a Param has readers of its own.
type paramReader struct {
	*draft
	display     *displayReader
	measurement measurementReader
	interprete  interpreteReader
	table       tableReader
}

func newParamReader(d *draft) *paramReader {
	return &paramReader{
		draft: d, display: &displayReader{draft: d, wide: map[string]bool{}}, measurement: measurementReader{d},
		interprete: interpreteReader{d}, table: tableReader{d},
	}
}

func (r *paramReader) parameters(n *node) {
	for _, p := range n.children("Param") {
		id, ok := r.itemID(p, "parameter", idRules{"2.1.1", "2.1.2", "", "2.1.3", "2.1.11", 0})
		if !ok {
			p.skipAll()
			continue
		}
		r.parameter(p, id)
	}
}

func (r *paramReader) parameter(n *node, id int) {
	k := Item{"parameter", id}
	p := &Param{
		ParamInfo: element.ParamInfo{
			ID: element.ParamID(id), Name: n.value("Name"), Description: n.value("Description"),
			Saved: r.flag(n, "save", n.attr("save")), Title: n.path("Information", "Text").trimmed(),
			Tooltip: n.path("Information", "Subtext").trimmed(), Confirm: n.value("Message"),
			Level: r.number(n, "level", n.attr("level"), 0, 100),
		},
		Setter:        r.flag(n, "setter", n.attr("setter")),
		VerifyTimeout: r.number(n, "verificationTimeout", n.attr("verificationTimeout"), 1, element.MaxTimeoutMs), Pos: n.at(),
	}
	p.Ignored.OverSNMP = n.child("SNMP") != nil
	r.ignoreChildren(n, "Protocol/Params/Param", "Mediation", "CRC", "SNMP", "Replication", "CrossDriverOptions", "Database", "Dashboard", "HyperLinks", "Icon")
	r.quietAttributes(n, p)
	r.duplicates(n, p)
	r.paramType(n, p)
	r.interprete.read(n.child("Interprete"), p)
	r.measurement.read(n.child("Measurement"), p) // before the positions: a title's end may have many
	r.display.read(n.child("Display"), p)
	r.interprete.exceptions(n.path("Interprete", "Exceptions"), p)
	r.table.read(n.child("ArrayOptions"), p)
	r.table.olderColumns(n, p)
	r.interprete.defaultValue(n.path("Interprete", "DefaultValue"), p)
	p.units = family(p.Units, p.DynamicUnits)
	r.alarm(n.child("Alarm"), p)
	r.dependencies(n, p)
	r.interprete.lengths(n.child("Interprete"), p)
	switch {
	case id == 0 || id >= 64300 && id <= 69999 || id >= 100000 && id <= 999999 || id >= 10_000_000:
		r.disable(k, "2.1.5", n.at(), "Parameter %d has an id that DataMiner does not allow (0, 64300–69999, 100000–999999, from 10000000); it is disabled.", id)
	case p.Name == "":
		r.disable(k, pick(n.child("Name") == nil, "2.2.1", "2.2.2"), n.at(), "Parameter %d has no Name; it is disabled.", id)
	}
	if p.Description == "" && p.RTDisplay && needsDescription(p) {
		r.Note(pick(n.child("Description") == nil, "2.14.4", "2.14.5"), n.at(), "Parameter %d (%s) has no Description; its Name is shown.", id, Shorten(p.Name))
	}
	r.def.Params = append(r.def.Params, p)
	r.def.params[p.ID] = p
}

// quietAttributes marks attributes that only concern what DataMiner does with
// trends, exports and history.
func (r *paramReader) quietAttributes(n *node, p *Param) {
	r.ignoreAttrs(n, "Protocol/Params/Param", "trending", "historySet", "pollingInterval", "snapshot", "export", "saveInterval", "confirmPopup")
	p.Ignored.Trended, p.Ignored.Untrended = strings.EqualFold(n.attr("trending"), "true"), strings.EqualFold(n.attr("trending"), "false")
}

func (r *paramReader) paramType(n *node, p *Param) {
	t := n.child("Type")
	text := strings.ToLower(t.trimmed())
	p.Type, p.ParamInfo.Type = ParamType(text), text
	k := Item{"parameter", int(p.ID)}
	switch {
	case t == nil:
		r.disable(k, "2.61.1", n.at(), "Parameter %d has no Type; it is disabled.", p.ID)
	case text == "":
		r.disable(k, "2.61.2", t.at(), "The Type of parameter %d is empty; it is disabled.", p.ID)
	case !slices.Contains(knownTypes(), text):
		r.disable(k, "2.61.4", t.at(), "Parameter %d is of the unknown Type %q; it is disabled.", p.ID, Shorten(text))
	case slices.Contains(unsupportedParamTypes(), text):
		r.ignore("Type "+text+" of Protocol/Params/Param", t.at())
	}
	r.typeRefs(t, p)
	for option := range strings.SplitSeq(t.attr("options"), ";") {
		option = strings.TrimSpace(option)
		low := strings.ToLower(option)
		rest, isDynamic := strings.CutPrefix(low, "dynamic ip")
		switch {
		case option == "":
		case isDynamic && (rest == "" || rest[0] == ' ' || rest[0] == '\t'):
			r.dynamicIP(t, p, strings.TrimSpace(rest))
			if option[:len("dynamic ip")] != "dynamic ip" {
				r.Note("FL-01", t.at(), "The option %q of parameter %d is written dynamic ip in the schema.", Shorten(option), p.ID)
			}
		default:
			r.Note("FL-02", t.at(), "The option %q of parameter %d has no effect in this program.", Shorten(option), p.ID)
		}
	}
}

// typeRefs checks Type@id: the parameter of a bit, the response of a
// response parameter, the columns of an older table.
func (r *paramReader) typeRefs(t *node, p *Param) {
	text, given := t.lookup("id")
	required := p.Type == "read bit" || p.Type == "write bit" || p.Type == "response"
	what := "Type@id of parameter " + strconv.Itoa(int(p.ID))
	switch {
	case required && text == "":
		r.Note("2.62.6", t.at(), "Parameter %d is of Type %s, but Type@id is missing.", p.ID, p.Type)
	case !given || text == "":
	case p.Type == TypeArray:
		for part := range strings.SplitSeq(text, ";") {
			if id, err := strconv.Atoi(strings.TrimSpace(part)); err == nil && id > 0 && id <= MaxID && len(p.typeIDs) < maxContent && r.room() {
				p.typeIDs = append(p.typeIDs, element.ParamID(id))
				r.mention(t.at(), what, element.ParamID(id), "2.62.5", "")
			}
		}
	case p.Type == "response":
		id, err := strconv.Atoi(text)
		if err != nil {
			id = -1
		}
		r.def.Ignored.ResponseRefs = append(r.def.Ignored.ResponseRefs, ResponseRef{t.at(), p.ID, id})
	case required:
		if id := r.pid(t, what, text, "2.62.3"); id != 0 {
			r.mention(t.at(), what, id, "2.62.3", "")
		}
	}
}

func (r *paramReader) dynamicIP(t *node, p *Param, number string) {
	nr := 0
	if number != "" {
		v, err := strconv.Atoi(number)
		if err != nil || v < 0 || v > MaxID {
			r.Note("WS-10", t.at(), "Parameter %d has the option dynamic ip %q, which names no connection; it is ignored.", p.ID, Shorten(number))
			return
		}
		nr = v
	}
	p.DynamicIP = &nr
}

// duplicates reads which parameters repeat the value.
func (r *paramReader) duplicates(n *node, p *Param) {
	what := "duplicateAs of parameter " + strconv.Itoa(int(p.ID))
	for text := range strings.SplitSeq(n.attr("duplicateAs"), ",") {
		to := r.pid(n, what, strings.TrimSpace(text), "FL-13")
		if to == 0 || len(p.DuplicateAs) >= maxContent || !r.room() {
			continue
		}
		p.DuplicateAs = append(p.DuplicateAs, to)
	}
}

// alarm checks Alarm. No alarm is raised on values by this program.
func (r *paramReader) alarm(n *node, p *Param) {
	if n == nil {
		return
	}
	m := n.child("Monitored")
	switch text := m.lower(); text {
	case "":
		r.Note(pick(m == nil, "2.24.2", "2.24.3"), n.at(), "Alarm of parameter %d does not say whether it is Monitored.", p.ID)
	case "false":
	case "true":
		p.Ignored.Monitored = true
		if r.count["FL-14"] == 0 {
			r.Note("FL-14", n.at(), "Parameters are monitored for alarms here; this program raises no alarms on values, thresholds have no effect.")
		}
		if !p.RTDisplay {
			r.Note("2.24.6", n.at(), "Parameter %d is monitored, but its RTDisplay is not true.", p.ID)
		}
		limits := slices.ContainsFunc(n.kids, func(k *node) bool { return k != m && k.trimmed() != "" })
		if !limits {
			r.Note("2.5.1", n.at(), "Parameter %d is monitored without any default threshold.", p.ID)
		}
	default:
		r.Note("2.24.4", m.at(), "Monitored of parameter %d is %q; it is true or false.", p.ID, Shorten(text))
	}
	if text, ok := m.lookup("disabledIf"); ok {
		pid, _, given := strings.Cut(text, ",")
		what := "Monitored@disabledIf of parameter " + strconv.Itoa(int(p.ID))
		if id := r.pid(m, what, strings.TrimSpace(pid), "2.72.3"); id != 0 && given {
			r.def.Mentions = append(r.def.Mentions, Mention{m.at(), what, id, "2.72.4", "2.72.6", "2.72.5"})
		} else if id != 0 || pid == "" {
			r.Note("2.72.3", m.at(), "%s is %q; it is the id of a parameter, a comma and a value.", what, Shorten(text))
		}
	}
	n.skipAll()
}

// dependencies reads what a list or a set depends on: Discreets@dependencyId,
// Discreet@dependencyValues and Dependencies/Id.
func (r *paramReader) dependencies(n *node, p *Param) {
	list := n.path("Measurement", "Discreets")
	if text, ok := list.lookup("dependencyId"); ok {
		what := "Discreets@dependencyId of parameter " + strconv.Itoa(int(p.ID))
		if p.DependsOn = r.pid(list, what, text, "2.54.3"); p.DependsOn != 0 {
			r.mention(list.at(), what, p.DependsOn, "2.54.4", "2.54.6")
		}
	}
	for i, d := range list.children("Discreet") {
		if text, ok := d.lookup("dependencyValues"); ok && i < len(p.Discreets) {
			r.measurement.entryValues(d, p, &p.Discreets[i], text)
		}
	}
	for _, id := range n.child("Dependencies").children("Id") {
		after := r.flag(id, "Dependencies/Id@postSet", id.attr("postSet"))
		p.Ignored.Dependencies = true
		if after {
			r.ignore("Attribute postSet of Protocol/Params/Param/Dependencies/Id", id.at())
		}
		what := "Dependencies/Id of parameter " + strconv.Itoa(int(p.ID))
		if to := r.pid(id, what, id.trimmed(), "2.67.3"); to != 0 {
			r.mention(id.at(), what, to, "2.67.3", "2.67.5")
			if !after && len(p.Needs) < maxContent {
				p.Needs = append(p.Needs, to)
			}
		}
		if !p.RTDisplay {
			r.Note("2.67.4", id.at(), "Parameter %d has Dependencies, but its RTDisplay is not true.", p.ID)
		}
	}
}

// needsDescription reports whether a page labels the parameter with its
// Description: buttons say their entries, the end of a group says nothing.
func needsDescription(p *Param) bool {
	switch p.Measurement {
	case element.MeasureButton, element.MeasurePageButton:
		return false
	case element.MeasureTitle:
		return p.Group != element.GroupEnd
	}
	return p.Type.IsShown()
}

func knownTypes() []string {
	return []string{
		"read", "write", "fixed", "dummy", "array", "matrix", "bus", "ip", "pollingip", "elementname", "elementid",
		"elementdmaid", "dataminer info", "header", "trailer", "length", "crc", "group", "read bit", "write bit", "response", "discreet info",
	}
}

// unsupportedParamTypes are known types that are for other transports, or for what
// this program does not show.
func unsupportedParamTypes() []string {
	return []string{"length", "crc", "matrix", "group", "read bit", "write bit", "response", "discreet info"}
}
