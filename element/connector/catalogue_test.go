package connector_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// construct is one line of testdata/constructs.txt.
type construct struct {
	chapter string
	verdict string // "runs", "read", "ignored", "refused"
	finding string // of what is ignored or refused
	tag     string // how scripts name it
	why     string
}

// catalogue reads testdata/constructs.txt.
func catalogue(t *testing.T) []construct {
	t.Helper()
	text, err := os.ReadFile("testdata/constructs.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []construct
	chapter := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "## "); ok {
			chapter = title
			continue
		}
		if chapter == "" || line == "" {
			continue
		}
		parts := strings.SplitN(line, " | ", 3)
		if len(parts) != 3 {
			t.Fatalf("%q is no line of the catalogue", line)
		}
		verdict, finding, _ := strings.Cut(parts[0], " ")
		list = append(list, construct{chapter, verdict, finding, parts[1], parts[2]})
	}
	return list
}

// tree is an element of a connector, read without any knowledge of it.
type tree struct {
	name  string
	text  string
	attrs map[string]string
	kids  []*tree
}

func readTree(t *testing.T, src string) *tree {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(src))
	d.Strict = false
	root := &tree{}
	stack := []*tree{root}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatalf("%v in %s", err, src)
		}
		top := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &tree{name: tok.Name.Local, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.kids = append(top.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(tok)
		}
	}
}

// condition is one word of a tag with what is asked of it.
type condition struct {
	path, attr, sign, value string
}

var conditionStart = regexp.MustCompile(`(?:^|\s)([\w./-]*(?:@\w+)?)([=~])`)

// parseTag splits a tag into the path of its element and its conditions.
func parseTag(t *testing.T, tag string) (path string, list []condition) {
	t.Helper()
	path, rest, _ := strings.Cut(tag, " ")
	at := conditionStart.FindAllStringSubmatchIndex(rest, -1)
	if len(at) == 0 || at[0][0] != 0 {
		t.Fatalf("%q is no tag: it has no condition", tag)
	}
	for i, m := range at {
		end := len(rest)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		key := rest[m[2]:m[3]]
		p, attr, _ := strings.Cut(key, "@")
		list = append(list, condition{p, attr, rest[m[4]:m[5]], strings.TrimSpace(rest[m[5]:end])})
	}
	return path, list
}

// meets reports whether an element, or one below it, is what is asked for.
func (c condition) meets(n *tree, path []string) bool {
	if len(path) > 0 && path[0] != "" && path[0] != "." {
		for _, k := range n.kids {
			if strings.EqualFold(k.name, path[0]) && c.meets(k, path[1:]) {
				return true
			}
		}
		return false
	}
	value, ok := strings.TrimSpace(n.text), true
	if c.attr != "" {
		value, ok = n.attrs[c.attr]
	}
	switch {
	case !ok:
		return false
	case c.sign == "~":
		return strings.Contains(strings.ToLower(value), strings.ToLower(c.value))
	case c.value == "*":
		return true
	}
	return strings.EqualFold(value, c.value)
}

// has reports whether the tree has the construct.
func (n *tree) has(t *testing.T, tag string) bool {
	path, conditions := parseTag(t, tag)
	steps := strings.Split(path, "/")
	var walk func(n *tree, above []string) bool
	walk = func(n *tree, above []string) bool {
		for _, k := range n.kids {
			here := append(slices.Clip(above), k.name)
			if len(here) >= len(steps) && strings.Join(here[len(here)-len(steps):], "/") == path {
				all := true
				for _, c := range conditions {
					all = all && c.meets(k, strings.Split(c.path, "/"))
				}
				if all {
					return true
				}
			}
			if walk(k, here) {
				return true
			}
		}
		return false
	}
	return walk(n, nil)
}

// tagged is a script with the constructs that it names.
type tagged struct {
	file, name string
	xml        string
	tags       map[string][]string // by "runs", "ignored", "refused"
}

// scripts reads all scripts: those that the engine plays, and those of
// testdata/load.
func scripts(t *testing.T) []tagged {
	t.Helper()
	var list []tagged
	for _, pattern := range []string{"../engine/testdata/*.txtar", "testdata/load/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no scripts in %s: %v", pattern, err)
		}
		for _, file := range files {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			connector := ""
			for _, part := range archive.Files {
				text := string(part.Data)
				if strings.HasSuffix(part.Name, ".connector") {
					connector = expand(t, text)
					continue
				}
				s := tagged{filepath.Base(file), part.Name, connector, tagsOf(text)}
				if strings.HasPrefix(pattern, "testdata") {
					shorthand, _ := snippet(text)
					s.xml = expand(t, shorthand)
				}
				list = append(list, s)
			}
		}
	}
	return list
}

func tagsOf(script string) map[string][]string {
	tags := map[string][]string{}
	for line := range strings.Lines(script) {
		for _, kind := range []string{"runs", "ignored", "refused"} {
			if tag, ok := strings.CutPrefix(line, "# "+kind+": "); ok {
				tags[kind] = append(tags[kind], strings.TrimSpace(tag))
			}
		}
	}
	return tags
}

