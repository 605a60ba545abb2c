package connector_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element"
	"fieldline/element/connector"
)

func TestShippedDefinition(t *testing.T) {
	def := parse(t, shipped())
	c, ok := def.Connection(1)
	if !ok || !c.WebSocket || c.Port != 8050 || c.TimeoutMs != 5000 || c.BusAddress != "byPassProxy" || c.NotifyParam != 7 || !c.MakeByProtocol || c.DynamicIP != 60 {
		t.Errorf("connection 1 is %+v", c)
	}
	_, shake := def.Handshake(c)
	if shake == nil || shake.URL != "50" || shake.StatusParam != 220 || shake.ContentParam != 270 {
		t.Fatalf("the handshake is %+v", shake)
	}
	want := element.Feeds{Path: true, Connections: []int{1}}
	for _, id := range []element.ParamID{50, 51} {
		if diff := cmp.Diff(want, param(t, def, id).Feeds); diff != "" {
			t.Errorf("parameter %d feeds (-want +got):\n%s", id, diff)
		}
	}
	if p := param(t, def, 50); p.WriteID != 51 || p.Default != element.Text("x-nmos/events/ws") || !p.Saved {
		t.Errorf("parameter 50 is %+v", p)
	}
	rows := []element.PageRow{{Row: 0, Read: 7}, {Row: 1, Read: 60, Write: 61}, {Row: 2, Read: 50, Write: 51}, {Row: 3, Read: 15, Write: 16}, {Row: 4, Write: 70}, {Row: 5, Read: 220}, {Row: 6, Read: 270}}
	if len(def.Pages) != 2 || def.DefaultPage != "general" {
		t.Fatalf("pages are %+v, default %q", def.Pages, def.DefaultPage)
	}
	if diff := cmp.Diff(element.Page{Name: "Connection", Slug: "connection", Rows: rows}, def.Pages[1]); diff != "" {
		t.Errorf("page Connection (-want +got):\n%s", diff)
	}
}

// param8 is a parameter for a path.
const param8 = `<Param id="8"><Name>Path</Name><Description>Path</Description><Type>read</Type><Interprete><Type>string</Type></Interprete></Param>`

func TestHandshakeVariants(t *testing.T) {
	bare := edit(t, shipped(), `<Response statusCode="220">
					<Content pid="270" />
				</Response>`, "")
	def := parse(t, bare)
	if x := def.Sessions[0].Exchanges[0]; x.StatusParam != 0 || x.ContentParam != 0 || hasID(def.Findings, "WS-23") {
		t.Errorf("a session without Response: %+v", x)
	}
	pid := edit(t, edit(t, shipped(), `url="50"`, `pid="8"`), "<Params>", "<Params>"+param8)
	def = parse(t, pid)
	if x := def.Sessions[0].Exchanges[0]; x.URLParam != 8 || !param(t, def, 8).Feeds.Path {
		t.Errorf("pid=8: %+v", x)
	}
	both := edit(t, edit(t, shipped(), `url="50"`, `url="50" pid="8"`), "<Params>", "<Params>"+param8)
	if def = parse(t, both); param(t, def, 8).Feeds.Path || !param(t, def, 50).Feeds.Path {
		t.Error("url wins over pid")
	}
}

func TestForms(t *testing.T) {
	want := parse(t, shipped())
	for name, src := range map[string]string{
		"one BOM":      "\ufeff" + shipped(),
		"two BOMs":     "\ufeff\ufeff" + shipped(),
		"no namespace": edit(t, shipped(), ` xmlns="http://www.skyline.be/protocol"`, ""),
		"prefix":       strings.NewReplacer("<Protocol xmlns=", "<p:Protocol xmlns:p=", "</Protocol>", "</p:Protocol>").Replace(shipped()),
		"CDATA":        edit(t, shipped(), "<Version>1.0.0.1<", "<Version><![CDATA[1.0.0.1]]><"),
		"casing":       strings.NewReplacer("<Version>", "<version>", "</Version>", "</version>").Replace(shipped()),
		"CRLF":         strings.ReplaceAll(shipped(), "\n", "\r\n"),
	} {
		got := parse(t, src)
		if got.Version != want.Version || len(got.Params) != len(want.Params) || len(got.Actions) != len(want.Actions) {
			t.Errorf("%s: read %s with %d parameters", name, got.Version, len(got.Params))
		}
	}
}

