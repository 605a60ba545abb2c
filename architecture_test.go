// Package fieldline_test checks the repository itself: who may import whom,
// and that what ARCHITECTURE.md and the other documents point at exists.
package fieldline_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mayImport says which of our own packages each package may import: the table of
// ARCHITECTURE.md, whose last column has the names that others are known by.
func mayImport(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	rooms := regexp.MustCompile("(?m)^\\| `([a-z0-9/]+)` \\| .* \\| ([^|]*) \\|$").FindAllStringSubmatch(string(text), -1)
	named, all := map[string]string{}, []string{}
	for _, room := range rooms {
		named[path.Base(room[1])] = room[1]
		all = append(all, room[1])
	}
	rules := map[string][]string{}
	for _, room := range rooms {
		switch known := strings.TrimSpace(room[2]); known {
		case "nothing of ours":
			rules[room[1]] = []string{}
		case "all":
			rules[room[1]] = all
		default:
			for name := range strings.SplitSeq(known, ", ") {
				if named[name] == "" {
					t.Errorf("%s: %s knows %q, which is no room of the table", document, room[1], name)
				}
				rules[room[1]] = append(rules[room[1]], named[name])
			}
		}
	}
	return rules
}

// homes says where a third party may be imported, and why nowhere else.
func homes() map[string][]string {
	return map[string][]string{
		"github.com/labstack/echo":     {"web"},
		"github.com/a-h/templ":         {"views", "web"},
		"github.com/gorilla/websocket": {"element/link", "web", "element/simulator"},
		"modernc.org/sqlite":           {"element/store"},
		"github.com/pressly/goose":     {"element/store"},
		"github.com/alecthomas/kong":   {"cmd/fieldline"},
		"github.com/prometheus":        {"web"},
		"github.com/chromedp":          {"cmd/fieldline/e2e"},
		"github.com/dop251/goja":       {"element/script"},
		"github.com/dlclark/regexp2":   {"element/script"},
		"golang.org/x/text":            {"element/link"},
	}
}

const (
	module   = "fieldline/"
	document = "ARCHITECTURE.md"
)

var update = flag.Bool("update", false, "draw the picture of ARCHITECTURE.md anew") //nolint:gochecknoglobals // a flag

func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if name, ours := strings.CutPrefix(fields[0], module); ours {
			found[name] = fields[1:]
		}
	}
	return found
}

func TestImportsFollowTheArchitecture(t *testing.T) {
	rules := mayImport(t)
	for name, imports := range packages(t) {
		allowed, known := rules[name]
		if !known {
			t.Errorf("package %s is not in the table of ARCHITECTURE.md: say there which room it is and whom it may know", name)
			continue
		}
		for _, imp := range imports {
			if ours, ok := strings.CutPrefix(imp, module); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s; it may know %v only: rooms stay apart so that each can be read alone", name, ours, allowed)
			}
			for third, rooms := range homes() {
				if strings.HasPrefix(imp, third) && !slices.Contains(rooms, name) {
					t.Errorf("%s imports %s, whose home is %v: a third party that is known in one place can be replaced", name, imp, rooms)
				}
			}
			if name == "element" && strings.Contains(strings.Split(imp, "/")[0], ".") {
				t.Errorf("element imports %s; the vocabulary knows the standard library only", imp)
			}
		}
	}
}

// TestPictureShowsTheImports holds the picture of ARCHITECTURE.md against the
// imports as they are; -update draws it. An arrow that others lead to as well is
// left out.
func TestPictureShowsTheImports(t *testing.T) {
	imports := map[string][]string{}
	for name, all := range packages(t) {
		imports[name] = nil
		for _, imp := range all {
			if ours, ok := strings.CutPrefix(imp, module); ok {
				imports[name] = append(imports[name], ours)
			}
		}
	}
	picture := "```mermaid\nflowchart TD\n"
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		for _, to := range slices.Sorted(slices.Values(imports[from])) {
			around := slices.ContainsFunc(imports[from], func(via string) bool { return via != to && leadsTo(imports, via, to) })
			if !around && !strings.HasSuffix(from, "/e2e") {
				picture += fmt.Sprintf("    %s --> %s\n", strings.ReplaceAll(from, "/", "_")+"["+path.Base(from)+"]", strings.ReplaceAll(to, "/", "_")+"["+path.Base(to)+"]")
			}
		}
	}
	picture += "```"
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	drawn := regexp.MustCompile("(?s)```mermaid\n.*?```")
	if *update {
		if err := os.WriteFile(document, drawn.ReplaceAll(text, []byte(picture)), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got := drawn.FindString(string(text)); got != picture {
		t.Errorf("the picture is not what is imported; go test . -run Picture -update draws it:\n%s", picture)
	}
}

// leadsTo reports whether a package imports another, itself or by others.
func leadsTo(imports map[string][]string, from, to string) bool {
	return slices.ContainsFunc(imports[from], func(via string) bool { return via == to || leadsTo(imports, via, to) })
}

// TestDocumentsPointAtWhatExists checks relative links of Markdown files.
func TestDocumentsPointAtWhatExists(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md", "static/vendor/*.md"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	if len(files) < 3 {
		t.Fatalf("found only %v", files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s points at %s, which is not there", file, m[1])
			}
		}
	}
}

// TestCausesAreDocumented holds docs/causes.md against the causes in the code.
func TestCausesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("docs/causes.md")
	if err != nil {
		t.Fatal(err)
	}
	called := regexp.MustCompile(`cause\("([a-z]+)", "([a-z-]+)"|Cause\{Phase: "([a-z]+)", Code: "([a-z-]+)"`)
	sources, err := filepath.Glob("element/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range sources {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range called.FindAllStringSubmatch(string(code), -1) {
			found++
			row := "| " + m[1] + m[3] + " | " + m[2] + m[4] + " |"
			if !strings.Contains(string(text), row) {
				t.Errorf("%s has a cause that docs/causes.md does not explain: %s", file, row)
			}
		}
	}
	if found < 20 {
		t.Errorf("found %d causes only: the expression of this test is out of date", found)
	}
}
