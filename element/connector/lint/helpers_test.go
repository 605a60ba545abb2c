package lint_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/connector/examples"
	"fieldline/element/connector/lint"
)

// shipped is the generic WebSocket connector.
func shipped() string { return string(examples.All()[0].XML) }

// sound is a connector that breaks none of the rules that look at the whole, and
// has one of each thing they look at.
func sound(t testing.TB) string {
	t.Helper()
	xml, err := os.ReadFile("../testdata/sound.xml")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(xml))
}

// edit replaces old, which must be there, once.
func edit(t *testing.T, xml, old, with string) string {
	t.Helper()
	if !strings.Contains(xml, old) {
		t.Fatalf("the connector has no %q", old)
	}
	return strings.Replace(xml, old, with, 1)
}

// judged reads a connector and judges it, as the library does.
func judged(xml []byte) (*connector.Definition, error) {
	def, err := connector.Parse(xml)
	if err != nil {
		return nil, err
	}
	judgement := lint.Check(def)
	def.Judge(judgement.Findings, judgement.Unfilled)
	return def, nil
}

// findings reads, judges and returns the findings, those of a refusal too.
func findings(t *testing.T, xml string) (found []element.Finding, refused bool) {
	t.Helper()
	def, err := judged([]byte(xml))
	if err == nil {
		return def.Findings, false
	}
	e, ok := errors.AsType[*element.Error](err)
	if !ok || e.Code != element.Invalid || len(e.Findings) == 0 || !strings.HasSuffix(e.Msg, ".") {
		t.Fatalf("a refusal is an Invalid error with findings and a sentence: %v", err)
	}
	return e.Findings, true
}

func hasID(list []element.Finding, id string) bool {
	return slices.ContainsFunc(list, func(f element.Finding) bool { return f.ID == id })
}

// parse reads a connector that must be taken.
func parse(t testing.TB, xml string) *connector.Definition {
	t.Helper()
	def, err := judged([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// breach is a change to a connector and the rule that it breaks.
type breach struct {
	id, old, with string
	refused       bool
}
