package views_test

import (
	"bytes"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/static"
	"fieldline/views"

	"github.com/a-h/templ"
)

// previewDir writes all sample pages with their assets into a directory, to be
// looked at in a browser: go test ./views -run TestPreview -preview DIR.
var previewDir = flag.String("preview", "", "directory to write the sample pages to")

// samplePages are all pages in the states that matter, drawn under a base path.
func samplePages(base string) map[string]templ.Component {
	l := sampleLayout(base)
	titled := func(title string) views.Layout {
		x := l
		x.Title = title
		return x
	}
	pages := map[string]templ.Component{
		"element-open":   views.Element(samplePage(base, openConnection())),
		"element-trying": views.Element(samplePage(base, tryingConnection())),
		"element-broken": views.Element(samplePage(base, brokenConnection())),
		"overview":       views.Overview(views.OverviewPage{Layout: l}),
		"delete":         views.Delete(views.DeletePage{Layout: titled("Delete"), Element: l.Elements[0]}),
		"error": views.Error(views.ErrorPage{
			Layout: titled("Not found"), Status: 404, Heading: "There is no such element", Message: "It may have been deleted, or the address is mistyped.",
			Todo: "Choose an element from the list.", RequestID: "01HF3-7Q",
		}),
	}
	empty := l
	empty.Elements = []element.Element{}
	pages["overview-empty"] = views.Overview(views.OverviewPage{Layout: empty})
	many := l
	many.Elements = sampleFleet(30)
	pages["overview-30"] = views.Overview(views.OverviewPage{Layout: many})
	addElementStates(pages, base)
	addSeveral(pages, base)
	addTables(pages, base)
	addTexts(pages, base)
	addScripts(pages, base)
	addMeasures(pages, base)
	addForms(pages, titled)
	addConnectors(pages, titled)
	return pages
}

func addElementStates(pages map[string]templ.Component, base string) {
	stopped := samplePage(base, stoppedConnection())
	stopped.View.Element.State = element.Stopped
	for i := range stopped.View.Parameters {
		stopped.View.Parameters[i].Stale = i != 0 && i != 1
		stopped.View.Parameters[i].ReceivedAt = ago(26 * time.Minute)
	}
	pages["element-stopped"] = views.Element(stopped)

	timeout := samplePage(base, tryingConnection())
	timeout.View.Element.Timeout = true
	for i := range timeout.View.Parameters {
		timeout.View.Parameters[i].Stale = i > 1 && i < 6
		timeout.View.Parameters[i].ReceivedAt = ago(5 * time.Minute)
	}
	pages["element-timeout"] = views.Element(timeout)

	refused := samplePage(base, openConnection())
	refused.Forms = map[element.Target]views.SetForm{
		{Parameter: 111}: {Value: "14", Error: "14 is above the highest value, 12 dB."},
		{Parameter: 131}: {Value: "2", Question: "Changing the reference interrupts the output. Go on?", Token: "t0k3n"},
	}
	refused.View.Parameters[0].ChangedAt = ago(8 * time.Second)
	refused.View.Receipts = []element.Write{
		{ID: "w9", Parameter: 51, Value: element.Text("x-nmos/events/ws"), Status: element.WriteSaved, By: "ruth", At: ago(8 * time.Second)},
		{ID: "w8", Parameter: 160, Status: element.WriteFailed, Detail: "No answer in 30 s: the device may not have taken it. Set it again when the line is open.", By: "ruth", At: ago(time.Minute)},
	}
	pages["element-editing"] = views.Element(refused)

	embed := samplePage(base, openConnection())
	embed.Embed = true
	pages["embed"] = views.Element(embed)

	two := samplePage(base, openConnection())
	second := brokenConnection()
	second.ID, second.Name, second.URL, second.SkipVerify = 2, "Control", "wss://[2001:db8::17]:8443/control", true
	second.Weakened = []string{"certificate not checked"}
	two.View.Element.Connections = append(two.View.Element.Connections, second)
	two.View.Element.Reconnect = element.Manual
	pages["element-two"] = views.Element(two)
}

