package connector_test

import (
	"testing"

	"fieldline/element"
	"fieldline/element/connector/examples"
)

func TestShippedConnectors(t *testing.T) {
	for _, f := range examples.All() {
		def, err := judged(f.XML)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for _, x := range def.Findings {
			t.Logf("%s:%d: %s %s %s", f.Name, x.Line, x.Severity, x.ID, x.Message)
			if x.Severity.AtLeast(element.Warning) {
				t.Errorf("%s:%d: %s %s", f.Name, x.Line, x.ID, x.Message)
			}
		}
	}
}
