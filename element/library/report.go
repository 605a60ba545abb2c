package library

import (
	"bytes"

	"fieldline/element"
	"fieldline/element/connector"
)

// Report tells what becomes of each line of a connector; version "" is the
// newest. NotFound when there is none.
func (l *Library) Report(name, version string) (element.ConnectorReport, error) {
	e, err := l.find(name, version)
	if err != nil {
		return element.ConnectorReport{}, err
	}
	return reportOf(e.name, e.version, e.xml, findingsOf(e.read())), nil
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
	marks := marksOf(xml)
	for i := range marks {
		marks[i].Findings = nil
	}
	return element.NewConnectorReport(name, version, marks, findings)
}

// marksOf tells nothing of the lines of a text that has too many: a file can be
// made of nothing but line ends. Its findings stand on the lines there are.
func marksOf(xml []byte) []element.Mark {
	if bytes.Count(xml, []byte("\n")) < element.MaxReportLines {
		return connector.Marks(xml)
	}
	marks := make([]element.Mark, element.MaxReportLines)
	for i := range marks {
		marks[i].Line = i + 1
	}
	return marks
}
