package library

import (
	"bytes"
	"os"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
)

const reported = `<Protocol>
<Name>Reported</Name>
<Version>1</Version>
<Connections><Connection id="0" name="Main"><Http/></Connection></Connections>
<Nonsense>
inside
</Nonsense>
</Protocol>
`

// The findings of all checks stand on their lines, not those of the parser
// alone.
func TestReport(t *testing.T) {
	check := func(*connector.Definition) []element.Finding {
		return []element.Finding{{ID: "SC-1", Severity: element.Major, Line: 3, Column: 1, Message: "of a check"}}
	}
	l, err := New(t.Context(), &disk{}, []Shipped{{Name: "r.xml", XML: []byte(reported)}}, check)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Report("Reported", "")
	if err != nil || r.Version != "1" || len(r.Lines) != 9 {
		t.Fatalf("%d lines of version %q, %v", len(r.Lines), r.Version, err)
	}
	want := map[int]element.Verdict{2: element.VerdictRuns, 3: element.VerdictWrong, 5: element.VerdictIgnored, 6: element.VerdictIgnored, 9: element.VerdictNone}
	for line, verdict := range want {
		if got := r.Lines[line-1].Verdict; got != verdict && (line != 5 || got != element.VerdictWrong) {
			t.Errorf("line %d is %q, want %q", line, got, verdict)
		}
	}
	found := 0
	for _, m := range r.Lines {
		found += len(m.Findings)
	}
	if of3 := r.Lines[2].Findings; len(of3) != 1 || of3[0].ID != "SC-1" || found != r.Counts.Findings {
		t.Errorf("on line 3: %v; %d on lines, %d counted", of3, found, r.Counts.Findings)
	}
	if _, err := l.Report("Reported", "7"); element.CodeOf(err) != element.NotFound {
		t.Errorf("of no version: %v", err)
	}
}

func TestReportOfARefusedText(t *testing.T) {
	l := open(t, &disk{})
	l.parse = func(xml []byte) (*connector.Definition, error) { return Parse(xml) }
	for name, text := range map[string]string{"no XML": "<Protocol>\n<Name>\n", "no version": "<Protocol>\n<Name>A</Name>\n</Protocol>", "nothing": ""} {
		r := l.ReportText([]byte(text))
		wrong := 0
		for _, m := range r.Lines {
			if m.Verdict == element.VerdictWrong {
				wrong += len(m.Findings)
			}
		}
		if r.Name != "" || wrong == 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := l.ReportText([]byte(reported)); r.Name != "Reported" || r.Counts.Runs == 0 {
		t.Errorf("a good text: %+v", r.Counts)
	}
}

// A text of nothing but line ends does not fill the memory.
func TestReportIsBounded(t *testing.T) {
	findings := []element.Finding{{ID: "X", Severity: element.Critical, Line: 5_000_000, Column: 1, Message: "far below"}}
	r := reportOf("", "", bytes.Repeat([]byte("\n"), connector.MaxSize), findings)
	if len(r.Lines) != element.MaxReportLines || len(r.Lines[element.MaxReportLines-1].Findings) != 1 || r.Counts.Wrong != 1 {
		t.Errorf("%d lines, %+v", len(r.Lines), r.Counts)
	}
	if r := reportOf("", "", bytes.Repeat([]byte("\n"), element.MaxReportLines-1), nil); len(r.Lines) != element.MaxReportLines {
		t.Errorf("%d lines", len(r.Lines))
	}
}

// BenchmarkReport reads the largest public connector that ships.
func BenchmarkReport(b *testing.B) {
	xml, err := os.ReadFile("../connector/examples/is07.xml")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		reportOf("", "", xml, nil)
	}
}
