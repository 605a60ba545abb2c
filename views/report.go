package views

import (
	"bytes"
	"cmp"
	"context"
	"html"
	"io"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"

	"github.com/a-h/templ"
)

// ConnectorPage shows one connector: who uses it, what is in it, and its whole
// text with what becomes of each line.
type ConnectorPage struct {
	Layout
	Detail element.ConnectorDetail
	Report element.ConnectorReport
	Users  []element.Element // elements of this connector, of any version
	Older  []element.Element // of these, those that use an older version
	Least  element.Severity  // findings below it are left out; "" none
}

// FieldSeverity is the query parameter of the least severity that is shown.
const FieldSeverity = "severity"

// filter is the choice of which findings a report shows.
type filter struct {
	least element.Severity
	page  string // address of the page without a choice; "" where there is none
}

func (p ConnectorPage) filter() filter {
	return filter{p.Least, p.URLs.Connector(p.Detail.Name, p.Detail.Version)}
}

// severityWords name a choice of findings.
func severityWords(least element.Severity) string {
	if least == element.Severities()[0] {
		return string(least) + " only"
	}
	return string(least) + " and worse"
}

// link is the address of the page with another choice.
func (f filter) link(least element.Severity) string {
	if least == "" {
		return f.page + "#report-title"
	}
	return f.page + "?" + FieldSeverity + "=" + string(least) + "#report-title"
}

// choices are the severities that make a difference, and the chosen one.
func (f filter) choices(r element.ConnectorReport) []element.Severity {
	var list []element.Severity
	all, before := len(r.Findings()), 0
	for _, s := range element.Severities() {
		n := len(element.FindingsFrom(r.Findings(), s))
		if n > before && n < all || s == f.least {
			list = append(list, s)
		}
		before = n
	}
	return list
}

// emptyNote is the finding that says how much of the pages stays empty.
func emptyNote(findings []element.Finding) templ.Component {
	for _, f := range findings {
		if f.ID == element.EmptyCount {
			return emptyLead(f.Message)
		}
	}
	return templ.NopComponent
}

// DeleteConnectorPage asks before an uploaded connector is deleted.
type DeleteConnectorPage struct {
	Layout
	Detail element.ConnectorDetail
	Error  string
}

// RefusedPage says why an uploaded connector was refused, beside the text that
// was sent.
type RefusedPage struct {
	Layout
	FileName string
	Message  string
	Source   []byte
	Report   element.ConnectorReport
}

// The fields of the form that uploads a corrected text from the page that
// refused it. Browsers send CRLF at the end of each line; EndsLF says that the
// file had LF.
const (
	FieldText = "text"
	FieldEnds = "ends"
	EndsLF    = "lf"
)

// MaxEditable is the size in bytes up to which a refused text can be corrected
// on the page that refused it.
const MaxEditable = 1 << 20

// editable returns the text that was sent, for correction on the page; "" when
// it is too large, no UTF-8, or would come back changed.
func (p RefusedPage) editable() string {
	s := string(p.Source)
	if len(s) > MaxEditable || strings.ToValidUTF8(s, "") != s || strings.ContainsFunc(s, isControl) {
		return ""
	}
	return s
}

func isControl(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == '\uFEFF' }

// remark is a finding with its place among the others.
type remark struct {
	element.Finding
	Number int // from 1
	Last   int // number of the last one
}

func remarkID(n int) string { return "F" + strconv.Itoa(n) }

// remarksOf lists the findings of a report that are chosen, in the order of
// their lines.
func remarksOf(r element.ConnectorReport, f filter) []remark {
	found := element.FindingsFrom(r.Findings(), f.least)
	all := make([]remark, len(found))
	for i, x := range found {
		all[i] = remark{Finding: x, Number: i + 1, Last: len(found)}
	}
	return all
}

// remarkFold is a line of the index: a remark, or one that stands for those
// that are true of nearly every connector.
type remarkFold struct {
	element.Finding
	parts []remark // the remark itself, or those that it stands for
	many  bool
}

// foldRemarks tells the index in as many lines as check does.
func foldRemarks(all []remark) []remarkFold {
	at := map[element.Finding][]remark{}
	list := make([]element.Finding, len(all))
	for i, r := range all {
		list[i] = r.Finding
		at[r.Finding] = append(at[r.Finding], r)
	}
	take := func(f element.Finding) remark { // equal ones in their order
		r := at[f][0]
		at[f] = at[f][1:]
		return r
	}
	var folds []remarkFold
	for _, x := range element.FoldFindings(list) {
		one := remarkFold{Finding: x.Finding, many: x.Parts != nil}
		if x.Parts == nil || x.ID == element.EmptyCount {
			one.parts = append(one.parts, take(x.Finding))
		}
		for _, part := range x.Parts {
			one.parts = append(one.parts, take(part))
		}
		folds = append(folds, one)
	}
	return folds
}

