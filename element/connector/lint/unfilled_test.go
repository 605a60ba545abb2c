package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"fieldline/element"
)

// silent is sound with its script in C#: it sets parameters 1 and 2 and the
// rows of table 10, which are all that pages show.
func silent(t *testing.T) string {
	t.Helper()
	const code = `encoding="csharp" triggers="5"><![CDATA[ /* SetParameter(12, 1) */ protocol.SetParameters(new[] { 1, Parameter.mode }, null);
		// protocol.SetParameter(9, 1);
		var s = @"a""b SetParameter(9"; protocol.FillArray(Parameter.Rows.tablePid, null); protocol.AddRow(10, null); ]]>`
	xml := sound(t)
	begin, end := strings.Index(xml, `encoding="jscript"`), strings.Index(xml, `</QAction>`)
	return xml[:begin] + code + xml[end:]
}

// Parameters that only a QAction in C# sets stay empty; those that anything
// that happens here sets do not.
func TestStaysEmpty(t *testing.T) {
	found, _ := findings(t, silent(t))
	for _, n := range []string{"Parameter 1 is only set by QAction 1 (C#)", "Parameter 2 is", "Parameter 10 is"} {
		if said := messages(found, "FL-31"); !strings.Contains(said, n) {
			t.Errorf("no %q in:\n%s", n, said)
		}
	}
	if f := found[0]; f.ID != "FL-43" || f.Line != 1 || f.Message != "3 of 3 displayed values stay empty, because C# does not run here." {
		t.Errorf("in front is %+v", f)
	}
	const answer, trigger = `<Request verb="POST">`, `<On id="9">parameter</On>`
	for name, change := range map[string][]string{
		"an answer":            {answer, `<Response><Content pid="1"/></Response>` + answer},
		"a status line":        {answer, `<Response statusCode="1"/>` + answer},
		"a timer's action":     {`<Content><Group>2</Group></Content></Timer><Timer id="2">`, `<Content><Group>1</Group><Group>2</Group></Content></Timer><Timer id="2">`, `<Action id="2"><On id="5">parameter</On><Type>run actions`, `<Action id="2"><On id="1">parameter</On><Type>increment`},
		"a write's trigger":    {trigger, `<On id="3">parameter</On>`, `<On id="5">parameter</On><Type>increment`, `<On id="1">parameter</On><Type>increment`},
		"a copy of a write":    {trigger, `<On id="3">parameter</On>`, `<On id="5">parameter</On><Type>increment`, `<On id="1">parameter</On><Type id="3">copy`},
		"a setter":             {`<Param id="3">`, `<Param id="3" setter="true">`},
		"a default":            {`<Type>double</Type>`, `<Type>double</Type><DefaultValue>1</DefaultValue>`},
		"after startup":        {`<Content><Action>2</Action>`, `<Content><Action>3</Action>`, `<On id="5">parameter</On><Type>increment`, `<On id="1">parameter</On><Type>increment`},
		"an answer's trigger":  {answer, `<Response><Content pid="9"/></Response>` + answer, `<On id="5">parameter</On><Type>increment`, `<On id="1">parameter</On><Type>increment`},
		"each changed value":   {trigger, `<On id="each">parameter</On>`, `<On id="5">parameter</On><Type>increment`, `<On id="1">parameter</On><Type>increment`},
		"after a timer's poll": {trigger, `<On id="2">group</On>`, `<Time>change</Time>`, `<Time>after</Time>`, `<On id="5">parameter</On><Type>increment`, `<On id="1">parameter</On><Type>increment`},
	} {
		src := silent(t)
		for i := 0; i < len(change); i += 2 {
			src = edit(t, src, change[i], change[i+1])
		}
		found, _ := findings(t, src)
		if m := messages(found, "FL-31"); strings.Contains(m, "Parameter 1 is") {
			t.Errorf("%s sets it, but it says: %s", name, m)
		}
		if m := messages(found, "FL-43"); !strings.HasPrefix(m, "2 of 3 displayed values stay empty") {
			t.Errorf("%s: in front is %s", name, m)
		}
	}
	for name, change := range map[string][]string{
		"a session that nothing sends": {answer, `<Response><Content pid="1"/></Response>` + answer, `<Session connection="1">1</Session>`, `<Action>1</Action>`, `<Content><Session`, `<Type>poll action</Type><Content><Session`},
		"a trigger on what C# sets":    {trigger, `<On id="9">parameter</On>`, `<On id="5">parameter</On><Type>increment`, `<On id="1">parameter</On><Type>increment`},
		"a copy of what C# sets":       {trigger, `<On id="3">parameter</On>`, `<On id="5">parameter</On><Type>increment`, `<On id="1">parameter</On><Type id="9">copy`},
		"a timer that is not started":  {`<Timer id="1"><Time>`, `<Timer id="1"><Time initial="false">`, `<Timer id="2"><Time>`, `<Timer id="2"><Time initial="false">`, answer, `<Response><Content pid="1"/></Response>` + answer},
	} {
		src := silent(t)
		for i := 0; i < len(change); i += 2 {
			if strings.Contains(src, change[i]) {
				src = edit(t, src, change[i], change[i+1])
			}
		}
		found, _ := findings(t, src)
		if m := messages(found, "FL-31"); !strings.Contains(m, "Parameter 1 is") {
			t.Errorf("%s does not set it, but it says: %s", name, m)
		}
	}
}

