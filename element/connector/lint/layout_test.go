package lint_test

import (
	"strings"
	"testing"

	"fieldline/element"
)

// onPage is a connector with parameter 1 on a page and table 10 with key 11,
// cell 12 and its write parameter 13 on another.
func onPage(kind, measurement, more string) string {
	const place = `<Positions><Position><Page>%</Page><Row>0</Row><Column>0</Column></Position></Positions>`
	info := `<Information><Subtext>what it is</Subtext></Information>`
	column := func(id, name, kind string) string {
		return `<Param id="` + id + `"><Name>` + name + `</Name><Description>` + name + `</Description><Type>` + kind + `</Type><Interprete><LengthType>next param</LengthType><Type>double</Type></Interprete><Display><RTDisplay>true</RTDisplay></Display><Measurement><Type>number</Type></Measurement></Param>`
	}
	return `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Display pageOrder="A;B" defaultPage="A"/><Params>
<Param id="1"><Name>one</Name><Description>One</Description><Type>` + kind + `</Type><Display><RTDisplay>true</RTDisplay>` + strings.Replace(place, "%", "A", 1) + `</Display><Measurement>` + measurement + `</Measurement></Param>
<Param id="10"><Name>rows</Name><Description>Rows</Description><Type>array</Type>` + info + `<ArrayOptions index="0"><ColumnOption idx="0" pid="11" type="retrieved"/><ColumnOption idx="1" pid="12" type="retrieved"/></ArrayOptions>
<Display><RTDisplay>true</RTDisplay>` + strings.Replace(place, "%", "B", 1) + `</Display><Measurement><Type options="tab=columns:11|0-12|1,width:10-10">table</Type></Measurement></Param>
` + column("11", "key", "read") + column("12", "cell", "read") + column("13", "cell", "write") + `</Params>` + more + `</Protocol>`
}

// Tooltips are asked for where DataMiner shows one: not of titles, of tree
// controls, and of writes other than buttons.
func TestWhatNeedsATooltip(t *testing.T) {
	entries := `<Discreets><Discreet><Display>Go</Display><Value>1</Value></Discreet><Discreet><Display>No</Display><Value>2</Value></Discreet></Discreets>`
	tests := []struct {
		kind, measurement, more string
		want                    bool
	}{
		{"read", `<Type>string</Type>`, "", true},
		{"read", `<Type>discreet</Type>` + entries, "", true},
		{"dummy", `<Type>string</Type>`, "", true},
		{"read", `<Type>string</Type>`, `<TreeControls><TreeControl parameterId="1"/></TreeControls>`, false},
		{"read", `<Type>string</Type>`, `<TreeControls><TreeControl parameterId="2"/></TreeControls>`, true},
		{"fixed", `<Type>title</Type>`, "", false},
		{"read", `<Type options="begin">title</Type>`, "", false},
		{"fixed", `<Type options="end">title</Type>`, "", false},
		{"write", `<Type>button</Type>` + entries, "", true},
		{"write", `<Type>togglebutton</Type>` + entries, "", false},
		{"write", `<Type>pagebutton</Type>` + entries, "", false},
		{"write", `<Type>string</Type>`, "", false},
		{"write", `<Type>number</Type>`, "", false},
		{"write", `<Type>discreet</Type>` + entries, "", false},
	}
	for _, tt := range tests {
		found, _ := findings(t, onPage(tt.kind, tt.measurement, tt.more))
		if got := strings.Contains(messages(found, "2.4.1"), "Parameter 1 "); got != tt.want {
			t.Errorf("%s %s%s: 2.4.1 is %v, want %v", tt.kind, tt.measurement, tt.more, got, tt.want)
		}
	}
	found, _ := findings(t, onPage("read", `<Type>string</Type>`, ""))
	if m := messages(found, "2.4.1"); !strings.Contains(m, "Parameter 11 ") || !strings.Contains(m, "Parameter 12 ") || strings.Contains(m, "Parameter 13 ") {
		t.Errorf("of the columns of a shown table, those that are read have tooltips: %s", m)
	}
	found, _ = findings(t, strings.Replace(onPage("read", `<Type>string</Type>`, ""), "<Page>B</Page>", "", 1))
	if m := messages(found, "2.4.1"); strings.Contains(m, "Parameter 11 ") {
		t.Errorf("a column of a table that is on no page needs no tooltip: %s", m)
	}
}

// messages joins what a rule said.
func messages(found []element.Finding, id string) string {
	var b strings.Builder
	for _, f := range found {
		if f.ID == id {
			b.WriteString(f.Message + "\n")
		}
	}
	return b.String()
}

