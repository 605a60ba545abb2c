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
