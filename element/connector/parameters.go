package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

func (r *reader) parameters(n *node) {
	for _, p := range n.children("Param") {
		id, ok := r.itemID(p, "parameter", idRules{"2.1.1", "2.1.2", "", "2.1.3", "2.1.11", 0})
		if !ok {
			p.skipAll()
			continue
		}
		r.parameter(p, id)
	}
}

func (r *reader) parameter(n *node, id int) {
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
	r.unheard(n, "Protocol/Params/Param", "Mediation", "CRC", "SNMP", "Replication", "CrossDriverOptions", "Database", "Dashboard", "HyperLinks", "Icon")
	r.quietAttributes(n, p)
	r.duplicates(n, p)
	r.paramType(n, p)
	r.interprete(n.child("Interprete"), p)
	r.measurement(n.child("Measurement"), p) // before the positions: a title's end may have many
	r.display(n.child("Display"), p)
	r.exceptions(n.path("Interprete", "Exceptions"), p)
	r.arrayOptions(n.child("ArrayOptions"), p)
	r.olderColumns(n, p)
	r.defaultValue(n.path("Interprete", "DefaultValue"), p)
	p.units = family(p.Units, p.DynamicUnits)
	r.alarm(n.child("Alarm"), p)
	r.dependencies(n, p)
	r.lengths(n.child("Interprete"), p)
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

// quietAttributes marks attributes that only concern what DataMiner does with
// trends, exports and history.
func (r *reader) quietAttributes(n *node, p *Param) {
	r.unheardAttrs(n, "Protocol/Params/Param", "trending", "historySet", "pollingInterval", "snapshot", "export", "saveInterval", "confirmPopup")
	p.Ignored.Trended, p.Ignored.Untrended = strings.EqualFold(n.attr("trending"), "true"), strings.EqualFold(n.attr("trending"), "false")
}

func knownTypes() []string {
	return []string{
		"read", "write", "fixed", "dummy", "array", "matrix", "bus", "ip", "pollingip", "elementname", "elementid",
		"elementdmaid", "dataminer info", "header", "trailer", "length", "crc", "group", "read bit", "write bit", "response", "discreet info",
	}
}

// idleParamTypes are known types that are for other transports, or for what
// this program does not show.
func idleParamTypes() []string {
	return []string{"length", "crc", "matrix", "group", "read bit", "write bit", "response", "discreet info"}
}

// idleMeasurements are known, and shown as the plain value.
func idleMeasurements() []element.Measurement {
	return []element.Measurement{element.MeasureChart, element.MeasureMatrix, "digital threshold"}
}

func (r *reader) paramType(n *node, p *Param) {
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
	case slices.Contains(idleParamTypes(), text):
		r.idle("Type "+text+" of Protocol/Params/Param", t.at())
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

func (r *reader) dynamicIP(t *node, p *Param, number string) {
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

// maxPositions bounds how many places one parameter has on pages.
const maxPositions = 100

func (r *reader) display(n *node, p *Param) {
	if n == nil {
		return
	}
	p.RTDisplay = r.flag(n.child("RTDisplay"), "RTDisplay", n.value("RTDisplay"))
	p.Ignored.OnAppLevel = strings.EqualFold(n.child("RTDisplay").attr("onAppLevel"), "true")
	p.Units = n.value("Units")
	p.Low = r.decimal(n.path("Range", "Low"), "The lower end of the range", "2.32.4")
	p.High = r.decimal(n.path("Range", "High"), "The upper end of the range", "2.33.4")
	if p.Low != nil && p.High != nil && *p.Low > *p.High {
		r.Note("2.11.4", n.child("Range").at(), "The range of parameter %d goes from %s to %s: the lower end is the larger number. It is ignored.",
			p.ID, element.FormatNumber(*p.Low), element.FormatNumber(*p.High))
		p.Low, p.High = nil, nil
	}
	if p.Step = r.decimal(n.child("Steps"), "Steps", "FL-07"); p.Step != nil && *p.Step <= 0 {
		p.Step = nil
	}
	if text := n.value("Decimals"); text != "" {
		d := r.number(n.child("Decimals"), "Decimals", text, 0, 15)
		p.Decimals = &d
	}
	r.unheard(n, "Protocol/Params/Param/Display", "Trending")
	r.positions(n.child("Positions"), p)
	r.dynamicUnits(n.child("DynamicUnits"), p)
	if len(p.Positions) > 0 && !p.RTDisplay {
		r.Note("2.57.2", n.at(), "Parameter %d has a position on a page but RTDisplay is not true: it is not shown.", p.ID)
	}
}

func knownMeasurements() []element.Measurement {
	return []element.Measurement{
		element.MeasureString, element.MeasureNumber, element.MeasureAnalog, element.MeasureDiscreet, element.MeasureToggleButton,
		element.MeasureButton, element.MeasurePageButton, element.MeasureTitle, element.MeasureProgress, element.MeasureTable,
		element.MeasureChart, element.MeasureMatrix, "digital threshold",
	}
}

func (r *reader) measurement(n *node, p *Param) {
	if n == nil {
		return
	}
	t := n.child("Type")
	p.Measurement = element.Measurement(strings.ToLower(t.trimmed()))
	k := Item{"parameter", int(p.ID)}
	switch {
	case t != nil && p.Measurement == "":
		r.disable(k, "2.37.10", t.at(), "The Measurement Type of parameter %d is empty; it is disabled.", p.ID)
	case t != nil && !slices.Contains(knownMeasurements(), p.Measurement):
		r.disable(k, "2.37.11", t.at(), "Parameter %d has the unknown Measurement Type %q; it is disabled.", p.ID, Shorten(string(p.Measurement)))
	case slices.Contains(idleMeasurements(), p.Measurement):
		r.idle("Type "+string(p.Measurement)+" of Protocol/Params/Param/Measurement", t.at())
	}
	switch p.Measurement {
	case element.MeasureButton, element.MeasurePageButton, element.MeasureToggleButton:
		if !p.Type.IsWrite() {
			r.Note("2.37.9", t.at(), "Parameter %d is a %s but not of Type write.", p.ID, p.Measurement)
		}
	}
	p.Multiline = t.attr("lines") != ""
	r.measureOptions(t, p)
	r.discreets(n, p)
}

func (r *reader) measureOptions(t *node, p *Param) {
	for option := range strings.SplitSeq(t.attr("options"), ";") {
		low := strings.ToLower(strings.TrimSpace(option))
		lock, isLock := cutPrefixFold(strings.TrimSpace(option), disableWrite)
		switch {
		case low == "":
		case low == "password":
			p.Password = true
		case strings.HasPrefix(low, "lines"):
			p.Multiline = true
		case clockOption(p, low):
		case low == "begin" || low == "end":
			p.Group = element.Group(low)
		case strings.HasPrefix(low, "tab=columns:"):
			p.Sheet = r.sheet(low[len("tab="):])
		case isLock:
			r.locked(t, p, lock)
		case low == "fixedfont":
			p.FixedFont = true
		case low == "hscroll" && p.Measurement == element.MeasureString:
			p.Scroll = true
		case strings.HasPrefix(low, "number="):
			p.Numeric = r.flag(t, "The option number of parameter "+strconv.Itoa(int(p.ID)), strings.TrimSpace(low[len("number="):])) && p.Measurement == element.MeasureString
		case low == "hscroll", strings.HasPrefix(low, "tab="):
			name, _, _ := strings.Cut(low, "=")
			r.idle("Option "+name+" of Protocol/Params/Param/Measurement/Type", t.at())
		default:
			r.Note("FL-02", t.at(), "The measurement option %q of parameter %d has no effect in this program.", Shorten(option), p.ID)
		}
	}
	p.Width = r.number(t, "Measurement/Type@width", t.attr("width"), 1, maxWidth)
	if d := r.measured(t, "verificationDeviation"); d != nil {
		p.Deviation = *d
	}
	p.Hex = strings.EqualFold(t.attr("hex"), "true")
	switch how := strings.ToLower(t.attr("scientificNotation")); how {
	case "universal", "scientific":
		p.notation = how
	}
	switch c := strings.ToLower(t.attr("case")); c {
	case "upper", "lower":
		p.letters = c
	}
}

// measured reads a number from 0 on out of an attribute, nil when there is none.
func (r *reader) measured(n *node, name string) *float64 {
	text := n.attr(name)
	f, ok := element.ParseNumber(text)
	switch {
	case text == "":
		return nil
	case !ok || f < 0:
		r.Note("FL-07", n.at(), "Measurement/Type@%s is %q; it is a number from 0 on. It is ignored.", name, Shorten(text))
		return nil
	}
	return &f
}

func (r *reader) discreets(n *node, p *Param) {
	list := n.child("Discreets")
	k := Item{"parameter", int(p.ID)}
	type offer struct{ shown, when string }
	offers := map[offer]bool{}
	for _, d := range list.children("Discreet") {
		entry := element.Discreet{Value: d.value("Value"), Display: d.value("Display")}
		if entry.Display == "" {
			r.Note("2.13.3", d.at(), "An entry of parameter %d has no Display; its Value is shown.", p.ID)
			entry.Display = entry.Value
		}
		r.entryOptions(d, p, &entry)
		this := offer{entry.Display, d.attr("dependencyValues")}
		if offers[this] {
			r.Note("2.13.6", d.at(), "Parameter %d has two entries that are shown as %q.", p.ID, Shorten(entry.Display))
		}
		offers[this] = true
		p.Discreets = append(p.Discreets, entry)
	}
	switch p.Measurement {
	case element.MeasureDiscreet:
		if len(p.Discreets) == 0 && !list.has("dependencyId") {
			r.Note(pick(list == nil, "2.51.1", "2.52.1"), n.at(), "Parameter %d is shown as discreet but has no Discreets; its value is shown as it is.", p.ID)
			p.Measurement = element.MeasureString
			if p.IsNumber {
				p.Measurement = element.MeasureNumber
			}
		}
	case element.MeasureToggleButton, element.MeasureButton, element.MeasurePageButton:
		if len(p.Discreets) == 0 && !list.has("dependencyId") {
			r.disable(k, pick(list == nil, "2.51.1", "2.52.1"), n.at(), "Parameter %d is a %s but has no Discreets; it is disabled.", p.ID, p.Measurement)
		}
	}
	if p.Measurement == element.MeasureToggleButton && len(p.Discreets) != 2 {
		r.Note("FL-15", n.at(), "Parameter %d is a toggle button with %d entries; it needs 2.", p.ID, len(p.Discreets))
	}
}
