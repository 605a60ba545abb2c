package element

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestConnectorReport(t *testing.T) {
	lines := func() []Mark {
		return []Mark{{Line: 1, Verdict: VerdictRuns}, {Line: 2, Verdict: VerdictIgnored}, {Line: 3, Verdict: VerdictRuns}, {Line: 4}}
	}
	find := func(line int, s Severity) Finding {
		return Finding{ID: "X", Severity: s, Line: line, Column: 1, Message: "m"}
	}
	for _, tt := range []struct {
		name     string
		findings []Finding
		verdicts []Verdict
		counts   VerdictCounts
	}{
		{"none", nil, []Verdict{VerdictRuns, VerdictIgnored, VerdictRuns, VerdictNone}, VerdictCounts{Runs: 2, Ignored: 1}},
		{"worth knowing", []Finding{find(1, Info)}, []Verdict{VerdictRuns, VerdictIgnored, VerdictRuns, VerdictNone}, VerdictCounts{Runs: 2, Ignored: 1, Findings: 1}},
		{"wrong", []Finding{find(2, Warning), find(2, Major)}, []Verdict{VerdictRuns, VerdictWrong, VerdictRuns, VerdictNone}, VerdictCounts{Runs: 2, Wrong: 1, Findings: 2}},
		{"outside", []Finding{find(0, Critical), find(9, Critical)}, []Verdict{VerdictWrong, VerdictIgnored, VerdictRuns, VerdictWrong}, VerdictCounts{Runs: 1, Ignored: 1, Wrong: 2, Findings: 2}},
	} {
		r := NewConnectorReport("N", "1", lines(), tt.findings)
		var verdicts []Verdict
		found := 0
		for _, m := range r.Lines {
			verdicts = append(verdicts, m.Verdict)
			found += len(m.Findings)
		}
		if diff := cmp.Diff(tt.verdicts, verdicts); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.counts, r.Counts); diff != "" || found != len(tt.findings) {
			t.Errorf("%s: %s, %d on lines", tt.name, diff, found)
		}
	}
	if r := NewConnectorReport("", "", nil, []Finding{find(1, Critical)}); r.Counts.Findings != 1 {
		t.Errorf("without lines: %+v", r)
	}
}