func addForms(pages map[string]templ.Component, titled func(string) views.Layout) {
	detail := sampleDetail()
	form := views.NewElementForm(detail)
	choices := []element.ConnectorSummary{
		{Name: detail.Name, Version: detail.Version, Source: "shipped", Elements: 2},
		{Name: "Weather Mast", Version: "2.1.0.0", Source: "uploaded", Elements: 1},
	}
	pages["form-new"] = views.ElementFormView(views.ElementFormPage{Layout: titled("New element"), Form: form, Choices: choices})
	pages["form-choice"] = views.ElementFormView(views.ElementFormPage{Layout: titled("New element"), Choices: choices})
	e := sampleElement(openConnection())
	edit := views.EditElementForm(e.ID, sampleView(e).Config, detail.Connections)
	edit.Name, edit.Connections[0].TimeoutMs = "", "5"
	edit.Errors = map[string]string{
		views.FieldName: "The element needs a name.",
		views.ConnectionField(1, views.FieldTimeoutMs): "The timeout is 5 ms; it can be 10 to 120000 ms.",
	}
	pages["form-edit"] = views.ElementFormView(views.ElementFormPage{Layout: titled("Settings"), Form: edit, Choices: choices, Element: &e, TLSFolder: "/home/ruth/.local/share/fieldline/tls"})
	pages["confirm"] = views.Confirm(views.ConfirmPage{
		Layout: titled("Confirm"), Element: e, Info: sampleInfos()[131], Target: element.Target{Parameter: 131}, Page: "general", IfValue: new("1"),
		Form: views.SetForm{Value: "2", Question: "Changing the reference interrupts the output. Go on?", Token: "t0k3n"},
	})
}

func sampleDetail() element.ConnectorDetail {
	return element.ConnectorDetail{
		Name: "IS-07 Event Source", Version: "1.0.0.3", Source: "shipped", Elements: 2,
		Description: "Receives the events of an NMOS IS-07 source over its WebSocket.",
		Findings: []element.Finding{
			{ID: "WS-04", Severity: element.Major, Line: 4, Column: 3, Message: "The header Upgrade is ours to send; the connector's value is left out."},
			{ID: "2.1.11", Severity: element.Info, Line: 2, Column: 1, Message: "Trending is not kept by this version."},
		},
		Parameters: []element.ConnectorParam{
			{ID: 50, Name: "WebsocketUrl", Description: "WebSocket URL", Type: "read", Saved: true, WriteID: new(element.ParamID(51))},
			{ID: 51, Name: "WebsocketUrl", Description: "WebSocket URL", Type: "write"},
		},
		Connections: []element.ConnectionOption{{ID: 1, Name: "WebSocket Connection", Type: "websocket", Port: 8050, BusAddress: "byPassProxy", TimeoutMs: 5000, Retries: 3, Locked: []string{"busAddress"}}},
		XML:         []byte("<Protocol>\n\t<Param id=\"50\" trending=\"true\">\n\t<Headers>\n\t\t<Header key=\"Upgrade\">websocket</Header>\n\t</Headers>\n</Protocol>\n"),
	}
}

func addConnectors(pages map[string]templ.Component, titled func(string) views.Layout) {
	detail := sampleDetail()
	l := titled("Connectors")
	l.Section = "connectors"
	pages["connectors"] = views.Connectors(views.ConnectorsPage{Layout: l, Connectors: []element.ConnectorSummary{
		{Name: detail.Name, Version: detail.Version, Source: "shipped", Elements: 2, Findings: map[element.Severity]int{element.Major: 1, element.Info: 3}},
		{Name: "Weather Mast", Version: "2.1.0.0", Source: "uploaded", Elements: 1},
	}, Error: "Choose a file first."})
	addReports(pages, l, detail)
	addHandshakes(pages, titled)
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var buf bytes.Buffer
	if err := c.Render(t.Context(), &buf); err != nil {
		t.Fatalf("rendering: %v", err)
	}
	return buf.String()
}

func TestPreview(t *testing.T) {
	if *previewDir == "" {
		*previewDir = t.TempDir()
	}
	abs, err := filepath.Abs(*previewDir)
	if err != nil {
		t.Fatal(err)
	}
	base := (&url.URL{Path: abs}).String()
	for name, page := range samplePages(base) {
		html := render(t, page)
		for suffix, attr := range map[string]string{"": "", "-dark": ` data-theme="dark"`} {
			text := strings.Replace(html, `<html lang="en">`, `<html lang="en"`+attr+`>`, 1)
			write(t, filepath.Join(abs, name+suffix+".html"), []byte(text))
		}
	}
	files := static.New()
	for _, name := range static.Names() {
		hashed := files.Path(name)
		f, ok := files.Open(hashed)
		if !ok {
			t.Fatalf("%s is listed and cannot be opened", name)
		}
		write(t, filepath.Join(abs, "static", hashed), f.Body)
	}
}

func write(t *testing.T, path string, body []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
}
