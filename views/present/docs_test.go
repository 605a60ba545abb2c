package present

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestPatchesAreDocumented: docs/browser-socket.md names every field that news
// can have.
func TestPatchesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/browser-socket.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []any{Patch{}, Parameter{}, Reading{}, TableRow{}, Cell{}, Receipt{}, Step{}, Script{}, Hop{}, Connection{}, Element{}, Page{}, FleetRow{}, Event{}} {
		of := reflect.TypeOf(x)
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name != "" && name != "seq" && !strings.Contains(string(text), "`"+name+"`") {
				t.Errorf("the field %s of %s is not in docs/browser-socket.md", name, of.Name())
			}
		}
	}
}
