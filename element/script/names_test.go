package script_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element/connector"
	"fieldline/element/script"
)

// slProtocol are the names of DataMiner's SLProtocol that scripts can rely on.
const slProtocol = `AddRow CheckTrigger ClearAllKeys DataMinerID DeleteRow ElementID ElementName Exists FillArray FillArrayNoDelete
	FillArrayWithColumn GetData GetInputParameter GetKeys GetParameter GetParameterByName GetParameterDescription GetParameterIndexByKey
	GetParameters GetRow GetTriggerParameter IsEmpty Log NewRow OldRow ProtocolName ProtocolVersion RowCount RowIndex RowKey SendToDisplay
	SetParameter SetParameterBinary SetParameterIndexByKey SetParameters SetRow UserInfo`

// Every name is there, and every name that is there is documented.
func TestNames(t *testing.T) {
	r := build(t, script.Options{}, qaction(1, "11", "", `protocol.Log(Object.getOwnPropertyNames(protocol).sort().join(" "))`))
	got := r.set("x")
	names := strings.Fields(strings.TrimPrefix(got[len(got)-1], "info: "))
	for want := range strings.FieldsSeq(slProtocol) {
		if !slices.Contains(names, want) {
			t.Errorf("protocol has no %s", want)
		}
	}
	page, err := os.ReadFile("../../docs/scripts.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.Contains(string(page), "`"+name+"`") && !strings.Contains(string(page), "`"+name+"(") {
			t.Errorf("docs/scripts.md does not tell of %s", name)
		}
	}
}

// What scripts see of parameters that every element has, and of exceptions.
func TestGeneralAndExceptions(t *testing.T) {
	tests := []struct {
		name, code string
		want       []string
	}{
		{"state, timeout and id", `protocol.Log([64502, 64501, 65026, 65017].map(function (id) { return protocol.GetParameter(id) }).join())`, []string{"info: 1,0,e1,1"}},
		{"the timer base", `protocol.SetParameter(65018, 0.5); protocol.Log(String(protocol.GetParameter(65017)))`, []string{"info: 0.5"}},
		{"no timer base", `protocol.SetParameter(65018, 20)`, []string{"error: QAction 1 ended early: line 21: TypeError: SetParameter: the timer base is a number from 0.01 to 10."}},
		{"not to be set", `protocol.SetParameter(64502, 3)`, []string{"error: QAction 1 ended early: line 21: TypeError: SetParameter: parameter 64502 (STATE) says what the element is; it cannot be set."}},
		{"no event", `protocol.SetParameterBinary(64502, 3)`, []string{"error: QAction 1 ended early: line 21: TypeError: SetParameterBinary: parameter 64502 (STATE) says what the element is; it cannot be set."}},
		{"shown at once", `protocol.SetParameter(12, 3); protocol.SendToDisplay(12)`, []string{"12 = 3"}},
		{"shown, but unknown", `protocol.SendToDisplay(99)`, []string{"error: QAction 1 ended early: line 21: TypeError: SendToDisplay: the connector has no parameter 99."}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			r := build(t, script.Options{}, qaction(1, "11", "", tc.code))
			got := slices.DeleteFunc(r.set("x"), func(line string) bool { return line == "10 = x" })
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A script gets what the device sent where an exception takes its place; the
// bytes too.
func TestOriginalOfAnException(t *testing.T) {
	const exception = `<Exceptions><Exception id="1" value="n/a"><Display>None</Display><Value>-99</Value></Exception></Exceptions>`
	const head = `<Description>Message</Description><Type>read</Type><Interprete>`
	def, err := connector.Parse(fmt.Appendf(nil, strings.Replace(device, head, head+exception, 1),
		qaction(1, "20", "", `protocol.Log(protocol.GetParameter(20) + " " + protocol.GetData("PARAMETER", 20).length)`)))
	if err != nil {
		t.Fatal(err)
	}
	r := begin(def, script.Options{})
	got := r.hear("n/a")
	if want := []string{"info: n/a 3"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if p, _ := r.Parameter(20); p.Value.String() != "-99" || p.Display != "None" {
		t.Errorf("shown is %q (%s)", p.Display, p.Value)
	}
}
