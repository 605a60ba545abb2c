package engine_test

import (
	"testing"

	"fieldline/element"
	"fieldline/element/engine"
)

const answered = `<Connections><Connection id="1" name="D"><Http><CommunicationOptions><WebSocket>true</WebSocket><MakeCommandByProtocol>true</MakeCommandByProtocol></CommunicationOptions></Http></Connection></Connections>
<Params>
<Param id="10"><Name>Message</Name><Description>Message</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="12"><Name>Level</Name><Description>Level</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
<Param id="13"><Name>Level</Name><Description>Level</Description><Type>write</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
</Params>
<Commands><Command id="1"><Name>c</Name><Content><Param>13</Param></Content></Command></Commands>
<Responses><Response id="1" options="Connection:1"><Name>r</Name><Content><Param>10</Param></Content></Response></Responses>
<Pairs><Pair id="1" options="connection:1"><Name>p</Name><Content><Command>1</Command></Content></Pair></Pairs>
<Groups><Group id="1" connection="1"><Name>g</Name><Content><Pair>1</Pair></Content></Group></Groups>
<Triggers>
<Trigger id="1"><Name>make</Name><On id="each">command</On><Time>before</Time><Type>action</Type><Content><Id>1</Id></Content></Trigger>
<Trigger id="2"><Name>send</Name><On id="13">parameter</On><Time>change</Time><Type>action</Type><Content><Id>2</Id></Content></Trigger>
</Triggers>
<Actions><Action id="1"><Name>make</Name><On>command</On><Type>make</Type></Action><Action id="2"><Name>send</Name><On id="1">group</On><Type>execute</Type></Action></Actions>
<QActions><QAction id="1" name="q" encoding="jscript" triggers="10"><![CDATA[var x;]]></QAction></QActions>`

// What a script sets while it handles a message of the device is what the
// device says: it confirms a write, and is stale once the device is gone.
func TestQActionSpeaksForTheDeviceItHears(t *testing.T) {
	def := parse(t, []byte(answered))
	e := engine.New(def, "e1", config(def))
	e.UseScripts(fake(func(_ element.ParamID, h engine.ScriptHost) error {
		h.SetValue(12, element.Number(float64(len(h.Value(10).String()))))
		return nil
	}))
	e.Handle(midnight, engine.Start{})
	e.Handle(midnight, engine.Opened{Connection: 1})
	var token uint64
	for _, f := range e.Handle(midnight, engine.Set{WriteID: "w1", Target: element.Target{Parameter: 13}, Named: 13, Value: element.Number(3), By: "anna"}) {
		if s, ok := f.(engine.Send); ok {
			token = s.Token
		}
	}
	e.Handle(midnight, engine.Sent{Token: token})
	status := func() element.WriteStatus { return e.Receipts()[0].Status }
	hear := func(text string) {
		e.Handle(midnight, engine.Received{Connection: 1, Text: true, Data: []byte(text)})
	}
	if status() != element.WriteSent {
		t.Fatalf("the write is %s before the device says anything", status())
	}
	hear("xx")
	if status() != element.WriteSent {
		t.Errorf("another value made the write %s", status())
	}
	hear("xxx")
	if status() != element.WriteConfirmed {
		t.Errorf("the value that was written leaves the write %s", status())
	}
	if p, _ := e.Parameter(12); p.Value != element.Number(3) || p.Stale {
		t.Errorf("the level reads %+v", p)
	}
	e.Handle(midnight, engine.Down{Connection: 1})
	if p, _ := e.Parameter(12); !p.Stale {
		t.Errorf("the device is gone and the level reads %+v", p)
	}
}