// severities counts findings by severity.
func severities(all []remark) map[element.Severity]int {
	n := map[element.Severity]int{}
	for _, r := range all {
		n[r.Severity]++
	}
	return n
}

// chunkLines is the number of lines that are laid out together: what is far
// off the screen costs the browser nothing (content-visibility).
const chunkLines = 200

// sourceText draws the whole text of a connector, line by line.
func sourceText(source []byte, report element.ConnectorReport, f filter) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		t := textWriter{w: w, remarks: remarksOf(report, f)}
		for i, line := range linesOf(source) {
			mark := element.Mark{Line: i + 1}
			if i < len(report.Lines) {
				mark = report.Lines[i]
			}
			if err := t.line(ctx, mark, line); err != nil {
				return err
			}
		}
		return t.end()
	})
}

// linesOf splits a text into lines as reports count them, the first
// element.MaxReportLines of them.
func linesOf(source []byte) [][]byte {
	lines := bytes.SplitN(source, []byte("\n"), element.MaxReportLines+1)
	if len(lines) > element.MaxReportLines {
		return lines[:element.MaxReportLines]
	}
	if last := len(lines) - 1; last > 0 && len(lines[last]) == 0 {
		return lines[:last]
	}
	return lines
}

// lineCount is the number of lines of a text.
func lineCount(source []byte) int {
	n := bytes.Count(source, []byte("\n"))
	if !bytes.HasSuffix(source, []byte("\n")) {
		n++
	}
	return n
}

// textWriter writes lines in chunks. It writes plain HTML and no templ: a
// connector has up to some ten thousand lines, and each byte counts that many
// times.
type textWriter struct {
	w       io.Writer
	remarks []remark // that are not drawn yet
	buffer  bytes.Buffer
	lines   int
}

func (t *textWriter) line(ctx context.Context, m element.Mark, text []byte) error {
	if t.lines%chunkLines == 0 {
		if err := t.end(); err != nil {
			return err
		}
		t.buffer.WriteString(`<ol class="chunk">`)
	}
	t.lines++
	b, n := &t.buffer, strconv.Itoa(m.Line)
	b.WriteString(`<li id=L` + n + ` class=` + verdictClass(m.Verdict))
	b.WriteString(`><a href=#L` + n + `>` + n + `</a><code>`)
	b.WriteString(shownLine(text))
	b.WriteString("\n</code>")
	if len(t.remarks) > 0 && t.remarks[0].Line == m.Line {
		if err := t.remarksOn(ctx, m.Line); err != nil {
			return err
		}
	}
	return nil
}

func (t *textWriter) remarksOn(ctx context.Context, line int) error {
	t.buffer.WriteString(`<div class="remarks">`)
	for len(t.remarks) > 0 && t.remarks[0].Line == line {
		if err := remarkBlock(t.remarks[0]).Render(ctx, &t.buffer); err != nil {
			return err
		}
		t.remarks = t.remarks[1:]
	}
	t.buffer.WriteString(`</div>`)
	return nil
}

// end writes the chunk that is begun.
func (t *textWriter) end() error {
	if t.buffer.Len() == 0 {
		return nil
	}
	t.buffer.WriteString("</ol>\n")
	_, err := t.w.Write(t.buffer.Bytes())
	t.buffer.Reset()
	return err
}

// verdictClass names how a line is drawn: its shape in the gutter.
func verdictClass(v element.Verdict) string { return cmp.Or(string(v), "none") }

// shownLine is a line of a file from outside, fit for a page.
func shownLine(text []byte) string {
	s := strings.ToValidUTF8(strings.TrimSuffix(string(text), "\r"), "\uFFFD")
	return html.EscapeString(strings.Map(func(r rune) rune {
		if isControl(r) || isTurning(r) {
			return '\uFFFD'
		}
		return r
	}, s))
}

// isTurning reports whether a character changes the direction of those after
// it: a text could look like another one.
func isTurning(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// versionsOf lists the versions that elements use, with how many.
func versionsOf(es []element.Element) string {
	count := map[string]int{}
	var names []string
	for _, e := range es {
		if count[e.Version]++; count[e.Version] == 1 {
			names = append(names, e.Version)
		}
	}
	slices.Sort(names)
	for i, n := range names {
		names[i] = n + " (" + strconv.Itoa(count[n]) + ")"
	}
	return strings.Join(names, ", ")
}
