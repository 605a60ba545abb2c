package lint_test

import (
	"strings"
	"testing"
)

// advised is a connector that none of the rules below has anything to say of.
const advised = `<Protocol><Name>x</Name><Version>1</Version><Type advanced="http:HTTP Connection - Events">http</Type>
<PortSettings name="HTTP Connection - Main"/><Ports><PortSettings name="HTTP Connection - Events"/></Ports>
<Display pageOrder="Main" defaultPage="Main"/>
<Params>
<Param id="1"><Name>Gain</Name><Description>Gain</Description><Type>read</Type><Display><RTDisplay>true</RTDisplay><Units>dB/Month</Units></Display></Param>
<Param id="2" duplicateAs="1"><Name>Mode</Name><Description>Mode</Description><Type>read</Type></Param>
<Param id="3"><Name>Mode</Name><Description>Mode</Description><Type>write</Type><Measurement><Type>discreet</Type><Discreets>
<Discreet><Display>PAL</Display><Value>0</Value></Discreet><Discreet><Display>NTSC</Display><Value>1</Value></Discreet></Discreets></Measurement></Param>
</Params>
<Commands><Command id="1"><Name>c</Name><Content><Param>1</Param></Content></Command></Commands>
<Responses><Response id="1"><Name>r</Name><Content><Param>1</Param></Content></Response></Responses>
<Pairs><Pair id="1"><Name>p</Name><Content><Command>1</Command><Response>1</Response></Content></Pair>
<Pair id="2"><Name>q</Name><Content><Command>1</Command><Response>1</Response></Content></Pair></Pairs>
<Groups><Group id="1"><Name>g</Name><Content><Pair>1</Pair></Content></Group></Groups>
<Actions><Action id="1"><Name>a</Name><On id="1">pair</On><Type id="1">timeout</Type></Action>
<Action id="2"><Name>b</Name><On id="1">pair</On><Type value="5">set next</Type></Action></Actions>
<QActions><QAction id="1" encoding="jscript" triggers="3">x</QAction></QActions>
</Protocol>`

// Each rule is broken by a change, and only then reported.
func TestAdvice(t *testing.T) {
	tests := []struct{ id, old, with string }{
		{"1.23.2", `<PortSettings name="HTTP Connection - Main"/>`, `<PortSettings name="Main"/>`},
		{"1.23.2", `<PortSettings name="HTTP Connection - Main"/>`, `<PortSettings name="HTTP Connection -  "/>`},
		{"1.23.2", `<PortSettings name="HTTP Connection - Main"/>`, `<PortSettings name="HTTP Connections"/>`},
		{"1.26.2", `<Pair id="1"><Name>p</Name><Content><Command>1</Command><Response>1</Response>`, `<Pair id="1"><Name>p</Name><Content><Command>1</Command>`},
		{"1.28.1", `<Display pageOrder="Main" defaultPage="Main"/>`, ``},
		{"2.1.6", `<Param id="2"`, `<Param id="64000"`},
		{"2.1.6", `<Param id="2"`, `<Param id="64299"`},
		{"2.1.7", `<Param id="2"`, `<Param id="70000"`},
		{"2.1.8", `<Param id="2"`, `<Param id="99999"`},
		{"2.1.9", `">http</Type>`, `">service</Type>`},
		{"2.1.10", `">http</Type>`, `">sla</Type>`},
		{"2.9.4", `<Units>dB/Month<`, `<Units>decibel<`},
		{"2.37.1", `<Display>PAL</Display><Value>0</Value></Discreet><Discreet><Display>NTSC<`, `<Display>On</Display><Value>0</Value></Discreet><Discreet><Display>off<`},
		{"3.2.1", ` triggers="3"`, ``},
		{"3.2.2", ` triggers="3"`, ` triggers=""`},
		{"6.7.3", `<Type id="1">timeout`, `<Type>timeout`},
		{"6.7.6", `<Type value="5">set next`, `<Type>set next`},
		{"6.7.7", `<Type value="5">set next`, `<Type value="5" id="1">set next`},
		{"FL-13", `duplicateAs="1"`, `duplicateAs="1,99"`},
	}
	before, _ := findings(t, advised)
	for _, tt := range tests {
		after, refused := findings(t, edit(t, advised, tt.old, tt.with))
		if refused || !hasID(after, tt.id) {
			t.Errorf("%s is not reported for %q (refused %v): %v", tt.id, tt.with, refused, after)
		}
		if hasID(before, tt.id) {
			t.Errorf("%s is reported without the change: %v", tt.id, before)
		}
	}
}

// What looks like a break of a rule and is none.
func TestNoAdvice(t *testing.T) {
	tests := []struct{ id, old, with string }{
		{"1.23.2", `<PortSettings name="HTTP Connection - Main"/>`, `<PortSettings name="HTTP Connection - Backup 2"/>`},
		{"1.23.2", `<PortSettings name="HTTP Connection - Main"/>`, `<PortSettings name="HTTP Connection"/>`}, // two of a kind
		{"1.26.2", `<Pair id="1"><Name>p</Name><Content><Command>1</Command><Response>1</Response>`, `<Pair id="3"><Name>p</Name><Content><Command>1</Command>`},
		{"2.1.6", `<Param id="2"`, `<Param id="63999"`},
		{"2.1.7", `<Param id="2"`, `<Param id="1000000"`},
		{"2.1.9", `">http</Type>`, `">sla</Type>`},
		{"2.37.1", `<Name>Mode</Name><Description>Mode</Description><Type>read</Type>`, `<Name>Other</Name><Description>Other</Description><Type>read</Type>`},
		{"3.2.1", `encoding="jscript" triggers="3"`, `encoding="csharp"`},
		{"6.7.6", `<Type value="5">set next`, `<Type id="1">set next`},
	}
	for _, tt := range tests {
		src := advised
		if tt.id == "2.37.1" { // a write parameter that nothing reads back
			src = edit(t, src, `<Display>PAL</Display><Value>0</Value></Discreet><Discreet><Display>NTSC<`, `<Display>On</Display><Value>0</Value></Discreet><Discreet><Display>Off<`)
		}
		if after, _ := findings(t, edit(t, src, tt.old, tt.with)); hasID(after, tt.id) {
			t.Errorf("%s is reported for %q", tt.id, tt.with)
		}
	}
}

func TestUnits(t *testing.T) {
	known := "% dB dBm dBuV ms us kbps MBps GHz deg deg C kWh V_AC m^2 m/s kg/m^3 W/m^2 Errors/s MSamples/Month Packets/min mbar KiB GiBps dBmV/MHz " +
		"Hits/cm^2/h ft^3/min px ppm rpm l/x kW/h mV/deg C/Cell Slots/Frame"
	for unit := range strings.FieldsSeq(strings.ReplaceAll(known, "deg C", "deg_C")) {
		unit = strings.ReplaceAll(unit, "deg_C", "deg C")
		found, _ := findings(t, edit(t, advised, "dB/Month", unit))
		if hasID(found, "2.9.4") != (unit == "l/x") {
			t.Errorf("%q: 2.9.4 is %v", unit, hasID(found, "2.9.4"))
		}
	}
	for _, unit := range []string{"decibel", "°C", "µs", "/", "m/", "/s", "xHz", "Parsec", "m^4"} {
		if found, _ := findings(t, edit(t, advised, "dB/Month", unit)); !hasID(found, "2.9.4") {
			t.Errorf("%q is taken for a unit", unit)
		}
	}
}
