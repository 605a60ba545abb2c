package library

import (
	"errors"
	"testing"

	"fieldline/element"

	"github.com/google/go-cmp/cmp"
)

// small is a connector with two connections, the second of which this program
// does not run, and a saved parameter with its write twin.
const small = `<?xml version="1.0" encoding="utf-8"?>
<Protocol xmlns="http://www.skyline.be/protocol">
	<Name>Small</Name>
	<Description>A small connector</Description>
	<Version>1.0.0.1</Version>
	<Connections>
		<Connection id="0" name="Socket">
			<Http>
				<CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions>
				<UserSettings>
					<BusAddress><DefaultValue>byPassProxy</DefaultValue><Disabled>true</Disabled></BusAddress>
					<IPport><DefaultValue>8050</DefaultValue></IPport>
					<Retries><DefaultValue>0</DefaultValue></Retries>
				</UserSettings>
			</Http>
		</Connection>
		<Connection id="1" name="Line"><Serial/></Connection>
	</Connections>
	<Params>
		<Param id="50" save="true">
			<Name>Path</Name><Description>Path</Description><Type>read</Type>
			<Interprete><RawType>other</RawType><Type>string</Type><LengthType>next param</LengthType></Interprete>
			<Display><RTDisplay>true</RTDisplay><Units>m</Units></Display>
			<Measurement><Type>string</Type></Measurement>
		</Param>
		<Param id="51" setter="true">
			<Name>Path</Name><Description>Path</Description><Type>write</Type>
			<Interprete><RawType>other</RawType><Type>string</Type><LengthType>next param</LengthType></Interprete>
			<Display><RTDisplay>true</RTDisplay></Display>
			<Measurement><Type>string</Type></Measurement>
		</Param>
	</Params>
</Protocol>
`

func TestDetailOfAConnector(t *testing.T) {
	d := &disk{}
	l, err := New(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, created, err := l.Upload(t.Context(), []byte(small))
	if err != nil || !created {
		t.Fatalf("created = %t, %v", created, err)
	}
	write := element.ParamID(51)
	want := element.ConnectorDetail{
		Name: "Small", Version: "1.0.0.1", Source: SourceUploaded, Description: "A small connector", UnsupportedKinds: []string{"serial"}, XML: []byte(small),
		Parameters: []element.ConnectorParam{
			{ID: 50, Name: "Path", Description: "Path", Type: "read", Units: "m", Saved: true, WriteID: &write},
			{ID: 51, Name: "Path", Description: "Path", Type: "write"},
		},
		Connections: []element.ConnectionOption{
			{ID: 0, Name: "Socket", Type: "websocket", Port: 8050, BusAddress: "byPassProxy", TimeoutMs: 1500, Locked: []string{"busAddress"}},
		},
		Findings: got.Findings, // they are connector's to test
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(got.Findings) == 0 {
		t.Error("the serial connection was not named")
	}
	// After a restart the same is read from what was stored.
	again, err := New(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := again.Detail("Small", "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, found); diff != "" {
		t.Error(diff)
	}
}

func TestRefusedUploadTellsItsFindings(t *testing.T) {
	l, err := New(t.Context(), &disk{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = l.Upload(t.Context(), []byte("<Protocol><Name>x</Name></Protocol>"))
	if e, ok := errors.AsType[*element.Error](err); !ok || e.Code != element.Invalid || len(e.Findings) == 0 {
		t.Errorf("error = %v", err)
	}
	if list := l.Connectors(); len(list) != 0 {
		t.Errorf("connectors = %v", list)
	}
}
