package connector

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/codec"
)

// Parse reads a connector; what is found of it while it is read is in Findings,
// package lint judges the whole. It returns an Invalid or TooLarge *element.Error
// with Findings when the file is refused: not XML, no Protocol, without Name,
// Version or any connection, duplicate ids in a list, a handshake that cannot
// be built (WS-01 to WS-04). It never panics, whatever the input.
func Parse(xml []byte) (*Definition, error) {
	if len(xml) > MaxSize {
		return nil, element.Errorf(element.TooLarge, "The connector is %d bytes long; at most %d are read.", len(xml), MaxSize)
	}
	root, declared, err := scan(xml)
	if err != nil {
		return nil, err
	}
	r := newReader(root)
	if declared != "" {
		r.Note("1.18.1", Pos{1, 1}, "The XML declaration names the encoding %s; connectors are UTF-8, and it was read as such.", Shorten(declared))
	}
	r.protocol(root)
	r.leftovers(root)
	if r.refused != "" {
		return nil, &element.Error{Code: element.Invalid, Msg: r.refused, Findings: r.List()}
	}
	r.def.found, r.def.Findings = r.Findings, r.List()
	return r.def, nil
}

// maxEntries bounds the entries of lists written in attributes, in all.
const maxEntries = 500_000

// room reports whether one more entry of a list is read.
func (r *reader) room() bool {
	r.entries++
	return r.entries <= maxEntries
}

// reader holds what Parse knows while it reads.
type reader struct {
	def  *Definition
	root *node
	*Findings
	refused string // the first reason, a sentence with the line
	have    map[Item]Pos
	off     map[Item]bool   // disabled
	refs    []reference     // between items, for resolve
	entries int             // of lists in attributes
	served  map[[2]int]bool // session and exchange

	mixed struct{ typed, tagged bool } // how connections say their kind
	unrun map[string]leftover          // read, without effect
	wide  map[string]bool              // pages that 2.44.5 was said of
	marks *marking                     // nil unless Marks reads
}

func newReader(root *node) *reader {
	r := &reader{
		def:  &Definition{params: map[element.ParamID]*Param{}, byName: map[string][]*Param{}},
		root: root, Findings: newFindings(),
		have: map[Item]Pos{}, off: map[Item]bool{},
		unrun: map[string]leftover{}, served: map[[2]int]bool{}, wide: map[string]bool{},
	}
	return r
}

// refuse records a finding that the whole file is refused for.
func (r *reader) refuse(id string, at Pos, format string, args ...any) {
	r.Note(id, at, format, args...)
	if r.refused == "" {
		r.refused = fmt.Sprintf("Line %d: ", max(1, at.Line)) + fmt.Sprintf(format, args...)
	}
}

func (r *reader) protocol(n *node) {
	if !n.is("Protocol") {
		r.refuse("1.1.1", n.at(), "The root element is %s; a connector's is Protocol.", Shorten(n.name))
		return
	}
	r.identity(n)
	r.connections(n)
	r.sessions(n.child("HTTP"))
	r.parameters(n.child("Params"))
	r.describeCopies()
	r.commands(n.child("Commands"))
	r.responses(n.child("Responses"))
	r.pairs(n.child("Pairs"))
	r.threads(n.child("Threads"))
	r.groups(n.child("Groups"))
	r.timers(n.child("Timers"))
	r.triggers(n.child("Triggers"))
	r.actions(n.child("Actions"))
	r.qactions(n.child("QActions"))
	r.twins()
	r.resolve()
	r.menus()
	r.locks()
	r.rowColors()
	r.feeds()
	r.pages(n.child("Display"))
	r.loadSequence(n.child("Params"))
	r.ignored(n)
	r.general()
	r.link()
	r.def.have = r.have
}

