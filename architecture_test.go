// Package fieldline_test checks the repository itself: who may import whom,
// and that what ARCHITECTURE.md and the other documents point at exists.
package fieldline_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mayImport says which of our own packages each package may import, as
// ARCHITECTURE.md draws it.
func mayImport() map[string][]string {
	return map[string][]string{
		"element":                    {},
		"element/codec":              {"element"},
		"element/connector":          {"element", "element/codec"},
		"element/connector/diff":     {"element", "element/codec", "element/connector"},
		"element/connector/examples": {},
		"element/connector/lint":     {"element", "element/codec", "element/connector"},
		"element/engine":             {"element", "element/codec", "element/connector"},
		"element/script":             {"element", "element/connector", "element/engine"},
		"element/link":               {"element"},
		"element/feed":               {"element"},
		"element/store":              {"element"},
		"element/library":            {"element", "element/connector", "element/connector/lint"},
		"element/simulator":          {"element"},
		"element/runner":             {"element", "element/connector", "element/connector/diff", "element/engine", "element/link"},
		"static":                     {},
		"views":                      {"element", "static", "views/present"},
		"views/present":              {"element"},
		"web":                        {"element", "element/feed", "static", "views", "views/present"},
		"cmd/fieldline": {
			"element", "element/connector", "element/connector/examples", "element/feed", "element/library",
			"element/runner", "element/script", "element/simulator", "element/store", "web",
		},
		"cmd/fieldline/e2e":               {"element", "element/simulator"},
		"element/connector/connectortest": {},
	}
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

const module = "fieldline/"

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
	rules := mayImport()
	for name, imports := range packages(t) {
		allowed, known := rules[name]
		if !known {
			t.Errorf("package %s is not in the table of this test: say in ARCHITECTURE.md which room it is and whom it may know", name)
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