// framed completes a connector that a script only has the inside of.
func framed(xml string) string {
	if strings.Contains(xml, "<Protocol") {
		return xml
	}
	kind := "<Type>http</Type>"
	if strings.Contains(xml, "<Connections>") || strings.Contains(xml, "\n<Type") || strings.HasPrefix(xml, "<Type") {
		kind = ""
	}
	return "<Protocol><Name>Test</Name><Version>1.0.0.1</Version>" + kind + "\n" + xml + "</Protocol>"
}

// The catalogue has everything that the parser's tables name, with what they
// say of it.
func TestCatalogueHasTheTables(t *testing.T) {
	known := map[string]construct{}
	for _, c := range catalogue(t) {
		if _, twice := known[strings.ToLower(c.tag)]; twice {
			t.Errorf("%s is in the catalogue twice", c.tag)
		}
		known[strings.ToLower(c.tag)] = c
		parseTag(t, c.tag)
	}
	for tag, runs := range tables() {
		c, ok := known[strings.ToLower(tag)]
		switch {
		case !ok:
			t.Errorf("%s is not in the catalogue", tag)
		case (c.verdict == "runs") != runs:
			t.Errorf("the catalogue says that %s %s; the parser has it in the table of those that run: %v", tag, c.verdict, runs)
		}
	}
}

// The catalogue has every element and attribute that the parser asks for.
func TestCatalogueHasTheNames(t *testing.T) {
	named := map[string]bool{"Protocol": true}
	for _, c := range catalogue(t) {
		path, conditions := parseTag(t, c.tag)
		for step := range strings.SplitSeq(path, "/") {
			named[step] = true
		}
		for _, c := range conditions {
			named["@"+c.attr] = true
			for step := range strings.SplitSeq(c.path, "/") {
				named[step] = true
			}
		}
	}
	for name, file := range namesRead(t) {
		if !named[name] && !named[strings.TrimSuffix(name, "s")] { // Commands is the list of each Command
			t.Errorf("%s reads %s, which is in no construct of the catalogue", file, name)
		}
	}
}

// Every construct is proved: what runs by a script that the engine plays or
// that asks about a value, what is ignored or refused by one that shows the
// finding. Scripts name constructs of the catalogue only, and have them.
func TestCatalogueIsProved(t *testing.T) {
	rows := catalogue(t)
	verdicts := map[string]construct{}
	for _, c := range rows {
		verdicts[c.tag] = c
	}
	count := map[string]int{}
	all := scripts(t)
	for _, s := range all {
		where := s.file + ": " + s.name
		var root *tree
		for kind, tags := range s.tags {
			for _, tag := range tags {
				count[tag]++
				c, ok := verdicts[tag]
				switch {
				case !ok:
					t.Errorf("%s: %q is not in the catalogue", where, tag)
					continue
				case c.verdict != kind && (c.verdict != "read" || kind != "runs"):
					t.Errorf("%s: %q is said to be %s; the catalogue says %s", where, tag, kind, c.verdict)
				}
				if root == nil {
					root = readTree(t, framed(s.xml))
				}
				if !root.has(t, tag) {
					t.Errorf("%s: its connector has no %s", where, tag)
				}
			}
		}
	}
	for _, c := range rows {
		if count[c.tag] == 0 && c.verdict != "read" {
			t.Errorf("no script proves that %s is as the catalogue says: %s", c.tag, c.verdict)
		}
	}
	if len(all) < 200 {
		t.Errorf("there are %d scripts", len(all))
	}
	writeConstructs(t, rows, count, len(all))
}

// writeConstructs compares docs/constructs.md with the catalogue, or writes it.
func writeConstructs(t *testing.T, rows []construct, count map[string]int, scripts int) {
	t.Helper()
	var b strings.Builder
	verdicts := map[string]int{}
	for _, c := range rows {
		verdicts[c.verdict]++
	}
	fmt.Fprintf(&b, "# Constructs of the connector language\n\nWhat becomes here of everything that a connector can say: %d constructs run, %d are read for people, %d are ignored\n"+
		"with a finding, %d are refused with one. More than %d scripts prove it; the last column counts those that name the construct.\n\n"+
		"A construct is an element and what is asked of it: `=` a value (`=*` any), `~` a part of one, `@` an attribute. Findings are told in\n"+
		"[findings.md](findings.md). The page is written by `go test ./element/connector -run TestCatalogueIsProved -update` from\n"+
		"`element/connector/testdata/constructs.txt`; the test compares that file with the parser's own tables.\n",
		verdicts["runs"], verdicts["read"], verdicts["ignored"], verdicts["refused"], scripts/100*100-100)
	chapter := ""
	for _, c := range rows {
		if c.chapter != chapter {
			chapter = c.chapter
			fmt.Fprintf(&b, "\n## %s\n\n| construct | here | what it says, or why not | finding | scripts |\n|---|---|---|---|---|\n", chapter)
		}
		n := ""
		if count[c.tag] > 0 {
			n = fmt.Sprint(count[c.tag])
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", strings.ReplaceAll(c.tag, "|", `\|`), c.verdict, c.why, c.finding, n)
	}
	path := filepath.Join("..", "..", "docs", "constructs.md")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != b.String() {
		t.Errorf("%s is not what the catalogue says; run with -update (%v)", path, err)
	}
}
