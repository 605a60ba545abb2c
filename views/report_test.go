package views_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/views"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

// sampleReport is the report on the text of sampleDetail.
func sampleReport(d element.ConnectorDetail) element.ConnectorReport {
	verdicts := []element.Verdict{element.VerdictRuns, element.VerdictIgnored, element.VerdictRuns, element.VerdictRuns, element.VerdictRuns, element.VerdictRuns, element.VerdictNone}
	var lines []element.Mark
	for i, v := range verdicts {
		lines = append(lines, element.Mark{Line: i + 1, Verdict: v})
	}
	return element.NewConnectorReport(d.Name, d.Version, lines, d.Findings)
}

func addReports(pages map[string]templ.Component, l views.Layout, detail element.ConnectorDetail) {
	old := sampleElement(stoppedConnection())
	old.Version, old.State = "1.0.0.2", element.Stopped
	users := []element.Element{sampleElement(openConnection()), old}
	pages["connector"] = views.Connector(views.ConnectorPage{Layout: l, Detail: detail, Report: sampleReport(detail), Users: users, Older: users[1:]})
	uploaded := detail
	uploaded.Source, uploaded.Elements = "uploaded", 0
	pages["connector-unused"] = views.Connector(views.ConnectorPage{Layout: l, Detail: uploaded, Report: sampleReport(uploaded)})
	pages["connector-delete"] = views.DeleteConnector(views.DeleteConnectorPage{Layout: l, Detail: uploaded, Error: "An element uses it."})
	detail.Findings = []element.Finding{{ID: "WS-01", Severity: element.Critical, Line: 4, Column: 3, Message: "WebSocketHandshake names session 25, which does not exist."}}
	pages["refused"] = views.Refused(views.RefusedPage{
		Layout: l, FileName: "protocol.xml", Message: "The connector cannot be run: its handshake cannot be built.",
		Source: detail.XML, Report: sampleReport(detail),
	})
	addVersions(pages, l, old)
}

func byID(root *html.Node, id string) (found *html.Node) {
	walk(root, func(n *html.Node) {
		if got, _ := attr(n, "id"); got == id {
			found = n
		}
	})
	return found
}

// Each line stands with its number and verdict, its findings inside of it.
func TestReportHasFindingsOnTheirLines(t *testing.T) {
	detail := sampleDetail()
	root := parse(t, render(t, views.Connector(views.ConnectorPage{Layout: sampleLayout(""), Detail: detail, Report: sampleReport(detail)})))
	for line, want := range map[int][]string{
		1: {"runs", "<Protocol>"}, 2: {"ignored", `<Param id="50" trending="true">`, "2.1.11", "info", "Trending is not kept"},
		4: {"wrong", `<Header key="Upgrade">websocket</Header>`, "WS-04", "major", "The header Upgrade is ours to send"},
	} {
		li := byID(root, fmt.Sprint("L", line))
		if li == nil {
			t.Fatalf("no line %d", line)
		}
		class, _ := attr(li, "class")
		has := class + " " + text(li)
		for _, part := range want {
			if !strings.Contains(has, part) {
				t.Errorf("line %d is %q, want %q", line, has, part)
			}
		}
	}
	if byID(root, "L7") != nil {
		t.Error("what follows the last line end is a line")
	}
	next := false
	walk(byID(root, "F1"), func(n *html.Node) {
		href, _ := attr(n, "href")
		next = next || href == "#F2"
	})
	if !next || byID(root, "F2") == nil {
		t.Error("the first finding does not lead to the next one")
	}
}

