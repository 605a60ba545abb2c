package library

import (
	"cmp"
	"errors"
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// Connectors returns all connectors by name, the newest version first.
// Findings counts them by severity; critical and major are always there.
func (l *Library) Connectors() []element.ConnectorSummary {
	l.mu.RLock()
	entries := make([]*entry, 0, len(l.entries))
	for _, e := range l.entries {
		entries = append(entries, e)
	}
	l.mu.RUnlock()
	slices.SortFunc(entries, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.name, b.name), compareVersions(b.version, a.version))
	})
	list := make([]element.ConnectorSummary, len(entries))
	for i, e := range entries {
		count := map[element.Severity]int{element.Critical: 0, element.Major: 0}
		d, err := e.read()
		for _, f := range findingsOf(d, err) {
			count[f.Severity]++
		}
		list[i] = element.ConnectorSummary{Name: e.name, Version: e.version, Source: e.source, Findings: count}
		if err == nil {
			list[i].Description = d.Description
		}
	}
	return list
}

// Detail returns a connector in full; version "" is the newest. One that
// cannot be read any more has its findings and its file only. NotFound when
// there is none.
func (l *Library) Detail(name, version string) (element.ConnectorDetail, error) {
	e, err := l.find(name, version)
	if err != nil {
		return element.ConnectorDetail{}, err
	}
	return e.detail(), nil
}

func (e *entry) detail() element.ConnectorDetail {
	d, err := e.read()
	detail := element.ConnectorDetail{
		Name: e.name, Version: e.version, Source: e.source, XML: e.xml,
		Findings:    findingsOf(d, err),
		Parameters:  []element.ConnectorParam{},
		Connections: []element.ConnectionOption{},
	}
	if err != nil {
		return detail
	}
	detail.Description, detail.UnsupportedKinds = d.Description, d.UnsupportedKinds()
	for _, p := range d.Params {
		detail.Parameters = append(detail.Parameters, paramOf(p))
	}
	for _, c := range d.Connections {
		if c.RunsHere() {
			detail.Connections = append(detail.Connections, optionOf(c))
		}
	}
	return detail
}

func paramOf(p *connector.Param) element.ConnectorParam {
	cp := element.ConnectorParam{
		ID: p.ID, Name: p.Name, Description: p.Description,
		Type: string(p.Type), Units: p.Units, Saved: p.Saved,
	}
	if p.WriteID != 0 {
		id := p.WriteID
		cp.WriteID = &id
	}
	return cp
}

func optionOf(c connector.Connection) element.ConnectionOption {
	option := element.ConnectionOption{
		ID: c.ID, Name: c.Name, Type: "http", Host: c.Host, Port: c.Port, BusAddress: c.BusAddress,
		TimeoutMs: cmp.Or(c.TimeoutMs, element.DefaultTimeout), Retries: c.Retries, Locked: c.Locked,
		SlowAfter: c.SlowPoll.After, SlowAfterMs: c.SlowPoll.AfterMs, SlowPingMs: c.SlowPoll.PingMs,
	}
	if c.WebSocket {
		option.Type = "websocket"
	}
	return option
}

// findingsOf returns the findings of a connector that was read, or of the
// error that says why it was not. An error without findings becomes one.
func findingsOf(d *connector.Definition, err error) []element.Finding {
	findings := []element.Finding{}
	if err == nil {
		return append(findings, d.Findings...)
	}
	if e, ok := errors.AsType[*element.Error](err); ok && len(e.Findings) > 0 {
		return append(findings, e.Findings...)
	}
	return append(findings, element.Finding{
		ID: "unreadable", Severity: element.Critical, Line: 1, Column: 1, Message: element.MessageOf(err),
	})
}
