package element

// MaxReportLines is the number of lines that a report tells of. Texts that
// people write have far fewer.
const MaxReportLines = 100_000

// ConnectorReport is what this program makes of the text of a connector, line
// by line. Name and Version are "" when the text was refused.
type ConnectorReport struct {
	Name    string        `json:"name"`
	Version string        `json:"version"`
	Counts  VerdictCounts `json:"counts"` // of lines
	Lines   []Mark        `json:"lines"`  // one for each line of the text, at most MaxReportLines
}

// VerdictCounts counts lines by their verdict, and findings.
type VerdictCounts struct {
	Runs     int `json:"runs"`
	Ignored  int `json:"ignored"`
	Wrong    int `json:"wrong"`
	Findings int `json:"findings"`
}

// NewConnectorReport puts findings on their lines; lines has one Mark for each
// line of the text, without findings. A line with a finding of at least
// Warning is wrong.
func NewConnectorReport(name, version string, lines []Mark, findings []Finding) ConnectorReport {
	for _, f := range findings {
		if len(lines) == 0 {
			break
		}
		m := &lines[min(max(f.Line, 1), len(lines))-1]
		m.Findings = append(m.Findings, f)
		if f.Severity.AtLeast(Warning) {
			m.Verdict = VerdictWrong
		}
	}
	r := ConnectorReport{Name: name, Version: version, Lines: lines, Counts: VerdictCounts{Findings: len(findings)}}
	for _, m := range lines {
		switch m.Verdict {
		case VerdictRuns:
			r.Counts.Runs++
		case VerdictIgnored:
			r.Counts.Ignored++
		case VerdictWrong:
			r.Counts.Wrong++
		case VerdictNone:
		}
	}
	return r
}

// Findings lists the findings of all lines, each with the line that it stands
// on.
func (r ConnectorReport) Findings() []Finding {
	var all []Finding
	for _, m := range r.Lines {
		for _, f := range m.Findings {
			f.Line = m.Line
			all = append(all, f)
		}
	}
	return all
}