func TestLegacySyntax(t *testing.T) {
	def := parse(t, `<Protocol><Name>Old</Name><Version>1.0.0.1</Version><Type advanced="serial:IP;http:Web" communicationOptions="makeCommandByProtocol">http</Type>
		<PortSettings name="Main"><IPport><DefaultValue>81</DefaultValue><Disabled>true</Disabled></IPport></PortSettings>
		<Ports><PortSettings name="IP"/><PortSettings name="Web"><TimeoutTime><DefaultValue>3000</DefaultValue></TimeoutTime></PortSettings></Ports></Protocol>`)
	if len(def.Connections) != 3 {
		t.Fatalf("connections are %+v", def.Connections)
	}
	c := def.Connections
	if c[0].Name != "Main" || c[0].Port != 81 || len(c[0].Locked) != 1 || !c[0].MakeByProtocol || c[1].Kind != "serial" || c[2].TimeoutMs != 3000 || c[2].Kind != "http" {
		t.Errorf("connections are %+v", c)
	}
}

// A table of the older kind names its columns in Type@id.
func TestOlderTable(t *testing.T) {
	src := edit(t, sound(t), `<ColumnOption idx="0" pid="11" type="custom"/><ColumnOption idx="1" pid="12" type="custom"/>`, ``)
	table := param(t, parse(t, src), 10).Table
	if table == nil || len(table.Columns) != 2 || table.Columns[1].Idx != 1 || table.Columns[1].Param != 12 {
		t.Errorf("the table is %+v", table)
	}
}

// Constructs that are read for later, or not at all, are named.
func TestNamedWithoutEffect(t *testing.T) {
	src := edit(t, sound(t), `</Display>
 <Measurement><Type>number</Type></Measurement></Param>
<Param id="2">`, `<DynamicUnits><Unit decimals="1">kB</Unit></DynamicUnits><ParametersView type="pie"/></Display>
 <Measurement><Type hex="true" scientificNotation="universal">number</Type></Measurement></Param>
<Param id="2">`)
	src = edit(t, src, `<Dependencies><Id>2<`, `<Dependencies><Id postSet="true">2<`)
	src = edit(t, src, `communicationOptions=""`, `communicationOptions="customRedirect;redundantPolling"`)
	found, _ := findings(t, src)
	said := ""
	for _, f := range found {
		if f.ID == "FL-02" || f.ID == "FL-14" {
			said += f.Message + "\n"
		}
	}
	for _, what := range []string{
		"redundantPolling", "Dependencies", "ParametersView", "thresholds",
	} {
		if !strings.Contains(said, what) {
			t.Errorf("%s is not named in:\n%s", what, said)
		}
	}
	def := parse(t, src)
	p := param(t, def, 1)
	if len(p.DynamicUnits) != 1 || p.DynamicUnits[0].Unit != "kB" || *p.DynamicUnits[0].Decimals != 1 || !def.Connections[0].CustomRedirect {
		t.Errorf("units are %+v, connection %+v", p.DynamicUnits, def.Connections[0])
	}
	if v := def.Pages[0].Visible; v == nil || *v != (element.Visibility{Default: true, Param: 1, Value: "7"}) {
		t.Errorf("visibility is %+v", v)
	}
	want := []element.Prompt{{Param: 12, Optional: true}}
	if menu := param(t, def, 4); menu.DependsOn != 2 || !slices.Equal(menu.Discreets[0].Prompts, want) || param(t, def, 10).Menu != 4 {
		t.Errorf("the menu is %+v", menu.Discreets)
	}
}

func TestTooLarge(t *testing.T) {
	_, err := judged(make([]byte, connector.MaxSize+1))
	if element.CodeOf(err) != element.TooLarge {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(shipped()))
	f.Add([]byte(sound(f)))
	f.Add([]byte(`<Protocol><Name>a</Name><Version>1</Version><Type>http</Type></Protocol>`))
	f.Add([]byte("\ufeff<Protocol"))
	f.Fuzz(func(t *testing.T, src []byte) {
		def, err := judged(src)
		if (def == nil) == (err == nil) {
			t.Fatal("a definition or an error, not both")
		}
		if err != nil {
			if e, ok := errors.AsType[*element.Error](err); !ok || e.Msg == "" {
				t.Fatalf("not an error for a person: %v", err)
			}
			return
		}
		for _, p := range def.Params {
			for _, raw := range []element.Value{{}, element.Text("1"), element.Number(-1.5)} {
				if v, err := p.Decode(raw); err == nil {
					p.Display(v)
					_, _ = p.Interprete.Encode(v)
				}
			}
			p.Interprete.Decode([]byte("12"), func(element.ParamID) element.Value { return element.Value{} })
		}
	})
}

