package connector_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fieldline/element/connector"
)

// Files that are made to cost more than their size are read in bounded time.
func TestHostileFiles(t *testing.T) {
	const head = "<Protocol><Name>a</Name><Version>1</Version><Type>http</Type>"
	many := func(n int, format string) string {
		var b strings.Builder
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, format, i, i+1)
		}
		return b.String()
	}
	positions := func(page string) string {
		return "<Display><RTDisplay>true</RTDisplay><Positions>" + strings.Repeat("<Position><Page>"+page+"</Page></Position>", 50_000) + "</Positions></Display>"
	}
	tests := map[string]string{
		"text in pieces":     "<Protocol><Name>" + strings.Repeat("a<!---->", 1_000_000) + "</Name></Protocol>",
		"one name":           head + "<Params>" + many(30_000, `<Param id="%d"><Name>x</Name><Type>read</Type></Param><!--%d-->`) + "</Params></Protocol>",
		"chain of triggers":  head + "<Triggers>" + many(30_000, `<Trigger id="%d"><Type>trigger</Type><Content><Id>%d</Id></Content></Trigger>`) + "</Triggers></Protocol>",
		"too many elements":  "<Protocol>" + strings.Repeat("<a/>", connector.MaxElements+1) + "</Protocol>",
		"positions of twins": head + `<Params><Param id="1"><Name>x</Name><Type>read</Type>` + positions("a") + `</Param><Param id="2"><Name>x</Name><Type>write</Type>` + positions("b") + "</Param></Params></Protocol>",
		"options":            head + `<Params><Param id="1"><Name>x</Name><Type options="` + strings.Repeat("x;", 1_000_000) + `">read</Type></Param></Params></Protocol>`,
	}
	const most = time.Minute // each takes well under a second on an idle machine
	for name, src := range tests {
		begin := time.Now()
		def, err := connector.Parse([]byte(src))
		if (def == nil) == (err == nil) {
			t.Errorf("%s: neither read nor refused", name)
		}
		if took := time.Since(begin); took > most {
			t.Errorf("%s took %v", name, took)
		}
		if def != nil && len(def.Findings) > 2000 {
			t.Errorf("%s has %d findings", name, len(def.Findings))
		}
	}
}