func (r *reader) identity(n *node) {
	d := r.def
	name := n.child("Name")
	d.Name, d.Version = name.trimmed(), n.value("Version")
	switch {
	case d.Name == "":
		r.refuse(pick(name == nil, "1.2.1", "1.2.2"), n.at(), "The connector has no Name: a connector is known by its Name and Version.")
	case strings.ContainsAny(d.Name, `<>:"/\|?*;°`):
		r.Note("1.2.4", name.at(), "The Name %q has a character that DataMiner forbids: one of < > : \" / \\ | ? * ; °.", Shorten(d.Name))
	case strings.HasPrefix(strings.ToLower(d.Name), "production"):
		r.Note("1.2.5", name.at(), "The Name %q starts with Production, which DataMiner keeps for itself.", Shorten(d.Name))
	}
	if d.Version == "" {
		r.refuse(pick(n.child("Version") == nil, "1.6.1", "1.6.2"), n.at(), "The connector has no Version: a connector is known by its Name and Version.")
	}
	for _, long := range []*node{name, n.child("Version")} {
		if utf8.RuneCountInString(long.trimmed()) > MaxName {
			r.refuse("FL-05", long.at(), "The %s of the connector is longer than %d characters.", long.name, MaxName)
		}
	}
	d.Description, d.Provider = n.value("Description"), n.value("Provider")
	d.Vendor, d.ElementType = n.value("Vendor"), n.value("ElementType")
	for _, t := range n.child("NoTimeouts").children("NoTimeout") {
		d.NoTimeouts = append(d.NoTimeouts, string(codec.Literal(t.trimmed())))
	}
	n.skip("VendorOID", "DeviceOID", "IntegrationID", "Compliancies", "VersionHistory", "Copyright")
	r.unheard(n, "Protocol", "SNMP", "Icon")
	r.unheard(n.child("Options"), "Protocol/Options", "Encoding")
}

// itemID reads the id of an item and claims it in its list. It reports false,
// with a finding, when the item cannot be addressed.
func (r *reader) itemID(n *node, kind string, rules idRules) (int, bool) {
	text, ok := n.lookup("id")
	id, err := strconv.Atoi(text)
	switch {
	case !ok || text == "":
		r.Note(pick(!ok, rules.missing, rules.empty), n.at(), "This %s has no id; it is disabled.", kind)
		return 0, false
	case err != nil || id < rules.lowest || text != strconv.Itoa(id) || id > MaxID:
		r.Note(rules.invalid, n.at(), "The id %q of this %s is not a plain number from %d to %d; it is disabled.", Shorten(text), kind, rules.lowest, MaxID)
		return 0, false
	}
	if rules.untrimmed != "" && n.padded("id") {
		r.Note(rules.untrimmed, n.at(), "The id %d of this %s has blanks around it.", id, kind)
	}
	k := Item{kind, id}
	if first, twice := r.have[k]; twice {
		r.refuse(rules.duplicate, n.at(), "The id %d is used by two %ss; the first is on line %d.", id, kind, first.Line)
		return 0, false
	}
	r.have[k] = n.pos
	return id, true
}

// MaxID is the largest id of the schema's ranges.
const MaxID = 10_999_999

// idRules are the rules that the ids of one list are reported with.
type idRules struct {
	missing, empty, untrimmed, invalid, duplicate string // untrimmed "": no rule says it
	lowest                                        int
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// number reads a whole number; 0 and a finding when it is none. Empty is 0.
func (r *reader) number(n *node, what, text string, low, high int) int {
	if text == "" {
		return 0
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < low || v > high {
		r.Note("FL-07", n.at(), "%s is %q; it is a whole number from %d to %d. It is ignored.", what, Shorten(text), low, high)
		return 0
	}
	return v
}

// decimal reads a number that may be absent.
func (r *reader) decimal(n *node, what, rule string) *float64 {
	if n == nil || n.trimmed() == "" {
		return nil
	}
	f, ok := element.ParseNumber(n.trimmed())
	if !ok {
		r.Note(rule, n.at(), "%s is %q, which is not a number. It is ignored.", what, Shorten(n.trimmed()))
		return nil
	}
	return &f
}

// flag reads true or false; anything else is the default, with a finding.
func (r *reader) flag(n *node, what, text string) bool {
	switch strings.ToLower(text) {
	case "true":
		return true
	case "", "false":
		return false
	}
	r.Note("FL-08", n.at(), "%s is %q; it is true or false. It was read as false.", what, Shorten(text))
	return false
}

// pid reads a parameter id written in the file; 0 and a finding when it is no
// number. Empty is 0.
func (r *reader) pid(n *node, what, text, rule string) element.ParamID {
	if text == "" {
		return 0
	}
	id, err := strconv.Atoi(text)
	if err != nil || id < 1 || id > MaxID {
		r.Note(rule, n.at(), "%s is %q, which is not the id of a parameter. It is ignored.", what, Shorten(text))
		return 0
	}
	return element.ParamID(id)
}
