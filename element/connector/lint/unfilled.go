package lint

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// empties says of the parameters on pages that nothing here fills why they
// stay empty.
type empties struct {
	l        *linter
	reach    *reachability
	writers  map[element.ParamID]int // the first QAction whose code sets it
	language string                  // of the QActions that do not run: "C#"; "" when there are none
	sessions map[element.ParamID]int // the first session whose answer fills it
	answers  map[element.ParamID]int // the first response that does
}

// unfilled names the parameters on pages that nothing here fills, counts them in
// front, and returns why. writers are those that the code of a QAction sets.
func (l *linter) unfilled(writers map[element.ParamID]int) map[element.ParamID]string {
	e := empties{
		l: l, reach: l.reach(), writers: writers, language: l.silentLanguage(),
		sessions: map[element.ParamID]int{}, answers: map[element.ParamID]int{},
	}
	for _, s := range l.d.Sessions {
		for _, id := range sessionFills(s) {
			e.sessions[id] = cmp.Or(e.sessions[id], s.ID)
		}
	}
	for _, resp := range l.d.Responses {
		for _, id := range resp.Content {
			e.answers[id] = cmp.Or(e.answers[id], resp.ID)
		}
	}
	unfilled := map[element.ParamID]string{}
	shown, why := 0, map[string]int{}
	for _, p := range l.params {
		if !isValue(p) {
			continue
		}
		shown++
		if e.fills(p) {
			continue
		}
		if reason, message := e.reason(p); reason != "" {
			unfilled[p.ID] = reason
			why[reason]++
			l.Note("FL-31", p.Pos, "%s", message)
		}
	}
	if len(why) > 0 {
		l.Note("FL-43", connector.Pos{Line: 1, Column: 1}, "%s", emptyWords(shown, why))
	}
	return unfilled
}

// emptyWords says how many of the values on pages stay empty for which reason.
func emptyWords(shown int, why map[string]int) string {
	reasons := slices.SortedFunc(maps.Keys(why), func(a, b string) int { return cmp.Or(why[b]-why[a], cmp.Compare(a, b)) })
	n := 0
	for i, reason := range reasons {
		of := why[reason]
		n += of
		because := choose(reason == neverSent && of > 1, "the sessions that fill them are never sent", reason)
		reasons[i] = fmt.Sprintf("%d because %s", of, because)
		if len(reasons) == 1 {
			reasons[i] = "because " + because
		}
	}
	return fmt.Sprintf("%d of %s %s empty, %s.", n, plural(shown, "displayed value", "displayed values"), choose(n == 1, "stays", "stay"), strings.Join(reasons, ", "))
}

// neverSent is why what only an unreachable session fills stays empty.
const neverSent = "the session that fills it is never sent"

func plural(n int, one, many string) string {
	return fmt.Sprintf("%d %s", n, choose(n == 1, one, many))
}

// isValue reports whether a page shows a value, or the rows, of the parameter.
func isValue(p *connector.Param) bool {
	switch p.Measurement {
	case element.MeasureTitle, element.MeasureButton, element.MeasurePageButton, element.MeasureChart:
		return false
	}
	return p.RTDisplay && len(p.Positions) > 0 && p.Type.IsShown() && !p.Type.IsWrite()
}

// fills reports whether something here fills a parameter. Rows of tables are
// only made by scripts.
func (e *empties) fills(p *connector.Param) bool {
	return p.Table == nil && e.reach.reached[itemOf("parameter", int(p.ID))]
}

// reason says why a parameter stays empty: in a few words, the same for all
// that the same thing keeps empty, and as a sentence about this one. Both are
// "" when nothing in the file says what should fill it.
func (e *empties) reason(p *connector.Param) (words, sentence string) {
	what := fmt.Sprintf("Parameter %d", p.ID)
	silent := e.language + " does not run here"
	if q := e.writer(p); q != 0 {
		return silent, fmt.Sprintf("%s is only set by QAction %d (%s), which does not run here; it stays empty.", what, q, e.language)
	}
	if kind := e.polledOver(p); kind != "" {
		return kind + " does not run here", fmt.Sprintf("%s is polled over %s, which does not run here; it stays empty.", what, kind)
	}
	if s := e.sessions[p.ID]; s != 0 {
		sentence = fmt.Sprintf("%s is only filled by session %d, which nothing that runs here sends; it stays empty.", what, s)
		return choose(e.language != "", silent, neverSent), sentence
	}
	if e.language == "" {
		return "", ""
	}
	if p.Table != nil {
		return silent, fmt.Sprintf("%s is a table whose rows nothing that runs here makes, and %s does not run; it stays empty.", what, e.language)
	}
	return silent, fmt.Sprintf("%s is set by nothing that runs here, and %s does not run; it stays empty.", what, e.language)
}

// writer is the QAction that sets a parameter, or a column of a table.
func (e *empties) writer(p *connector.Param) int {
	q := e.writers[p.ID]
	if p.Table != nil {
		for _, c := range p.Table.Columns {
			q = cmp.Or(q, e.writers[c.Param])
		}
	}
	return q
}

// polledOver names the transport that would fill a parameter and is not run;
// "" when there is none.
func (e *empties) polledOver(p *connector.Param) string {
	snmp := p.Ignored.OverSNMP
	if p.Table != nil {
		snmp = snmp || slices.ContainsFunc(p.Table.Columns, func(c connector.Column) bool {
			col := e.l.param(c.Param)
			return c.Type == "snmp" || col != nil && col.Ignored.OverSNMP
		})
	}
	_, answered := e.answers[p.ID]
	for _, c := range e.l.d.Connections {
		if isSNMP := strings.HasPrefix(c.Kind, "snmp"); snmp && isSNMP || answered && !isSNMP && c.Kind != "http" && c.Kind != "virtual" {
			return c.KindName()
		}
	}
	return ""
}

// silentLanguage names the languages of the QActions that do not run.
func (l *linter) silentLanguage() string {
	names := map[string]bool{}
	for _, q := range l.d.QActions {
		switch {
		case q.RunsHere():
		case q.Encoding == "csharp", q.Encoding == "":
			names["C#"] = true
		case q.Encoding == "vbscript":
			names["VBScript"] = true
		default:
			names[connector.Shorten(q.Encoding)] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}
