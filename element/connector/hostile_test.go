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
		"exceptions":         head + `<Params><Param id="1"><Name>x</Name><Type>read</Type><Interprete><Exceptions>` + many(100_000, `<Exception id="%d"><Display>%d</Display></Exception>`) + "</Exceptions></Interprete></Param></Params></Protocol>",
		"exchanges":          head + "<HTTP>" + many(50_000, `<Session id="%d"><Connection id="%d"/></Session>`) + "</HTTP><Groups>" + many(50_000, `<Group id="%d"><Content><Session connection="7">%d</Session></Content></Group>`) + "</Groups></Protocol>",
		"each":               head + "<Params>" + many(60_000, `<Param id="%d"><Name>p%d</Name><Type>read</Type></Param>`) + "</Params><Triggers>" + many(20_000, `<Trigger id="%d"><On id="each">parameter</On><Time>change</Time><Content><Id>%d</Id></Content></Trigger>`) + "</Triggers><Actions>" + many(20_000, `<Action id="%d"><On id="%d">parameter</On><Type>increment</Type></Action>`) + "</Actions></Protocol>",
		"columns of a type":  head + `<Params><Param id="1"><Name>x</Name><Type id="` + strings.Repeat("1;", 3_000_000) + `">array</Type></Param></Params></Protocol>`,
		"values":             head + `<Params><Param id="1"><Name>x_ContextMenu</Name><Type>write</Type><Measurement><Type>discreet</Type><Discreets><Discreet dependencyValues="` + strings.Repeat("9;", 3_000_000) + `"/></Discreets></Measurement></Param></Params></Protocol>`,
		"calls":              head + `<QActions><QAction id="1" encoding="csharp">` + strings.Repeat("SetParameter(", 900_000) + `</QAction></QActions></Protocol>`,
		"options":            head + `<Params><Param id="1"><Name>x</Name><Type options="` + strings.Repeat("x;", 1_000_000) + `">read</Type></Param></Params></Protocol>`,
	}
	array := func(id, columns string) string {
		return `<Param id="` + id + `"><Name>t` + id + `</Name><Type>array</Type><ArrayOptions index="0">` + columns + `</ArrayOptions></Param>`
	}
	tests["views of one table"] = head + "<Params>" + array("1", `<ColumnOption pid="2"/>`) + `<Param id="2" duplicateAs="` + many(9000, "2%04[1]d,%[2]d,") + `"><Name>key</Name><Type>read</Type></Param>` +
		many(9000, array("1%04[1]d", `<ColumnOption pid="2%04[1]d"/>`)+"<!--%[2]d-->") + "</Params></Protocol>"
	tests["wide views"] = head + "<Params>" + array("1", many(9000, `<ColumnOption pid="1%04[1]d"/><!--%[2]d-->`)) + array("2", many(9000, `<ColumnOption pid="2%04[1]d"/><!--%[2]d-->`)) +
		many(9000, `<Param id="1%04[1]d" duplicateAs="2%04[1]d"><Name>c%[2]d</Name><Type>read</Type><Measurement><Type options="custom=disableWrite:10001=1">string</Type></Measurement></Param>`) + "</Params></Protocol>"
	const most = time.Minute // each takes well under a second on an idle machine
	for name, src := range tests {
		begin := time.Now()
		def, err := judged([]byte(src))
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

// A name is shown in lists, stands in addresses and is kept with every element.
func TestNamesAreBounded(t *testing.T) {
	const file = "<Protocol><Name>%s</Name><Version>%s</Version><Type>http</Type></Protocol>"
	long := strings.Repeat("é", connector.MaxName)
	if found, refused := findings(t, fmt.Sprintf(file, long, long)); refused {
		t.Errorf("names of %d characters are refused: %v", connector.MaxName, found)
	}
	for _, src := range []string{fmt.Sprintf(file, long+"x", "1"), fmt.Sprintf(file, "x", "1"+long)} {
		if found, refused := findings(t, src); !refused || !hasID(found, "FL-05") {
			t.Errorf("refused %v: %v", refused, found)
		}
	}
}

// Whoever saves a connector in another encoding is told which one to take.
func TestOtherEncodings(t *testing.T) {
	const file = "<Protocol><Name>x</Name></Protocol>"
	wide := func(little bool) string {
		var b strings.Builder
		for _, c := range []byte(file) {
			if little {
				b.WriteString(string([]byte{c, 0}))
			} else {
				b.WriteString(string([]byte{0, c}))
			}
		}
		return b.String()
	}
	for src, says := range map[string]string{
		wide(true): "UTF-16", wide(false): "UTF-16", "\xff\xfe" + wide(true): "UTF-16",
		"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<Protocol>\xe9</Protocol>": "not in iso-8859-1",
		"<Protocol>\xe9</Protocol>": "save it as UTF-8",
	} {
		found, refused := findings(t, src)
		if !refused || found[0].ID != "FL-03" || !strings.Contains(found[0].Message, says) || !strings.Contains(found[0].Message, "save it as UTF-8") {
			t.Errorf("%q: refused %v, %v", src[:12], refused, found)
		}
	}
}

// A letter in lower case may have more bytes, or fewer, than in upper case.
func TestLettersOfOtherLengths(t *testing.T) {
	const entry = `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Params><Param id="1"><Name>a</Name><Type>write</Type>
<Measurement><Type options="%[1]s">discreet</Type><Discreets><Discreet options="%[1]s"><Display>a</Display><Value>1</Value></Discreet></Discreets></Measurement></Param>
<Param id="2"><Name>b</Name><Type options="%[1]s">array</Type><ArrayOptions index="0" options="%[1]s"><ColumnOption idx="0" pid="3" options="%[1]s"/></ArrayOptions></Param></Params></Protocol>`
	for _, option := range []string{"confirm:", "level:", "disabled=1,", "script:", "naming=", "view=", "number=", "tab=columns:", "custom=disableWrite:", "dynamic ip", "foreignKey="} {
		for _, c := range []string{"Ⱥ", "İ", "\u212a"} {
			def := parse(t, fmt.Sprintf(entry, option+strings.Repeat(c, 20)))
			if text := def.Params[0].Discreets[0].Confirm; option == "confirm:" && text != strings.Repeat(c, 20) {
				t.Errorf("the question is %q", text)
			}
			for i := range option { // such a letter in the option itself
				parse(t, fmt.Sprintf(entry, option[:i]+c+option[i+1:]+"1"))
			}
		}
	}
}