// A text from outside is never markup, and every character of it that could
// deceive is shown as what it is.
func TestReportShowsTextsAsTexts(t *testing.T) {
	source := "<script>alert(1)</script>\n</code></li></ol><img src=x onerror=alert(1)>\n\xff\x00\x1b\u202Eturned\r\n&amp;\tx"
	page := render(t, views.Refused(views.RefusedPage{Layout: sampleLayout(""), Source: []byte(source), Report: element.NewConnectorReport("", "", make([]element.Mark, 4), nil)}))
	root := parse(t, page)
	checkPolicy(t, root)
	walk(root, func(n *html.Node) {
		if n.Data == "img" {
			t.Error("the text became a picture")
		}
	})
	var lines []string
	walk(root, func(n *html.Node) {
		if class, _ := attr(n, "class"); n.Data == "ol" && class == "chunk" {
			walk(n, func(c *html.Node) {
				if c.Data == "code" {
					lines = append(lines, strings.TrimSuffix(text(c), "\n"))
				}
			})
		}
	})
	want := []string{"<script>alert(1)</script>", "</code></li></ol><img src=x onerror=alert(1)>", "\uFFFD\uFFFD\uFFFD\uFFFDturned", "&amp;\tx"}
	if strings.Join(lines, "|") != strings.Join(want, "|") {
		t.Errorf("lines are %q, want %q", lines, want)
	}
}

// A text of too many lines is shown as far as a browser can bear it.
func TestReportIsBounded(t *testing.T) {
	source := bytes.Repeat([]byte("\n"), element.MaxReportLines+5)
	lines := make([]element.Mark, element.MaxReportLines)
	for i := range lines {
		lines[i].Line = i + 1
	}
	page := render(t, views.Refused(views.RefusedPage{Layout: sampleLayout(""), Source: source, Report: element.NewConnectorReport("", "", lines, nil)}))
	for has, want := range map[string]bool{
		"All 100,005 lines": true, "The first 100,000 lines of 100,005 are shown": true,
		fmt.Sprintf("<li id=L%d ", element.MaxReportLines): true, fmt.Sprintf("<li id=L%d ", element.MaxReportLines+1): false,
	} {
		if strings.Contains(page, has) != want {
			t.Errorf("%q is there: %v", has, !want)
		}
	}
}

// What can be corrected on the page comes back as it was sent.
func TestRefusedTextCanBeCorrected(t *testing.T) {
	for _, tt := range []struct {
		name, source string
		offered      bool
	}{
		{"a text", "<a>\n</a>\n", true},
		{"a first empty line", "\n<a/>", true},
		{"bytes", "<a>\xff</a>", false},
		{"a control character", "<a>\x00</a>", false},
		{"a byte order mark", "\uFEFF<a/>", false},
		{"a large text", strings.Repeat("x", views.MaxEditable+1), false},
	} {
		root := parse(t, render(t, views.Refused(views.RefusedPage{Layout: sampleLayout(""), Source: []byte(tt.source)})))
		area := byID(root, "correct-text")
		if (area != nil) != tt.offered {
			t.Errorf("%s: offered is %v", tt.name, area != nil)
		}
		if area != nil && text(area) != tt.source {
			t.Errorf("%s: %q comes as %q", tt.name, tt.source, text(area))
		}
	}
}

// BenchmarkReport draws a connector of 20,000 lines and 900 kB.
func BenchmarkReport(b *testing.B) {
	source, report := largeSource(20_000)
	l := sampleLayout("")
	var size int
	for b.Loop() {
		var buf bytes.Buffer
		page := views.Connector(views.ConnectorPage{Layout: l, Detail: element.ConnectorDetail{Name: "Large", XML: source}, Report: report})
		if err := page.Render(b.Context(), &buf); err != nil {
			b.Fatal(err)
		}
		size = buf.Len()
	}
	b.ReportMetric(float64(size), "bytes/page")
	b.ReportMetric(float64(len(source)), "bytes/source")
}

func largeSource(lines int) ([]byte, element.ConnectorReport) {
	var b bytes.Buffer
	var marks []element.Mark
	var findings []element.Finding
	verdicts := []element.Verdict{element.VerdictRuns, element.VerdictRuns, element.VerdictIgnored}
	for i := range lines {
		fmt.Fprintf(&b, "\t\t\t<Description>Parameter %d</Description>\n", i)
		marks = append(marks, element.Mark{Line: i + 1, Verdict: verdicts[i%3]})
		if i%100 == 0 {
			findings = append(findings, element.Finding{ID: "2.1.11", Severity: element.Minor, Line: i + 1, Column: 1, Message: "A finding."})
		}
	}
	return b.Bytes(), element.NewConnectorReport("Large", "1", marks, findings)
}
