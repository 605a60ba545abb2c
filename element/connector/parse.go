package connector

import (
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
	r := newDraft()
	if declared != "" {
		r.Note("1.18.1", Pos{1, 1}, "The XML declaration names the encoding %s; connectors are UTF-8, and it was read as such.", Shorten(declared))
	}
	r.read(root)
	r.unread(root)
	if r.refused != "" {
		return nil, &element.Error{Code: element.Invalid, Msg: r.refused, Findings: r.List()}
	}
	r.def.found, r.def.Findings = r.Findings, r.List()
	return r.def, nil
}

// MaxSize is the largest connector that Parse reads, in bytes.
const MaxSize = 16 << 20

// read reads the root element: first every part of the file, then what ties the
// parts together.
func (r *draft) read(root *node) {
	if !root.is("Protocol") {
		r.refuse("1.1.1", root.at(), "The root element is %s; a connector's is Protocol.", Shorten(root.name))
		return
	}
	r.identity(root)
	(&connectionReader{draft: r}).connections(root)
	sessionReader{r}.sessions(root.child("HTTP"))
	newParamReader(r).parameters(root.child("Params"))
	linker{r}.describeCopies()
	messageReader{r}.commands(root.child("Commands"))
	messageReader{r}.responses(root.child("Responses"))
	pairReader{r}.pairs(root.child("Pairs"))
	threadReader{r}.threads(root.child("Threads"))
	newGroupReader(r).groups(root.child("Groups"))
	timerReader{r}.timers(root.child("Timers"))
	triggerReader{r}.triggers(root.child("Triggers"))
	actionReader{r}.actions(root.child("Actions"))
	qactionReader{r}.qactions(root.child("QActions"))
	linker{r}.twins()
	newResolver(r).resolve()
	linker{r}.menus()
	linker{r}.locks()
	linker{r}.rowColors()
	feeder{r}.feeds()
	(&pageReader{draft: r, placed: map[string]bool{}}).pages(root)
	r.loadSequence(root.child("Params"))
	r.ignored(root)
	linker{r}.general()
	linker{r}.link()
	r.def.have = r.have
}

// identity reads what the connector says of itself.
func (r *draft) identity(n *node) {
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
	r.ignoreChildren(n, "Protocol", "SNMP", "Icon")
	r.ignoreChildren(n.child("Options"), "Protocol/Options", "Encoding")
}

// loadSequence reads which parameters are loaded first (documentation page
// Protocol.Params-loadSequence).
func (r *draft) loadSequence(n *node) {
	for text := range strings.SplitSeq(n.attr("loadSequence"), ";") {
		id := r.pid(n, "loadSequence", strings.TrimSpace(text), "2.56.3")
		if id == 0 {
			continue
		}
		switch p := r.def.params[id]; {
		case p == nil:
			r.Note("2.56.3", n.at(), "loadSequence names parameter %d, which does not exist; it is ignored.", id)
			continue
		case !p.Saved:
			r.Note("2.56.5", n.at(), "loadSequence names parameter %d, which is not saved; it is ignored.", id)
			continue
		}
		r.def.LoadSequence = append(r.def.LoadSequence, id)
	}
}
