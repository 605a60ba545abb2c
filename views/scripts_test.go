package views_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"fieldline/element"
	"fieldline/views"
)

func addScripts(pages map[string]templ.Component, base string) {
	p := samplePage(base, openConnection())
	p.View.Scripts = []element.Script{
		{ID: 1, Name: "Parse state", Language: "jscript", Runs: true, Calls: 1204, Errors: 2, TotalMs: 19.25, LongestMs: 0.4, LastError: "line 88: SyntaxError: Unexpected end of JSON input."},
		{ID: 2, Language: "jscript", Calls: 3, Errors: 3, TotalMs: 3000, LongestMs: 1000, LastError: "line 120: it ran longer than 1s."},
		{ID: 3, Name: "Legacy", Language: "csharp"},
	}
	pages["element-scripts"] = views.Element(p)
}

func TestScripts(t *testing.T) {
	var b strings.Builder
	if err := samplePages("")["element-scripts"].Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<tr data-script="1"><th scope="row">1 Parse state</th><td data-script-state>runs</td><td class="number" data-script-calls>1204</td><td class="number" data-script-errors>2</td><td class="number" data-script-total>19.25 ms</td><td class="number" data-script-longest>0.4 ms</td>`,
		`Last error of 1: <span data-script-error>line 88: SyntaxError: Unexpected end of JSON input.</span>`,
		`2</th><td data-script-state>switched off</td>`, `3 Legacy</th><td data-script-state>csharp is not run here</td>`, `<tr data-script-failure="3" hidden>`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page has no %s", want)
		}
	}
	b.Reset()
	if err := samplePages("")["element-open"].Render(t.Context(), &b); err != nil || strings.Contains(b.String(), "scripts-title") {
		t.Errorf("a connector without QActions has a list of scripts (%v)", err)
	}
}
