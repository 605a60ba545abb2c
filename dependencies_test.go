package fieldline_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDependenciesAreDocumented: docs/dependencies.md has a line for each
// module that go.mod requires directly, and for no other.
func TestDependenciesAreDocumented(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	required := names(regexp.MustCompile(`(?m)^(?:require)?\s+(\S+\.\S+/\S+) v\S+$`), string(mod))
	documented := names(regexp.MustCompile(`(?m)^\| (\S+\.\S+/\S+) \|`), string(page))
	if !slices.Equal(required, documented) {
		t.Errorf("go.mod requires\n%s\nand docs/dependencies.md has\n%s", strings.Join(required, "\n"), strings.Join(documented, "\n"))
	}
}

// names are the first groups of all matches, sorted.
func names(pattern *regexp.Regexp, text string) []string {
	var all []string
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	slices.Sort(all)
	return all
}
