package connector_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
)

// A refusal names the line.
func TestRefusalNamesTheLine(t *testing.T) {
	at := strings.Count(shipped()[:strings.Index(shipped(), `<Param id="270"`)], "\n") + 1
	_, err := judged([]byte(edit(t, shipped(), `<Param id="270"`, `<Param id="220"`)))
	if want := fmt.Sprintf("Line %d: ", at); err == nil || !strings.HasPrefix(element.MessageOf(err), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// docs/findings.md lists every rule, and Parse uses no id that is not in it.
func TestRulesAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Findings\n\nWhat `fieldline check` and an upload say about a connector. An id of three numbers is that of the public\n" +
		"DataMiner validator; WS ids are about WebSockets, FL ids about this program. The list is written by\n" +
		"`go test ./element/connector -run TestRulesAreDocumented -update`.\n\n" +
		"Lists are short first: `check` and the page of a connector begin with how many displayed values stay empty and why (FL-43), and\n" +
		"tell infos that nearly every connector has in one line a kind. `check --severity info` lists all of them, `--severity warning` what is\n" +
		"that severe or more so; on the page the parts are behind their line, and its address takes `?severity=warning`. JSON and SARIF always have\n" +
		"each finding by itself. `--fail-on` counts what is not shown too.\n\n" +
		"A reference to something that does not exist is named wherever it is written. Of a list only that entry is left out: a timer runs its\n" +
		"other groups, a group its other items, a trigger its other actions. What cannot be without it is disabled: a command without a part, a\n" +
		"pair without any response, an action without any target, an item whose condition cannot be worked out.\n\n" +
		"| id | severity | meaning |\n|---|---|---|\n")
	known := map[string]bool{}
	for _, r := range connector.Rules() {
		if known[r.ID] {
			t.Errorf("%s is listed twice", r.ID)
		}
		known[r.ID] = true
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.ID, r.Severity, r.Meaning)
	}
	path := filepath.Join("..", "..", "docs", "findings.md")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != b.String() {
		t.Errorf("%s is not what Rules says; run with -update (%v)", path, err)
	}
	files, err := filepath.Glob("*.go")
	more, _ := filepath.Glob("lint/*.go")
	files = append(files, more...)
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`"((?:WS|FL)-\d+|\d+\.\d+\.\d+)"`)
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range id.FindAllStringSubmatch(string(src), -1) {
			if !known[m[1]] && !known[m[1]+".1"] && !strings.HasSuffix(f, "_test.go") {
				t.Errorf("%s uses %s, which Rules does not list", f, m[1])
			}
		}
	}
}