// The key of a row has neither a unit nor a range.
func TestKeysHaveNoUnits(t *testing.T) {
	found, _ := findings(t, onPage("read", `<Type>number</Type>`, ""))
	for _, id := range []string{"2.9.7", "2.11.1"} {
		m := messages(found, id)
		if strings.Contains(m, "Parameter 11 ") || !strings.Contains(m, "Parameter 12 ") || !strings.Contains(m, "Parameter 1 ") {
			t.Errorf("%s: %s", id, m)
		}
	}
}

// Each id that leads nowhere is named where lists of columns and of tables
// are written.
func TestColumnsAndRelationsThatAreNone(t *testing.T) {
	src := strings.Replace(onPage("read", `<Type>string</Type>`, `<Relations><Relation path="10;98;1;x;99"/><Relation path="10"/></Relations>`),
		"columns:11|0-12|1", "columns:11|0-96|1-12|2-1|3-97|4-13|5", 1)
	found, _ := findings(t, src)
	for id, want := range map[string][]string{
		"FL-13":  {"parameter 96, which does not exist", "parameter 97, which does not exist", "parameter 1, which is not a column of it"},
		"13.2.1": {"table 98,", "table 99,"}, "13.2.3": {`"x"`}, "13.2.7": {"parameter 1,"},
	} {
		m := messages(found, id)
		if strings.Count(m, "\n") != len(want) {
			t.Errorf("%s says %s", id, m)
		}
		for _, w := range want {
			if !strings.Contains(m, w) {
				t.Errorf("%s does not say %q: %s", id, w, m)
			}
		}
	}
	found, _ = findings(t, onPage("read", `<Type>string</Type>`, `<Relations><Relation path="10"/></Relations>`))
	if messages(found, "13.2.1")+messages(found, "13.2.7")+messages(found, "FL-13") != "" || !strings.Contains(messages(found, "FL-02"), "Relations") {
		t.Errorf("of good ones it is said that they have no effect, and nothing else: %v", found)
	}
}

// DataMiner's forms of a name hold for each connection by itself, also where
// several are of a kind.
func TestNamesOfSeveralConnections(t *testing.T) {
	tests := []struct {
		names string
		wrong int
	}{
		{"SNMP Connection;SNMP Connection - Two;SNMP Connection - Three", 0},
		{"SNMP Connection - One;SNMP Connection - Two;SNMP Connection - Three", 0},
		{"SNMP Connection;SNMPv2 Connection;SNMPv3 Connection", 2},
		{"SNMP Connection;SNMP Connection;SNMP Connection - ", 1}, // that two are equal is said by 1.23.3
		{"snmp connection;SNMP Connection-2;SNMP Connection 3", 3},
	}
	for _, tt := range tests {
		n := strings.Split(tt.names, ";")
		found, _ := findings(t, `<Protocol><Name>x</Name><Version>1</Version><Type advanced="snmpv2:`+n[1]+`;snmpv3:`+n[2]+`">snmp</Type><PortSettings name="`+n[0]+
			`"/><Ports><PortSettings name="`+n[1]+`"/><PortSettings name="`+n[2]+`"/></Ports></Protocol>`)
		m := messages(found, "1.23.2")
		if strings.Count(m, "\n") != tt.wrong {
			t.Errorf("%s: %s", tt.names, m)
		}
		for line := range strings.SplitSeq(m, "\n") {
			_, form, _ := strings.Cut(line, "form is ")
			for _, name := range n {
				if strings.Contains(line, "is named "+`"`+name+`"`) && strings.Contains(form, `"`+name+`"`) {
					t.Errorf("a name is called wrong and right at once: %s", line)
				}
			}
		}
	}
}

// A parameter in a group may say how it is polled over SNMP.
func TestSuffixesOfPolledParameters(t *testing.T) {
	for suffix, want := range map[string]string{
		"": "", ":single": "", ":instance": "", ":tablev2": "", ":getnext": "", ":Single": "", ":table": "4.2.5", ":one": "4.2.4", ":": "4.2.4", ":single:2": "4.2.4",
	} {
		def := parse(t, onPage("read", `<Type>string</Type>`, `<Groups><Group id="1"><Content><Param>10`+suffix+`</Param><Param>99`+suffix+`</Param></Content></Group></Groups>`))
		for _, id := range []string{"4.2.4", "4.2.5"} {
			if hasID(def.Findings, id) != (id == want) {
				t.Errorf("10%s: %s is %v", suffix, id, hasID(def.Findings, id))
			}
		}
		if m := messages(def.Findings, "4.2.1"); !strings.Contains(m, "parameter 99,") || strings.Count(m, "\n") != 1 || len(def.Groups[0].Content) != 1 {
			t.Errorf("10%s: %s %+v", suffix, m, def.Groups)
		}
	}
}