// What should fill a value says why it stays empty: rows that only C# makes, a
// session that nothing sends, a transport that does not run. Where a script
// runs, or nothing in the file says what should fill it, nothing is said.
func TestWhyAValueStaysEmpty(t *testing.T) {
	const (
		csharp   = `<QActions><QAction id="1" encoding="csharp">x</QAction></QActions>`
		session  = `<HTTP><Session id="3"><Connection id="1"><Request/><Response><Content pid="1"/></Response></Connection></Session></HTTP>`
		polls    = `<Groups><Group id="1"><Content><Session>3</Session></Content></Group></Groups>`
		timer    = `<Timers><Timer id="1"><Time>1000</Time><Content><Group>1</Group></Content></Timer></Timers>`
		response = `<Responses><Response id="1"><Content><Param>1</Param></Content></Response></Responses>`
		pair     = `<Commands><Command id="1"/></Commands><Pairs><Pair id="1"><Content><Command>1</Command><Response>1</Response></Content></Pair></Pairs>` +
			`<Groups><Group id="1"><Content><Pair>1</Pair></Content></Group></Groups>` + timer
	)
	tests := []struct {
		name, kind, more string
		want             [2]string // why parameter 1 and table 10 stay empty
	}{
		{"nothing says what fills it", "http", "", [2]string{}},
		{"code that names nothing", "http", csharp, [2]string{"C# does not run here", "C# does not run here"}},
		{"a session that nothing sends", "http", session, [2]string{"the session that fills it is never sent"}},
		{"a session in a group that nothing runs", "http", session + polls, [2]string{"the session that fills it is never sent"}},
		{"a session that a timer sends", "http", session + polls + timer, [2]string{}},
		{"a session that only C# could send", "http", session + polls + csharp, [2]string{"C# does not run here", "C# does not run here"}},
		{"a session beside rows of C#", "http", session + polls + timer + csharp, [2]string{"", "C# does not run here"}},
		{"a session on a serial line", "serial", session + polls + timer, [2]string{"the session that fills it is never sent"}},
		{"a serial line", "serial", response + pair, [2]string{"serial does not run here"}},
		{"a smart-serial line", "smart-serial", response, [2]string{"smart-serial does not run here"}},
		{"SNMP", "snmpv2", "<SNMP/>", [2]string{"SNMP does not run here", "SNMP does not run here"}},
		{"a script that runs", "http", `<QActions><QAction id="1" encoding="jscript" triggers="1">x</QAction></QActions>`, [2]string{}},
		{"SNMP beside rows of C#", "snmp", "<SNMP/>" + csharp, [2]string{"SNMP does not run here", "C# does not run here"}},
		{"VBScript", "http", strings.Replace(csharp, "csharp", "vbscript", 1), [2]string{"VBScript does not run here", "VBScript does not run here"}},
	}
	for _, tt := range tests {
		src := strings.Replace(onPage("read", `<Type>string</Type>`, strings.Replace(tt.more, "<SNMP/>", "", 1)), "<Type>http<", "<Type>"+tt.kind+"<", 1)
		if strings.Contains(tt.more, "<SNMP/>") {
			src = strings.Replace(src, `<Param id="1">`, `<Param id="1"><SNMP><Enabled>true</Enabled></SNMP>`, 1)
			if tt.want[1] != "C# does not run here" {
				src = strings.Replace(src, `<Param id="12">`, `<Param id="12"><SNMP><Enabled>true</Enabled></SNMP>`, 1)
			}
		}
		def := parse(t, src)
		if got := [2]string{def.Param(1).Unfilled, def.Param(10).Unfilled}; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		count := map[string]int{}
		for _, w := range tt.want {
			count[w]++
		}
		delete(count, "")
		want := ""
		switch len(count) {
		case 1:
			for why, n := range count {
				want = fmt.Sprintf("%d of 2 displayed values %s empty, because %s.\n", n, map[bool]string{true: "stays", false: "stay"}[n == 1], why)
			}
		case 2:
			want = fmt.Sprintf("2 of 2 displayed values stay empty, 1 because %s, 1 because %s.\n", tt.want[1], tt.want[0])
		}
		if m := messages(def.Findings, "FL-43"); m != want || want != "" && (def.Findings[0].ID != "FL-43" || def.Findings[0].Severity != element.Info) {
			t.Errorf("%s: in front is %q, want %q", tt.name, m, want)
		}
	}
}
