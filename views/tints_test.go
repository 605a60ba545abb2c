package views

import (
	"strings"
	"testing"

	"fieldline/static"
)

// The style sheet has every tint that a row can have.
func TestEveryTintHasItsStyle(t *testing.T) {
	files := static.New()
	f, ok := files.Open(files.Path("css/tints.css"))
	if !ok {
		t.Fatal("css/tints.css is not embedded")
	}
	if n := strings.Count(string(f.Body), `tr[data-tint="`); n != 24 {
		t.Errorf("there are %d tints, want %d", n, 24)
	}
}
