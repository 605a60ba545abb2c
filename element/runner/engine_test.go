package runner

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/link"
)

// lampConnector is a connector with a custom handshake and a dynamic IP.
const lampConnector = `<?xml version="1.0" encoding="utf-8"?>
<Protocol xmlns="http://www.skyline.be/protocol">
  <Name>Lamp</Name>
  <Version>1.0.0.1</Version>
  <Connections>
    <Connection id="1" name="Events">
      <Http>
        <CommunicationOptions>
          <WebSocket>true</WebSocket>
          <NotifyConnectionPIDs><Connections>7</Connections></NotifyConnectionPIDs>
          <MakeCommandByProtocol>true</MakeCommandByProtocol>
          <WebSocketHandshake>25</WebSocketHandshake>
        </CommunicationOptions>
      </Http>
    </Connection>
  </Connections>
  <HTTP>
    <Session id="25" name="Handshake">
      <Connection id="1">
        <Request verb="GET" url="50">
          <Headers><Header key="X-Lamp" pid="15"/></Headers>
        </Request>
        <Response statusCode="220"/>
      </Connection>
    </Session>
  </HTTP>
  <Params>
    <Param id="7"><Name>Status</Name><Description>Status</Description><Type>read</Type>
      <Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
    <Param id="15"><Name>Header</Name><Description>Header</Description><Type>read</Type>
      <Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type><DefaultValue>bright</DefaultValue></Interprete></Param>
    <Param id="50" save="true"><Name>Path</Name><Description>Path</Description><Type>read</Type>
      <Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type><DefaultValue>lamp/events</DefaultValue></Interprete></Param>
    <Param id="51" setter="true"><Name>Path</Name><Description>Path</Description><Type>write</Type>
      <Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete>
      <Measurement><Type>string</Type></Measurement></Param>
    <Param id="60" save="true"><Name>Address</Name><Description>Address</Description><Type options="dynamic ip 1">read</Type>
      <Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
    <Param id="61" setter="true"><Name>Address</Name><Description>Address</Description><Type>write</Type>
      <Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete>
      <Measurement><Type>string</Type></Measurement></Param>
    <Param id="220"><Name>Status Line</Name><Description>Status Line</Description><Type>read</Type>
      <Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
  </Params>
</Protocol>`

// The whole way with nothing scripted but the disk: connector, engine, link.
func TestAWholeElement(t *testing.T) {
	definition, err := connector.Parse([]byte(lampConnector))
	if err != nil {
		t.Fatal(err)
	}
	first, second := newRealDevice(t), newRealDevice(t)
	w := realWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
	e, err := w.fleet.Create(t.Context(), element.Draft{
		Name: new("Lamp"), Connector: new("Lamp"),
		Connections: []element.ConnectionDraft{{ID: 1, Host: &first.host, Port: &first.port}},
	}, "tester")
	if err != nil {
		t.Fatal(err)
	}
	w.await(e.ID, "open", status(element.ConnOpen))
	h, err := w.fleet.Handshake(t.Context(), e.ID, 1, element.WhichLast)
	if err != nil || !strings.HasPrefix(h.Request, "GET /lamp/events HTTP/1.1\r\n") || !strings.Contains(h.Request, "\r\nX-Lamp: bright\r\n") {
		t.Errorf("handshake is %+v, %v", h, err)
	}
	w.wantValue(e.ID, 7, element.Number(1))
	w.wantValue(e.ID, 220, element.Text("HTTP/1.1 101 Switching Protocols"))

	_, err = w.fleet.Set(t.Context(), e.ID, element.SetRequest{Target: element.Target{Parameter: 61}, Raw: element.Text("no address at all"), By: "tester"})
	wantCode(t, err, element.Invalid, "value")
	wr, err := w.fleet.Set(t.Context(), e.ID, element.SetRequest{Target: element.Target{Parameter: 60}, Raw: element.Text(second.address()), By: "tester"})
	if err != nil || wr.Status != element.WriteSaved {
		t.Fatalf("write is %+v, %v", wr, err)
	}
	if got := w.disk.saved(e.ID, 60); got != element.Text(second.address()) {
		t.Errorf("saved %v", got)
	}
	first.wantClose(t, closeNormal)
	w.await(e.ID, "open at the second device", func(e element.Element) bool {
		c := e.Connections[0]
		return c.Status == element.ConnOpen && c.URL == "ws://"+second.address()+"/lamp/events"
	})
	if _, err := w.fleet.Do(t.Context(), e.ID, element.Stop, nil, "tester"); err != nil {
		t.Fatal(err)
	}
	second.wantClose(t, closeGoingAway)
	w.await(e.ID, "closed", status(element.ConnClosed))
	w.wantValue(e.ID, 7, element.Number(0))
	if h.Status != http.StatusSwitchingProtocols {
		t.Errorf("status is %d", h.Status)
	}
}

func (w *world) wantValue(id element.ID, pid element.ParamID, want element.Value) {
	w.t.Helper()
	v, err := w.fleet.View(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	i := slices.IndexFunc(v.Parameters, func(p element.Parameter) bool { return p.ID == pid })
	if i < 0 || v.Parameters[i].Value != want {
		w.t.Errorf("parameter %d is %+v, want %v", pid, v.Parameters[max(i, 0)].Value, want)
	}
}

// TestTheAnswerOfAnOlderHandshakeLooksOld: what the response parameters hold is
// of the last attempt, or stale when that got no answer at all.
func TestTheAnswerOfAnOlderHandshakeLooksOld(t *testing.T) {
	xml := strings.Replace(lampConnector, `<Response statusCode="220"/>`, `<Response statusCode="220"><Content pid="15"/></Response>`, 1)
	definition, err := connector.Parse([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
		w.device.answer = func(n int, _ link.Config) plan {
			switch n {
			case 2:
				return plan{failure: refusal("refused", "Nobody listens.")}
			case 4:
				return plan{failure: &link.Failure{Cause: element.Cause{Phase: "http", Code: "http-status", Message: "503"}}, status: 503, body: "busy"}
			}
			return plan{}
		}
		w.start()
		id := w.create(func(d *element.Draft) { d.Connector = new("Lamp") })
		stale := func(want bool) {
			t.Helper()
			v, err := w.fleet.View(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			for _, pid := range []element.ParamID{220, 15} {
				if p := v.Of(pid); p.Stale != want {
					t.Errorf("parameter %d is %+v, want stale %v", pid, p, want)
				}
			}
		}
		stale(false)
		w.device.last().drop(1001, "")
		pass(time.Second)
		w.wantStatus(id, element.ConnWaiting)
		stale(true)
		pass(2 * time.Second)
		w.wantStatus(id, element.ConnOpen)
		stale(false)
		w.device.last().drop(1001, "")
		pass(4 * time.Second)
		w.wantStatus(id, element.ConnWaiting)
		stale(false)
	})
}
