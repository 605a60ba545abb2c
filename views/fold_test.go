package views_test

import (
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/views"

	"golang.org/x/net/html"
)

// noisyPage is the page of a connector with infos of the usual kinds, one that
// counts what stays empty, and a major finding; least is the choice.
func noisyPage(t *testing.T, least element.Severity) *html.Node {
	t.Helper()
	detail := sampleDetail()
	detail.UnsupportedKinds = []string{"SNMP", "serial"}
	detail.Findings = []element.Finding{
		{ID: "FL-43", Severity: element.Info, Line: 1, Column: 1, Message: "2 of 5 displayed values stay empty, because C# does not run here."},
		{ID: "FL-31", Severity: element.Info, Line: 2, Column: 1, Message: "Parameter 1 stays empty."},
		{ID: "FL-31", Severity: element.Info, Line: 3, Column: 1, Message: "Parameter 2 stays empty."},
		{ID: "1.23.2", Severity: element.Major, Line: 4, Column: 1, Message: "A name is wrong."},
	}
	for range 5 {
		detail.Findings = append(detail.Findings, element.Finding{ID: "FL-02", Severity: element.Info, Line: 5, Column: 1, Message: "Icon has no effect."})
	}
	return parse(t, render(t, views.Connector(views.ConnectorPage{Layout: sampleLayout(""), Detail: detail, Report: sampleReport(detail), Least: least})))
}

// withClass joins the texts of the elements of a class.
func withClass(root *html.Node, class string) string {
	var all []string
	walk(root, func(n *html.Node) {
		if got, _ := attr(n, "class"); got == class {
			all = append(all, text(n))
		}
	})
	return strings.Join(all, "|")
}

// What stays empty is said in front; what nearly every connector has is one
// line, with its parts behind it, each a link to its place.
func TestConnectorPageTellsWhatCountsFirst(t *testing.T) {
	root := noisyPage(t, "")
	if lead := withClass(root, "lead"); !strings.Contains(lead, "2 of 5 displayed values stay empty, because C# does not run here.") {
		t.Errorf("in front is %q", lead)
	}
	lines, links := 0, map[string]bool{}
	walk(root, func(n *html.Node) {
		if class, _ := attr(n, "class"); n.Data != "details" || !strings.HasPrefix(class, "remark-index") {
			return
		}
		walk(n, func(c *html.Node) {
			if c.Data == "li" && c.Parent.Parent == n {
				lines++
			}
			if href, ok := attr(c, "href"); ok {
				links[href] = true
			}
		})
	})
	if lines != 3 || len(links) != 9 || byID(root, "F9") == nil {
		t.Errorf("%d lines with %d links: %v", lines, len(links), links)
	}
	if parts := withClass(root, "remark-parts"); !strings.Contains(parts, "5 constructs have no effect here.") || strings.Count(parts, "Icon has no effect") != 5 || strings.Count(parts, "stays empty.") != 2 {
		t.Errorf("the parts are %q", parts)
	}
	if page := text(root); !strings.Contains(page, "It also has SNMP and serial, which do not run here.") {
		t.Error("the page does not say which kinds of connection do not run")
	}
}

// Findings are chosen by severity with links: without a script.
func TestConnectorPageFiltersBySeverity(t *testing.T) {
	root := noisyPage(t, element.Major)
	if byID(root, "F1") == nil || byID(root, "F2") != nil {
		t.Error("more or less than the major finding is shown")
	}
	choices := map[string]string{}
	walk(root, func(n *html.Node) {
		if class, _ := attr(n, "class"); class == "chip-link" {
			href, _ := attr(n, "href")
			current, _ := attr(n, "aria-current")
			choices[text(n)] = href + " " + current
		}
	})
	page := views.URLs{}.Connector(sampleDetail().Name, sampleDetail().Version)
	if len(choices) != 2 || !strings.HasSuffix(choices["All findings"], page+"#report-title ") || !strings.HasSuffix(choices["major and worse"], page+"?severity=major#report-title true") {
		t.Errorf("the choices are %q", choices)
	}
	if nothing := withClass(noisyPage(t, element.Critical), "nothing"); nothing != "No findings: critical only." {
		t.Errorf("without any it says %q", nothing)
	}
}

// A connector whose connections do not run here says which they are, and not
// that it has none.
func TestPageNamesConnectionsThatDoNotRun(t *testing.T) {
	for _, tt := range []struct {
		kinds []string
		want  string
	}{
		{[]string{"SNMP"}, "This connector reaches its device over SNMP, which does not run here."},
		{[]string{"SNMP", "serial", "smart-serial"}, "This connector reaches its device over SNMP, serial and smart-serial, which do not run here."},
		{[]string{"virtual"}, "This connector connects to no device."},
		{[]string{"virtual", "GPIB"}, "This connector reaches its device over GPIB, which does not run here."},
	} {
		p := samplePage("", stoppedConnection())
		p.View.Element.Connections, p.View.UnsupportedKinds = nil, tt.kinds
		page := text(parse(t, render(t, views.Element(p))))
		if !strings.Contains(page, tt.want) || strings.Contains(page, "has no connection") {
			t.Errorf("%v: the page does not say %q", tt.kinds, tt.want)
		}
	}
}

// A value that nothing here fills says why in place of "not set yet", and so
// does a table without rows; a value that is there is shown.
func TestPageSaysWhyAValueStaysEmpty(t *testing.T) {
	const why = "stays empty: C# does not run here"
	for _, set := range []bool{false, true} {
		p := samplePage("", openConnection())
		info := p.View.Infos[270]
		info.Unfilled = "C# does not run here"
		p.View.Infos[270] = info
		for i := range p.View.Parameters {
			if q := &p.View.Parameters[i]; q.ID == 270 && set {
				q.Initialized, q.Value, q.Display = true, element.Text("here"), "here"
			}
		}
		var value string
		walk(byID(parse(t, render(t, views.Element(p))), "p-270"), func(n *html.Node) {
			if _, ok := attr(n, "data-value"); ok {
				value = text(n)
			}
		})
		if want := map[bool]string{false: why, true: "here"}[set]; value != want {
			t.Errorf("set %v: the value is %q", set, value)
		}
	}
}
