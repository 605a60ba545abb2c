package connector_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/connector/connectortest"
)

func tables() map[string]bool { return connector.Tables() }

// TestLoadScripts plays the scripts of testdata/load. A script is a connector,
// or the inside of one (in the shorthand of connectortest where nobody asks for
// columns), and questions about what was read. Lines that start
// with > are the findings, with line and column in the script's connector, and
// the answers; -update writes them. Questions are
//
//	? param 10 Units Low            fields of a Param, Connection, Session or the Definition
//	? connection 0 Port
//	? session 1 Exchanges.0.Verb
//	? definition LoadSequence
//	? shown 10 1500                 how a value is shown, with its unit
//	? decode 10 "12,5"              what becomes of what a person sets
//	? device 10 "0x01" 11=5         what becomes of what a device sends
//	? encode 10 5                   the bytes for a device
//	? holds 1 10=5 11="a"           the condition of a trigger, for these values
func TestLoadScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/load/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	rules := map[string]construct{}
	for _, c := range catalogue(t) {
		rules[c.tag] = c
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range archive.Files {
			part := &archive.Files[i]
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+part.Name, func(t *testing.T) {
				got := playLoad(t, string(part.Data), rules)
				if *update {
					part.Data = []byte(got)
					return
				}
				if diff := cmp.Diff(string(part.Data), got); diff != "" {
					t.Errorf("it is read in another way (-want +got):\n%s", diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// expand returns the XML of a connector in shorthand.
func expand(t *testing.T, shorthand string) string {
	t.Helper()
	xml, err := connectortest.XML(shorthand)
	if err != nil {
		t.Fatal(err)
	}
	return xml
}

// snippet splits a script into its connector and its questions.
func snippet(script string) (xml string, questions []string) {
	var b strings.Builder
	for line := range strings.Lines(script) {
		switch line[0] {
		case '#', '>':
		case '?':
			questions = append(questions, strings.TrimSpace(line))
		default:
			b.WriteString(line)
		}
	}
	return b.String(), questions
}

func playLoad(t *testing.T, script string, rules map[string]construct) string {
	t.Helper()
	shorthand, questions := snippet(script)
	xml := expand(t, shorthand)
	src := framed(xml)
	above := strings.Count(src[:strings.Index(src, xml)], "\n")
	def, err := judged([]byte(src))
	var out strings.Builder
	for line := range strings.Lines(script) {
		if line[0] == '#' {
			out.WriteString(line)
		}
	}
	out.WriteString(shorthand)
	var found []element.Finding
	if err != nil {
		refusal, _ := errors.AsType[*element.Error](err)
		found = refusal.Findings
		fmt.Fprintln(&out, "> refused:", refusal.Msg)
	} else {
		found = def.Findings
	}
	for _, f := range found {
		if f.Line > above {
			fmt.Fprintf(&out, "> %d:%d %s %s %s\n", f.Line-above, f.Column, f.Severity, f.ID, f.Message)
		}
	}
	checkVerdicts(t, tagsOf(script), rules, found, err != nil || len(def.Disabled) > 0)
	for _, q := range questions {
		fmt.Fprintf(&out, "%s\n> %s\n", q, answer(t, def, strings.TrimSpace(q[1:])))
	}
	return out.String()
}

// checkVerdicts looks that what a script says to be ignored or refused is so.
func checkVerdicts(t *testing.T, tags map[string][]string, rules map[string]construct, found []element.Finding, refused bool) {
	t.Helper()
	want := map[string]int{}
	for _, tag := range slices.Concat(tags["ignored"], tags["refused"]) {
		want[rules[tag].finding]++
	}
	for id, n := range want {
		have := 0
		for _, f := range found {
			if f.ID == id {
				have++
			}
		}
		if have < n {
			t.Errorf("%d constructs have the finding %s, which is reported %d times", n, id, have)
		}
	}
	if len(tags["refused"]) > 0 && !refused {
		t.Errorf("nothing is refused nor disabled")
	}
}

// words splits a question; a word in quotes may have spaces and escapes.
func words(t *testing.T, s string) []string {
	t.Helper()
	var list []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		key := ""
		if at := strings.IndexAny(s, `" `); at > 0 && s[at] == '"' { // 11="a b"
			key, s = s[:at], s[at:]
		}
		if s[0] == '"' {
			quoted, err := strconv.QuotedPrefix(s)
			if err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			text, _ := strconv.Unquote(quoted)
			list, s = append(list, key+text), s[len(quoted):]
			continue
		}
		word, rest, _ := strings.Cut(s, " ")
		list, s = append(list, key+word), rest
	}
	return list
}

func answer(t *testing.T, def *connector.Definition, question string) string {
	t.Helper()
	if def == nil {
		t.Fatalf("%q: the connector was refused", question)
	}
	w := words(t, question)
	id := 0
	if len(w) > 1 && w[0] != "definition" {
		n, err := strconv.Atoi(w[1])
		if err != nil {
			t.Fatalf("%q names no id", question)
		}
		id = n
	}
	switch w[0] {
	case "definition":
		return fields(t, def, w[1:])
	case "param":
		return fields(t, param(t, def, element.ParamID(id)), w[2:])
	case "connection":
		c, _ := def.Connection(id)
		return fields(t, c, w[2:])
	case "session":
		s, _ := def.Session(id)
		return fields(t, s, w[2:])
	case "holds":
		yes, err := def.Holds(id, values(def, w[2:]))
		if err != nil {
			return element.MessageOf(err)
		}
		return fmt.Sprint(yes)
	}
	return askValue(t, param(t, def, element.ParamID(id)), def, w)
}

// askValue answers a question about a value of a parameter.
func askValue(t *testing.T, p *connector.Param, def *connector.Definition, w []string) string {
	t.Helper()
	given := element.Text(w[2])
	if f, err := strconv.ParseFloat(w[2], 64); err == nil && p.IsNumber {
		given = element.Number(f)
	}
	switch w[0] {
	case "shown":
		text, unit := p.Shown(given)
		return strings.TrimSpace(text + " " + unit)
	case "decode":
		v, err := p.Decode(element.Text(w[2]))
		if err != nil {
			return "refused: " + element.MessageOf(err)
		}
		return v.String()
	case "device":
		d, ok := p.Interprete.Decode([]byte(w[2]), values(def, w[3:]))
		if !ok {
			return "left out"
		}
		v := d.Value
		if text := v.String(); strconv.Quote(text) != `"`+text+`"` {
			return strconv.Quote(text)
		}
		return v.String()
	case "encode":
		b, _ := p.Interprete.Encode(given)
		return fmt.Sprintf("%q", b)
	}
	t.Fatalf("unknown question %q", w[0])
	return ""
}

// values reads 10=5 11="a b".
func values(def *connector.Definition, given []string) func(element.ParamID) element.Value {
	set := map[element.ParamID]element.Value{}
	for _, g := range given {
		key, text, _ := strings.Cut(g, "=")
		id, _ := strconv.Atoi(key)
		set[element.ParamID(id)] = element.Text(text)
		p := def.Param(element.ParamID(id))
		if f, err := strconv.ParseFloat(text, 64); err == nil && p != nil && p.IsNumber {
			set[element.ParamID(id)] = element.Number(f)
		}
	}
	return func(id element.ParamID) element.Value { return set[id] }
}

// fields prints fields of a struct, named by paths as Discreets.0.Confirm.
func fields(t *testing.T, of any, names []string) string {
	t.Helper()
	var list []string
	for _, name := range names {
		v := reflect.Indirect(reflect.ValueOf(of))
		for step := range strings.SplitSeq(name, ".") {
			if n, err := strconv.Atoi(step); err == nil && v.Kind() == reflect.Slice && n < v.Len() {
				v = reflect.Indirect(v.Index(n))
				continue
			}
			if v.Kind() != reflect.Struct || !v.FieldByName(step).IsValid() {
				t.Fatalf("there is no %s in %s", step, name)
			}
			v = reflect.Indirect(v.FieldByName(step))
		}
		text := []byte("none")
		if v.IsValid() {
			var err error
			if text, err = json.Marshal(v.Interface()); err != nil {
				t.Fatal(err)
			}
		}
		list = append(list, name+" "+string(text))
	}
	return strings.Join(list, ", ")
}

// namesRead finds the names of elements and attributes (with @) in the
// parser's source that it asks the file for, with one file that does.
func namesRead(t *testing.T) map[string]string {
	t.Helper()
	asks := map[string]bool{
		"child": true, "children": true, "value": true, "word": true, "path": true, "skip": true, "is": true,
		"attr": true, "lookup": true, "has": true, "ignoreChildren": true, "ignoreAttrs": true,
	}
	names := map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !asks[method.Sel.Name] {
				return true
			}
			for i, arg := range call.Args {
				lit, ok := arg.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING || strings.HasPrefix(method.Sel.Name, "ignore") && i < 2 {
					continue
				}
				name, _ := strconv.Unquote(lit.Value)
				if slices.Contains([]string{"attr", "lookup", "has", "ignoreAttrs"}, method.Sel.Name) {
					name = "@" + name
				}
				names[name] = file
			}
			return true
		})
	}
	return names
}
