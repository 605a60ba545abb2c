package lint

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// call is a call in the code of a QAction that names items by their id.
type call struct {
	name   string
	ids    []int    // numbers of the first argument, or of the second for NotifyProtocol(221, …)
	fields []string // of class Parameter, in the first argument
	line   int
}

// callNames are the calls that scanCalls looks for.
func callNames() []string {
	return []string{
		"CheckTrigger", "NotifyProtocol", "GetParameter", "SetParameter", "SetParameters", "FillArray", "FillArrayNoDelete", "FillArrayWithColumn",
		"AddRow", "SetRow", "SetParameterIndexByKey",
	}
}

// maxCalls bounds the calls that are read of all QActions.
const maxCalls = 50_000

// scanCalls reads C# or JScript as far as it takes to see the calls of
// callNames outside of comments and texts, but not more than most. line is
// that of the first byte.
func scanCalls(src string, line, most int) []call {
	var list []call
	for i := 0; i < len(src) && len(list) < most; {
		c := src[i]
		switch {
		case c == '\n':
			line++
			i++
		case c == '/' && strings.HasPrefix(src[i:], "//"):
			if end := strings.IndexByte(src[i:], '\n'); end >= 0 {
				i += end
			} else {
				i = len(src)
			}
		case c == '/' && strings.HasPrefix(src[i:], "/*"):
			end := strings.Index(src[i+2:], "*/")
			if end < 0 {
				return list
			}
			line += strings.Count(src[i:i+2+end], "\n")
			i += end + 4
		case c == '"' || c == '\'':
			n := quoted(src[i:], i > 0 && src[i-1] == '@')
			line += strings.Count(src[i:i+n], "\n")
			i += n
		case isLetter(c):
			start := i
			for i < len(src) && (isLetter(src[i]) || isDigit(src[i])) {
				i++
			}
			name := src[start:i]
			if i < len(src) && src[i] == '(' && len(name) >= 6 && slices.Contains(callNames(), name) {
				list = append(list, readCall(name, src[i+1:], line))
			}
		default:
			i++
		}
	}
	return list
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// quoted is the length of the text at the start of src. A verbatim text of C#
// doubles its quotes; any other ends with its line.
func quoted(src string, verbatim bool) int {
	for i := 1; i < len(src); i++ {
		switch {
		case verbatim && src[i] == '"':
			if i+1 >= len(src) || src[i+1] != '"' {
				return i + 1
			}
			i++
		case verbatim:
		case src[i] == '\\':
			i++
		case src[i] == src[0] || src[i] == '\n':
			return i + 1 - strings.Count(src[i:i+1], "\n")
		}
	}
	return len(src)
}

// maxArgument bounds how much of an argument is read, in bytes.
const maxArgument = 2000

func readCall(name, rest string, line int) call {
	c := call{name: name, line: line}
	first, after := argument(rest)
	if name == "NotifyProtocol" {
		if digits(first) != "221" {
			return c
		}
		first, _ = argument(after)
	}
	text := strings.TrimSpace(first)
	list := strings.ContainsAny(text, "[{")
	if n := digits(text); n != "" && n == text {
		if id, err := strconv.Atoi(n); err == nil {
			c.ids = append(c.ids, id)
		}
	}
	if open := strings.IndexByte(text, '{'); list && open >= 0 {
		text = strings.TrimRight(text[open+1:], "} ")
	}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if id, err := strconv.Atoi(part); err == nil && list {
			c.ids = append(c.ids, id)
		}
		if field, ok := strings.CutPrefix(part, "Parameter."); ok {
			c.fields = append(c.fields, strings.TrimPrefix(field, "Write."))
		}
	}
	return c
}

// argument splits off the first argument of a call.
func argument(rest string) (first, after string) {
	depth := 0
	for i := range min(len(rest), maxArgument) {
		switch rest[i] {
		case '(', '[', '{':
			depth++
		case ']', '}':
			depth--
		case ')':
			if depth == 0 {
				return rest[:i], ""
			}
			depth--
		case ',':
			if depth == 0 {
				return rest[:i], rest[i+1:]
			}
		}
	}
	return "", ""
}

// digits is the number that text starts with, comments behind it left aside.
func digits(text string) string {
	text = strings.TrimSpace(text)
	end := 0
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	if rest := strings.TrimSpace(text[end:]); rest != "" && !strings.HasPrefix(rest, "/*") {
		return ""
	}
	return text[:end]
}

// code looks at the calls of every QAction whose code is in the file, and
// returns why parameters on pages stay empty: a script may fill any parameter,
// so where there is one that runs, none does.
func (l *linter) code() map[element.ParamID]string {
	writers := map[element.ParamID]int{}
	scripts, left := false, maxCalls
	for _, q := range l.d.QActions {
		switch {
		case q.RunsHere():
			scripts = true
			l.entryPoints(q)
		case q.Encoding != "csharp" && q.Encoding != "":
			continue
		}
		calls := scanCalls(q.Code, q.CodeLine, left)
		left -= len(calls)
		for _, c := range calls {
			l.call(q, c)
			if q.RunsHere() || strings.HasPrefix(c.name, "Get") || c.name == "CheckTrigger" || c.name == "NotifyProtocol" {
				continue
			}
			for _, id := range l.targets(c) {
				writers[id] = cmp.Or(writers[id], q.ID)
			}
		}
	}
	if scripts {
		return nil
	}
	return l.unfilled(writers)
}

// targets are the parameters that a call names, by id or by name.
func (l *linter) targets(c call) []element.ParamID {
	var list []element.ParamID
	for _, id := range c.ids {
		list = append(list, element.ParamID(id))
	}
	for _, field := range c.fields {
		name := connector.FoldName(field)
		found := l.d.ParamsNamed(name)
		if at := strings.LastIndexByte(name, '_'); len(found) == 0 && at > 0 {
			if id, err := strconv.Atoi(name[at+1:]); err == nil {
				list = append(list, element.ParamID(id))
			}
		}
		for _, p := range found {
			list = append(list, p.ID)
		}
	}
	return list
}

// call checks that what a call names by its number exists.
func (l *linter) call(q connector.QAction, c call) {
	rules := map[string][2]string{
		"CheckTrigger": {"3.3.1", "trigger"}, "NotifyProtocol": {"3.5.1", "action"},
		"GetParameter": {"3.6.1", "parameter"}, "SetParameter": {"3.7.1", "parameter"},
	}
	rule, ok := rules[c.name]
	if !ok || len(c.ids) != 1 {
		return
	}
	id := c.ids[0]
	if l.d.Has(itemOf(rule[1], id)) || rule[1] == "parameter" && connector.IsReserved(id) {
		return // the general parameters exist in every element
	}
	l.Note(rule[0], connector.Pos{Line: c.line, Column: 1}, "The code of QAction %d calls %s for %s %d, which does not exist.", q.ID, c.name, rule[1], id)
}

// entryPoints checks that a script has the functions it is entered by.
func (l *linter) entryPoints(q connector.QAction) {
	for _, entry := range q.EntryPoints {
		name := entry[strings.LastIndexByte(entry, '.')+1:]
		if !strings.Contains(q.Code, "function "+name) && !strings.Contains(q.Code, name+" =") && !strings.Contains(q.Code, name+"=") {
			l.Note("3.12.1", q.Pos, "The entry point %s of QAction %d is not a function of its code.", connector.Shorten(entry), q.ID)
		}
	}
}
