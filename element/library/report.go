package library

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// Report tells what becomes of each line of a connector; version "" is the
// newest. NotFound when there is none.
func (l *Library) Report(name, version string) (element.ConnectorReport, error) {
	b, err := l.find(name, version)
	if err != nil {
		return element.ConnectorReport{}, err
	}
	return reportOf(b.name, b.version, b.xml, findingsOf(b.read())), nil
}

// ReportText tells the same of a text that is not in the library, such as one
// that was refused.
func (l *Library) ReportText(xml []byte) element.ConnectorReport {
	d, err := l.parse(xml)
	if err != nil {
		return reportOf("", "", xml, findingsOf(nil, err))
	}
	return reportOf(d.Name, d.Version, xml, findingsOf(d, nil))
}

// reportOf takes the verdicts of the connector's own rules, and the findings
// of all checks.
func reportOf(name, version string, xml []byte, findings []element.Finding) element.ConnectorReport {
	marks := connector.Marks(xml)
	for i := range marks {
		marks[i].Findings = nil
	}
	return element.NewConnectorReport(name, version, marks, findings)
}
