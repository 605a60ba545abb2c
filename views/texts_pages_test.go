package views_test

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/views"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

// addTexts adds a page with texts of every kind, one of them too long for the
// page, and events of which it shows the beginning.
func addTexts(pages map[string]templ.Component, base string) {
	p := samplePage(base, openConnection())
	reply := `{"identity":{"source_id":"0b3b9f3c-8b1e-4c7b-9a1a-2f8c1d2e3f40"},"event_type":"number/temperature/C","payload":{"value":415,"scale":10},"message_type":"state"}`
	for i := range p.View.Parameters {
		x := &p.View.Parameters[i]
		switch x.ID {
		case 160:
			x.Value = element.Text(strings.Repeat(reply, 40))
		case 270:
			x.Value, x.Initialized = element.Text(reply), true
		default:
			continue
		}
		x.Display = x.Value.String()
	}
	cut := strings.Repeat(reply, 40)[:element.MaxExcerpt]
	p.Events = append(p.Events,
		element.Event{Seq: 810, At: ago(time.Second), Body: element.MessageIn{Connection: 1, Opcode: "text", Size: 5_240_000, Text: cut, Truncated: true}},
		element.Event{Seq: 811, At: ago(time.Second), Body: element.ParameterChanged{Parameter: 161, Display: cut, By: "ruth", Truncated: true, Size: 40 * len(reply)}},
		element.Event{Seq: 812, At: ago(time.Second), Body: element.ParameterChanged{Parameter: 160, Display: cut, By: "ruth", Truncated: true, Size: 40 * len(reply)}},
	)
	pages["element-texts"] = views.Element(p)
}

// TestLargeValuesAreLinked looks at the page of addTexts.
func TestLargeValuesAreLinked(t *testing.T) {
	page := render(t, samplePages("/x")["element-texts"])
	for _, want := range []string{
		`<a data-whole href="/x/elements/e1/parameters/160/value" download>`,
		`<a data-download href="/x/elements/e1/messages/810?epoch=k3" download>Download 5.2 MB</a>`,
		"The first 4 KiB of 6.4 kB.", `data-event="812"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s on the page", want)
		}
	}
	if strings.Contains(page, `data-event="811"`) {
		t.Error("a set through setter is listed twice")
	}
	walk(parse(t, page), func(n *html.Node) {
		if _, ok := attr(n, "data-value"); ok && len(text(n)) > element.MaxExcerpt {
			t.Errorf("a cell holds %d bytes", len(text(n)))
		}
		for _, a := range n.Attr {
			if len(a.Val) > element.MaxExcerpt {
				t.Errorf("the attribute %s of <%s> holds %d bytes", a.Key, n.Data, len(a.Val))
			}
		}
	})
}

func TestAChoiceNotMadeIsSaid(t *testing.T) {
	page := render(t, views.ElementFormView(views.ElementFormPage{
		Layout: sampleLayout(""), Form: views.ElementForm{Errors: map[string]string{views.FieldConnector: "Choose a connector."}},
		Choices: []element.ConnectorSummary{{Name: "A", Version: "1"}},
	}))
	if !strings.Contains(page, `<p class="field-error" role="alert">Choose a connector.</p>`) {
		t.Error("the page does not say that a connector is missing")
	}
}
