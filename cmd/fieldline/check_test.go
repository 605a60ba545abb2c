package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fieldline/element/connector"
)

// written is a file with that text.
func written(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "c.xml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestCheckNamesWhyItFails: whatever makes the exit status 1 is told on stderr.
func TestCheckNamesWhyItFails(t *testing.T) {
	file := written(t, `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type></Protocol>`)
	status, _, errOut := command(t, "check", "--fail-on", "info", file)
	if want := "fieldline: " + file + " has 1 finding of at least info (--fail-on info).\n"; status != exitFailed || errOut != want {
		t.Errorf("exit status %d, stderr %q, want %q", status, errOut, want)
	}
	if status, _, errOut := command(t, "check", "--fail-on", "warning", file); status != exitOK || errOut != "" {
		t.Errorf("exit status %d, stderr %q", status, errOut)
	}
}

// TestCheckPrintsOneLineAFinding, whatever the names in the file have in them.
func TestCheckPrintsOneLineAFinding(t *testing.T) {
	file := written(t, "<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Params><Param id=\"1\"><Name>a\nb\u0085c\u2028d&#13;e</Name><Type>no\nsuch</Type></Param></Params>"+
		"<QActions><QAction id=\"1\" encoding=\"a&#10;b\"/></QActions></Protocol>")
	_, out, _ := command(t, "check", file)
	_, lines, _ := command(t, "check", "--json", file)
	var r report
	if err := json.Unmarshal([]byte(lines), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) < 3 || strings.Count(out, "\n") != len(r.Findings) || strings.ContainsAny(out, "\r\u0085\u2028") {
		t.Errorf("%d findings:\n%q", len(r.Findings), out)
	}
}

// TestCheckSARIFCountsFromTheFirstCharacter: a byte order mark is none.
func TestCheckSARIFCountsFromTheFirstCharacter(t *testing.T) {
	const text = `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Params><Param id="x"/></Params></Protocol>`
	column := func(text string) string {
		_, out, _ := command(t, "check", "--sarif", written(t, text))
		_, after, _ := strings.Cut(out, `"ruleId": "2.1.3"`)
		_, after, _ = strings.Cut(after, `"startColumn": `)
		column, _, _ := strings.Cut(after, "\n")
		return column
	}
	for _, mark := range []string{"\ufeff", "\ufeff\ufeff"} {
		if with, without := column(mark+text), column(text); with != without || without == "" {
			t.Errorf("the column is %q with %q and %q without", with, mark, without)
		}
	}
}

func TestFileURI(t *testing.T) {
	for file, want := range map[string]string{
		"a b.xml": "a%20b.xml", "x/ö.xml": "x/%C3%B6.xml", "a:b.xml": "./a:b.xml", "../c.xml": "../c.xml", "/d/e.xml": "file:///d/e.xml",
	} {
		if got := fileURI(file); got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}

// TestCheckHasAnObjectForEachFile: whoever reads the lines finds the file that
// cannot be read among them.
func TestCheckHasAnObjectForEachFile(t *testing.T) {
	missing, large := filepath.Join(t.TempDir(), "no.xml"), written(t, strings.Repeat(" ", connector.MaxSize+1))
	status, out, errOut := command(t, "check", "--json", missing, large)
	var reports []report
	for in := json.NewDecoder(strings.NewReader(out)); in.More(); {
		var r report
		if err := in.Decode(&r); err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
	}
	if status != exitFailed || len(reports) != 2 || reports[0].File != missing || reports[1].File != large {
		t.Fatalf("exit status %d\n%s%s", status, out, errOut)
	}
	for i, want := range []string{"unreadable", "FL-05"} {
		if r := reports[i]; !r.Refused || len(r.Findings) != 1 || r.Findings[0].ID != want || !strings.Contains(errOut, r.Findings[0].Message) {
			t.Errorf("%s: %+v, stderr %s", want, r, errOut)
		}
	}
}

// noisy is a connector with a finding that counts, infos of the usual kinds
// and one of an unusual kind.
const noisy = `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><A/><B/><C/><D/><E/>
<Params><Param id="1"><Name>a</Name><Description>A</Description><Type>read</Type><Display><RTDisplay>true</RTDisplay><Positions><Position><Page>P</Page><Row>0</Row><Column>0</Column></Position></Positions></Display></Param>
<Param id="2"><Name>b</Name><Description>B</Description><Type>wrote</Type></Param></Params>
<QActions><QAction id="1" encoding="csharp"/></QActions></Protocol>`

// TestCheckTellsWhatCountsFirst: what stays empty is in front, what nearly
// every connector has is one line, and a severity shows all from it on.
func TestCheckTellsWhatCountsFirst(t *testing.T) {
	file := written(t, noisy)
	_, all, _ := command(t, "check", "--json", file)
	var r report
	if err := json.Unmarshal([]byte(all), &r); err != nil {
		t.Fatal(err)
	}
	_, out, _ := command(t, "check", file)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if want := file + ":1:1 info FL-43 1 of 1 displayed value stays empty, because C# does not run here. (--severity info lists them)"; lines[0] != want {
		t.Errorf("in front is %q, want %q", lines[0], want)
	}
	if n := strings.Count(out, "have no effect here"); n != 1 || !strings.Contains(out, " info FL-02 5 constructs have no effect here. (--severity info lists them)") {
		t.Errorf("%d lines tell of what has no effect:\n%s", n, out)
	}
	if !strings.Contains(out, " major 2.61.4 ") || len(lines) >= len(r.Findings) {
		t.Errorf("%d lines for %d findings:\n%s", len(lines), len(r.Findings), out)
	}
	for severity, want := range map[string]int{"info": len(r.Findings), "warning": 1, "minor": 1, "major": 1, "critical": 0} {
		_, out, _ := command(t, "check", "--severity", severity, file)
		_, object, _ := command(t, "check", "--json", "--severity", severity, file)
		_, sarif, _ := command(t, "check", "--sarif", "--severity", severity, file)
		var r report
		if err := json.Unmarshal([]byte(object), &r); err != nil || r.Findings == nil {
			t.Fatalf("%s: %s (%v)", severity, object, err)
		}
		if n := strings.Count(out, "\n"); n != want || len(r.Findings) != want || strings.Count(sarif, `"ruleIndex"`) != want {
			t.Errorf("--severity %s: %d lines, %d in JSON, %d in SARIF, want %d", severity, n, len(r.Findings), strings.Count(sarif, `"ruleIndex"`), want)
		}
	}
	if status, out, errOut := command(t, "check", "--severity", "critical", "--fail-on", "major", file); status != exitFailed || out != "" || !strings.Contains(errOut, "1 finding of at least major") {
		t.Errorf("what is not shown counts: status %d, %q, %q", status, out, errOut)
	}
	if status, _, errOut := command(t, "check", "--severity", "bad", file); status != exitUsage || !strings.Contains(errOut, "--severity") {
		t.Errorf("a wrong severity: status %d, %q", status, errOut)
	}
}
