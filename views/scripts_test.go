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
		`>1 Parse state</th><td>runs</td><td class="number">1204</td><td class="number">2</td><td class="number">19.25 ms</td><td class="number">0.4 ms</td>`,
		`Last error of 1: line 88: SyntaxError: Unexpected end of JSON input.`,
		`>2</th><td>switched off</td>`, `>3 Legacy</th><td>csharp is not run here</td>`,
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
