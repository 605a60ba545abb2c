package views

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"fieldline/element"
	"fieldline/views/present"
)

// VersionsPage lists the versions of the connector of an element.
type VersionsPage struct {
	Layout
	Element  element.Element
	Versions element.Versions
}

// ChangesPage tells what another version would change, and asks for it.
type ChangesPage struct {
	Layout
	Element element.Element
	Changes element.VersionChanges
	Error   string            // why it could not be done, a sentence
	Hosts   map[int]string    // as typed, by connection
	Errors  map[string]string // by form field
}

// The fields of the forms for versions.
const (
	FieldStop = "stop" // "yes": the element may be stopped for it
	FieldBack = "back" // "1": with the values that were kept
)

// Versions is the list of versions that an element can use.
func (u URLs) Versions(id element.ID) string { return u.Element(id) + "/versions" }

// Version tells what a version would change for an element, and is where it is
// ordered.
func (u URLs) Version(id element.ID, version string) string {
	return u.Versions(id) + "/" + url.PathEscape(version)
}

// BackTo tells what going back to a version would change.
func (u URLs) BackTo(id element.ID, version string) string {
	return u.Version(id, version) + "?" + url.Values{FieldBack: {"1"}}.Encode()
}

// Back is where going back is ordered.
func (u URLs) Back(id element.ID) string { return u.Element(id) + "/back" }

// ForgetVersion is where the values kept with a version are given up.
func (u URLs) ForgetVersion(id element.ID, version string) string {
	return u.Version(id, version) + "/forget"
}

// ConnectorFile is the file of a connector; the API gives it to browsers byte
// for byte.
func (u URLs) ConnectorFile(name, version string) string {
	return u.API() + "connectors/" + url.PathEscape(name) + "/" + url.PathEscape(version)
}

// DeleteConnector asks before an uploaded connector is deleted, and is where
// it is posted.
func (u URLs) DeleteConnector(name, version string) string {
	return u.Connector(name, version) + "/delete"
}

// running reports whether the element has to be stopped first.
func (p ChangesPage) running() bool { return p.Element.State != element.Stopped }

// postTo is where the change is ordered.
func (p ChangesPage) postTo() string {
	if p.Changes.Back {
		return p.URLs.Back(p.Element.ID)
	}
	return p.URLs.Version(p.Element.ID, p.Changes.To)
}

// title says in words what the page is about.
func (p ChangesPage) title() string {
	switch {
	case p.Changes.Back && p.Changes.From == p.Changes.To:
		return "Take the values that were kept"
	case p.Changes.Back:
		return "Go back to version " + p.Changes.To
	}
	return "Try version " + p.Changes.To
}

// order is the words of the button.
func (p ChangesPage) order() string {
	verb := "Try " + p.Changes.To
	if p.Changes.Back {
		verb = "Go back to " + p.Changes.To
	}
	if p.running() {
		return "Stop and " + string(verb[0]|0x20) + verb[1:]
	}
	return verb
}

// fates are the fates in the order in which they matter to a person.
func fates() []element.Fate {
	return []element.Fate{element.FateDropped, element.FateAtRisk, element.FateReplaced, element.FateRestored, element.FateKept}
}

// fateWord is a fate in words.
func fateWord(f element.Fate) string {
	if f == element.FateAtRisk {
		return "at risk"
	}
	return string(f)
}

// saved lists the saved values, those that matter most first.
func (p ChangesPage) saved() []element.SavedChange {
	all := slices.Clone(p.Changes.Saved)
	slices.SortStableFunc(all, func(a, b element.SavedChange) int {
		return cmp.Compare(slices.Index(fates(), a.Fate), slices.Index(fates(), b.Fate))
	})
	return all
}

// fateCount is how many values have a fate.
type fateCount struct {
	Fate element.Fate
	N    int
}

func (p ChangesPage) fateCounts() []fateCount {
	n := map[element.Fate]int{}
	for _, s := range p.Changes.Saved {
		n[s.Fate]++
	}
	for _, t := range p.Changes.Tables {
		n[t.Fate] += t.Cells
	}
	var all []fateCount
	for _, f := range fates() {
		if n[f] > 0 {
			all = append(all, fateCount{f, n[f]})
		}
	}
	return all
}

// areaChanges are the changes of one area of a connector.
type areaChanges struct {
	Title   string
	Changes []element.ConnectorChange
}

func (p ChangesPage) areas() []areaChanges {
	titles := map[element.ChangeArea]string{
		element.AreaConnection: "Connections", element.AreaParameter: "Parameters", element.AreaTable: "Tables",
		element.AreaPage: "Pages", element.AreaLogic: "Logic",
	}
	var all []areaChanges
	for _, area := range element.ChangeAreas() {
		a := areaChanges{Title: titles[area]}
		for _, c := range p.Changes.Changes {
			if c.Area == area {
				a.Changes = append(a.Changes, c)
			}
		}
		if len(a.Changes) > 0 {
			all = append(all, a)
		}
	}
	return all
}

// savedText is a value in the list of what becomes of it.
func savedText(v element.Value, masked bool) string {
	switch {
	case masked:
		return "not shown"
	case !v.IsSet():
		return "none"
	case v.String() == "":
		return "empty"
	}
	return present.OneLine(v.String())
}

// savedName is how people call a parameter, with its id.
func savedName(s element.SavedChange) string {
	id := strconv.Itoa(int(s.Parameter))
	if name := cmp.Or(s.Description, s.Name); name != "" {
		return name + " (" + id + ")"
	}
	return "Parameter " + id
}
