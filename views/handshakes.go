package views

import (
	"fmt"
	"strings"

	"fieldline/element"
)

// headLine is one line of the head of a request or an answer. Mark says in
// words how it differs from the head beside it, "" when it does not or when
// there is none.
type headLine struct{ Text, Mark string }

const (
	markDiffers = "differs"
	markOnly    = "only here"
	markFailed  = "failed here"
	markSlower  = "slower"
)

// neverEqual are the fields that say nothing by being different: they are new
// in each handshake (RFC 6455 §4.1) or tell the time.
func neverEqual(name string) bool {
	switch name {
	case "sec-websocket-key", "sec-websocket-accept", "date":
		return true
	}
	return false
}

// markedHead are the lines of a head, compared with those of another; other ""
// compares with nothing. Lines that stand in both count as often as they do.
func markedHead(own, other string) []headLine {
	lines, others := splitHead(own), splitHead(other)
	there, names := map[string]int{}, map[string]bool{}
	for _, l := range others {
		there[l]++
		names[fieldName(l)] = true
	}
	out := make([]headLine, len(lines))
	for i, l := range lines {
		out[i].Text = l
		name := fieldName(l)
		switch {
		case len(others) == 0:
		case there[l] > 0:
			there[l]--
		case i == 0: // request line or status line
			out[i].Mark = markDiffers
		case !names[name]:
			out[i].Mark = markOnly
		case !neverEqual(name):
			out[i].Mark = markDiffers
		}
	}
	return out
}

func splitHead(head string) []string {
	head = strings.TrimRight(head, "\r\n")
	if head == "" {
		return nil
	}
	lines := strings.Split(head, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	return lines
}

// fieldName is the name of a header field, in small letters; of a line that is
// none the line.
func fieldName(line string) string {
	name, _, _ := strings.Cut(line, ":")
	return strings.ToLower(name)
}

// record is a handshake with its heading and the one it is compared with.
type record struct {
	Title string
	H     element.Handshake
	Other *element.Handshake // nil for none
}

// records are the last success and the last failure, as far as there are.
func (p HandshakePage) records() []record {
	var all []record
	if p.Success != nil {
		all = append(all, record{"Last success", *p.Success, p.Failure})
	}
	if p.Failure != nil {
		all = append(all, record{"Last failure", *p.Failure, p.Success})
	}
	return all
}

func (r record) request() []headLine {
	if r.Other == nil {
		return markedHead(r.H.Request, "")
	}
	return markedHead(r.H.Request, r.Other.Request)
}

func (r record) response() []headLine {
	if r.Other == nil {
		return markedHead(r.H.Response, "")
	}
	return markedHead(r.H.Response, r.Other.Response)
}

// outcome is the answer in a few words: "101 Switching Protocols".
func outcome(h element.Handshake) string {
	lines := splitHead(h.Response)
	if len(lines) == 0 {
		return "no answer"
	}
	_, words, ok := strings.Cut(lines[0], " ")
	if !ok {
		return lines[0]
	}
	return words
}

// outcomeMark says that the answers differ.
func (r record) outcomeMark() string {
	if r.Other != nil && outcome(r.H) != outcome(*r.Other) {
		return markDiffers
	}
	return ""
}

// phases are the parts of an opening handshake in their order, with their words.
func phases() [][2]string {
	return [][2]string{
		{"dns", "DNS"},
		{"tcp", "TCP"},
		{"proxy", "Proxy"},
		{"tls", "TLS"},
		{"http", "HTTP"},
		{element.PhaseFirstMessage, "First message"},
	}
}

// phase is one line of the table of timings; Cells has one for each record.
type phase struct {
	Word  string
	Cells []headLine
}

// timings are the phases that one of the records has.
func timings(rs []record) []phase {
	var all []phase
	for _, p := range phases() {
		line, any := phase{Word: p[1]}, false
		for _, r := range rs {
			_, has := r.H.PhasesMs[p[0]]
			any = any || has || r.failedIn(p[0])
			line.Cells = append(line.Cells, r.timing(p[0]))
		}
		if any {
			all = append(all, line)
		}
	}
	return all
}

func (r record) failedIn(phase string) bool { return r.H.Error != nil && r.H.Error.Phase == phase }

// timing is how long a phase took, and what is remarkable about that.
func (r record) timing(phase string) headLine {
	ms, has := r.H.PhasesMs[phase]
	c := headLine{Text: "–"}
	switch {
	case has && ms < 1:
		c.Text = "< 1 ms"
	case has:
		c.Text = fmt.Sprintf("%d ms", ms)
	}
	var other int64
	otherHas := false
	if r.Other != nil {
		other, otherHas = r.Other.PhasesMs[phase]
	}
	switch {
	case r.failedIn(phase):
		c.Mark = markFailed
	case has && otherHas && isSlower(ms, other):
		c.Mark = markSlower
	}
	return c
}

// isSlower tells what a person should look at from what networks do all the
// time.
func isSlower(ms, than int64) bool { return ms >= 3*than && ms-than >= 50 }
