package web

import (
	"bytes"
	"context"
	"time"

	"fieldline/element"
)

// keptVersion is what the memory says that an element can go back to.
func keptVersion(version string) *element.KeptVersion {
	return &element.KeptVersion{Version: version, At: element.At(time.Date(2026, 11, 22, 14, 2, 0, 0, time.UTC)), By: "ruth"}
}

func (m *memory) DeleteConnector(_ context.Context, name, version, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := name + "\n" + version
	switch {
	case m.uploads[key] == "":
		return element.Errorf(element.NotFound, "There is no connector %q %s.", name, version)
	case name == shipped:
		return element.Errorf(element.Conflict, "It came with the program.")
	}
	delete(m.uploads, key)
	return nil
}

// Report says that the first line runs, the second is ignored and the third
// wrong.
func (m *memory) Report(name, version string) (element.ConnectorReport, error) {
	d, err := m.Connector(context.Background(), name, version)
	if err != nil {
		return element.ConnectorReport{}, err
	}
	r := m.ReportText(d.XML)
	r.Name, r.Version = d.Name, d.Version
	return r, nil
}

func (m *memory) ReportText(xml []byte) element.ConnectorReport {
	verdicts := []element.Verdict{element.VerdictRuns, element.VerdictIgnored, element.VerdictWrong}
	var lines []element.Mark
	for i := range bytes.Count(xml, []byte("\n")) + 1 {
		lines = append(lines, element.Mark{Line: i + 1, Verdict: verdicts[i%len(verdicts)]})
	}
	return element.NewConnectorReport("", "", lines, []element.Finding{{ID: "XML", Severity: element.Critical, Line: 1, Column: 1, Message: "no Protocol"}})
}

// Versions knows 1.0.0.1 and 2; an element that uses 2 can go back to 1.0.0.1.
func (m *memory) Versions(ctx context.Context, id element.ID) (element.Versions, error) {
	e, err := m.Element(ctx, id)
	if err != nil {
		return element.Versions{}, err
	}
	v := element.Versions{Connector: e.Connector, Version: e.Version, State: e.State}
	for _, version := range []string{"2", "1.0.0.1"} {
		c := element.VersionChoice{Version: version, Source: "uploaded", Current: e.Version == version, Findings: map[element.Severity]int{element.Major: 1}}
		if e.Version == "2" && version != "2" {
			c.Kept = keptVersion(version)
			v.Previous = c.Kept
		}
		v.Versions = append(v.Versions, c)
	}
	return v, nil
}

func (m *memory) VersionChanges(ctx context.Context, id element.ID, version string, back bool) (element.VersionChanges, error) {
	e, err := m.Element(ctx, id)
	if err != nil {
		return element.VersionChanges{}, err
	}
	if version != "2" && version != "1.0.0.1" {
		return element.VersionChanges{}, element.Errorf(element.NotFound, "There is no version %q.", version)
	}
	return element.VersionChanges{
		From: e.Version, To: version, Back: back, State: e.State, Kept: keptVersion(version),
		Changes:  []element.ConnectorChange{{Area: element.AreaParameter, Kind: element.ChangeAltered, Item: "parameter", ID: 60, Name: "level", Property: "unit", Was: "dB", Becomes: "dBm", Message: "Parameter 60 (level): unit was dB and becomes dBm."}},
		Saved:    []element.SavedChange{{Parameter: 50, Name: "path", Fate: element.FateDropped, Reason: "The other version does not save this parameter.", Was: element.Text("<b>")}},
		Tables:   []element.TableChange{{Table: 1000, Column: 1002, Name: "Slots: Label", Cells: 3, Fate: element.FateKept}},
		Settings: []element.SettingChange{{Connection: 2, Change: "added", NeedsHost: true, Message: "Connection 2 comes, with no host yet: say which."}},
	}, nil
}

// setVersion has the i-th element use a version. The caller holds mu.
func (m *memory) setVersion(i int, version string, start *bool, onlyStopped bool) (element.Element, error) {
	e := &m.elements[i]
	if e.State != element.Stopped && onlyStopped {
		return element.Element{}, &element.Error{Code: element.Conflict, Field: "version", Msg: "The element is active; stop it first."}
	}
	e.PreviousVersion, e.Version = e.Version, version
	if start != nil && *start {
		e.State = element.Active
	}
	return *e, nil
}

func (m *memory) Back(_ context.Context, id element.ID, wish element.VersionWish, _ string) (element.Element, error) {
	version := wish.Version
	if version == "" {
		version = "1.0.0.1"
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	i, err := m.at(id)
	if err != nil {
		return element.Element{}, err
	}
	return m.setVersion(i, version, wish.Start, wish.OnlyStopped)
}

func (m *memory) ForgetVersion(_ context.Context, id element.ID, version, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, err := m.at(id)
	if err != nil {
		return err
	}
	if m.elements[i].PreviousVersion != version {
		return element.Errorf(element.NotFound, "No values are kept with version %q.", version)
	}
	m.elements[i].PreviousVersion = ""
	return nil
}