// large is a connector of about 4 MB.
func large() []byte {
	var b strings.Builder
	head, tail, _ := strings.Cut(shipped(), "</Params>")
	b.WriteString(head)
	at := strings.Index(head, `<Param id="50"`)
	end := strings.Index(head[at:], "</Param>") + len("</Param>")
	for i := range 4000 {
		id := []byte{byte('0' + i/1000), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10)}
		b.WriteString(strings.NewReplacer(`id="50"`, `id="1`+string(id)+`"`, ">WebsocketUrl<", ">P"+string(id)+"<").Replace(head[at : at+end]))
	}
	b.WriteString("</Params>" + tail)
	return []byte(b.String())
}

// typical is a connector of about 900 kB: 800 parameters as real ones have
// them, logic for each tenth of them, and scripts.
func typical() []byte {
	var b strings.Builder
	b.WriteString(`<Protocol xmlns="http://www.skyline.be/protocol"><Name>Large</Name><Version>1.0.0.1</Version><Type relativeTimers="true">http</Type>` +
		"\n<Display defaultPage=\"Page 0\" pageOrder=\"Page 0;Page 1\" />\n<Params>\n")
	for id := 1; id <= 800; id++ {
		fmt.Fprintf(&b, `	<Param id="%[1]d" trending="false">
		<Name>parameter_%[1]d</Name>
		<Description>Parameter %[1]d</Description>
		<Information>
			<Subtext>What parameter %[1]d of the device means, in a sentence or two, as the pages show it beside the value.</Subtext>
		</Information>
		<Type>read</Type>
		<Interprete>
			<RawType>numeric text</RawType>
			<LengthType>next param</LengthType>
			<Type>double</Type>
			<Decimals>2</Decimals>
		</Interprete>
		<Alarm><Monitored>true</Monitored><Normal>5</Normal><CH>%[1]d</CH></Alarm>
		<Display>
			<RTDisplay>true</RTDisplay>
			<Units>dB</Units>
			<Range><Low>0</Low><High>100</High></Range>
			<Positions>
				<Position><Page>Page %[2]d</Page><Row>%[1]d</Row><Column>0</Column></Position>
			</Positions>
		</Display>
		<Measurement>
			<Type>number</Type>
		</Measurement>
	</Param>
`, id, id%2)
	}
	b.WriteString("</Params>\n<Triggers>\n")
	for id := 1; id <= 80; id++ {
		fmt.Fprintf(&b, "\t<Trigger id=\"%[1]d\"><On id=\"%[2]d\">parameter</On><Time>change</Time><Type>action</Type><Content><Id>%[1]d</Id></Content></Trigger>\n", id, id*10)
	}
	b.WriteString("</Triggers>\n<Actions>\n")
	for id := 1; id <= 80; id++ {
		fmt.Fprintf(&b, "\t<Action id=\"%d\"><On id=\"%d\">parameter</On><Type id=\"%d\">copy</Type></Action>\n", id, id*10-1, id*10)
	}
	b.WriteString("</Actions>\n<QActions>\n")
	for id := 1; id <= 20; id++ {
		fmt.Fprintf(&b, "\t<QAction id=\"%d\" encoding=\"csharp\" triggers=\"%d\"><![CDATA[\n%s]]></QAction>\n", id, id,
			strings.Repeat("\t\t\tprotocol.SetParameter(5, Convert.ToDouble(protocol.GetParameter(6))); // keep the sum\n", 150))
	}
	b.WriteString("</QActions></Protocol>")
	return []byte(b.String())
}

func TestTypicalSize(t *testing.T) {
	src := typical()
	def := parse(t, string(src))
	if len(src) < 850_000 || len(src) > 950_000 || len(def.Params) != 800 || len(def.Actions) != 80 {
		t.Errorf("%d bytes, %d parameters, %d actions", len(src), len(def.Params), len(def.Actions))
	}
}

// BenchmarkParse and BenchmarkScan are a pair: to read a connector may cost
// four times what it costs to see its tokens.
func BenchmarkParse(b *testing.B) { bench(b, parseAll) }

func BenchmarkScan(b *testing.B) { bench(b, scanAll) }

func bench(b *testing.B, read func([]byte) error) {
	for _, size := range []struct {
		name string
		src  []byte
	}{{"900 kB", typical()}, {"4 MB", large()}} {
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(len(size.src)))
			for b.Loop() {
				if err := read(size.src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func parseAll(src []byte) error {
	_, err := judged(src)
	return err
}

func scanAll(src []byte) error {
	d := xml.NewDecoder(bytes.NewReader(src))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
