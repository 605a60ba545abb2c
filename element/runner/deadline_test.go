package runner

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/link"
)

// pressConnector has a button that sends a command through a trigger and a
// group, and one whose command is answered.
const pressConnector = `<Protocol><Name>Press</Name><Version>1.0.0.1</Version>
<Connections><Connection id="1" name="Device"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http></Connection></Connections>
<Params>
<Param id="11"><Name>Take</Name><Description>Take</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="12"><Name>Ask</Name><Description>Ask</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="22"><Name>Ok</Name><Description>Ok</Description><Type>fixed</Type><Interprete><RawType>other</RawType><LengthType>fixed</LengthType><Length>2</Length><Type>string</Type><Value>OK</Value></Interprete></Param>
</Params>
<Commands><Command id="1"><Name>c1</Name><WebSocketMessageType>text</WebSocketMessageType><Content><Param>11</Param></Content></Command>
<Command id="2"><Name>c2</Name><WebSocketMessageType>text</WebSocketMessageType><Content><Param>12</Param></Content></Command></Commands>
<Responses><Response id="1"><Name>r1</Name><Content><Param>22</Param></Content></Response></Responses>
<Pairs><Pair id="1"><Name>p1</Name><Content><Command>1</Command></Content></Pair><Pair id="2"><Name>p2</Name><Content><Command>2</Command><Response>1</Response></Content></Pair></Pairs>
<Groups><Group id="1"><Name>g1</Name><Type>poll</Type><Content><Pair>1</Pair></Content></Group><Group id="2"><Name>g2</Name><Type>poll</Type><Content><Pair>2</Pair></Content></Group></Groups>
<Triggers><Trigger id="1"><Name>t1</Name><On id="11">parameter</On><Time>change</Time><Type>action</Type><Content><Id>1</Id></Content></Trigger>
<Trigger id="2"><Name>t2</Name><On id="12">parameter</On><Time>change</Time><Type>action</Type><Content><Id>2</Id></Content></Trigger></Triggers>
<Actions><Action id="1"><Name>a1</Name><On id="1">group</On><Type>execute</Type></Action><Action id="2"><Name>a2</Name><On id="2">group</On><Type>execute</Type></Action></Actions>
</Protocol>`

// pressWorld has an element whose device refuses connections until back has
// passed.
func pressWorld(t *testing.T, back time.Duration, wait *int) (*world, element.ID) {
	definition, err := connector.Parse([]byte(pressConnector))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
	begin := time.Now()
	w.device.answer = func(int, link.Config) plan {
		if time.Since(begin) < back {
			return plan{failure: refusal("refused", "Nobody listens.")}
		}
		return plan{}
	}
	w.start()
	id := w.create(func(d *element.Draft) {
		d.Connector, d.Version = new("Press"), nil
		d.Connections[0].CommandWaitMs = wait
		d.Connections[0].RetryMs, d.Connections[0].RetryMaxMs = new(500), new(500)
	})
	return w, id
}

// heard is all that the device was told over all sessions.
func (d *device) heard() []string {
	d.mu.Lock()
	sessions := slices.Clone(d.sessions)
	d.mu.Unlock()
	var all []string
	for _, s := range sessions {
		all = append(all, s.said()...)
	}
	return all
}

func (w *world) receipt(id element.ID, write element.Write) element.Write {
	w.t.Helper()
	wr, err := w.fleet.Write(w.t.Context(), id, write.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return wr
}

func (w *world) wantReceipt(id element.ID, write element.Write, status element.WriteStatus, detail string) {
	w.t.Helper()
	if wr := w.receipt(id, write); wr.Status != status || wr.Detail != detail {
		w.t.Errorf("the receipt says %s, %q; want %s, %q", wr.Status, wr.Detail, status, detail)
	}
}

// What a person presses while the device is away waits for it until the
// deadline, and is never sent after that.
func TestAPressWaitsForItsDevice(t *testing.T) {
	const waits, refused = "Waits for the connection, 5 s at most.", "Not sent: the connection to the device was not open within 5 s."
	for _, pid := range []element.ParamID{11, 12} {
		t.Run("back in time", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, id := pressWorld(t, 4*time.Second, nil)
				wr := w.set(id, pid, "press")
				w.wantReceipt(id, wr, element.WriteAccepted, waits)
				pass(5 * time.Second)
				if got := w.device.heard(); !slices.Equal(got, []string{"press"}) {
					t.Errorf("the device was told %q", got)
				}
			})
		})
		t.Run("back too late", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, id := pressWorld(t, 6*time.Second, nil)
				wr := w.set(id, pid, "press")
				pass(5*time.Second + 100*time.Millisecond)
				w.wantReceipt(id, wr, element.WriteFailed, refused)
				pass(time.Minute)
				w.wantStatus(id, element.ConnOpen)
				if got := w.device.heard(); len(got) != 0 {
					t.Errorf("the device was told %q", got)
				}
				w.wantReceipt(id, wr, element.WriteFailed, refused)
			})
		})
		t.Run("a setting of the connection", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, id := pressWorld(t, 6*time.Second, new(0))
				wr := w.set(id, pid, "press")
				w.wantReceipt(id, wr, element.WriteFailed, "Not sent: the connection to the device is closed.")
				pass(time.Minute)
				if got := w.device.heard(); len(got) != 0 {
					t.Errorf("the device was told %q", got)
				}
			})
		})
	}
}

// What went out is not sent again over the next connection, what stayed in the
// outbox is, until the deadline.
func TestAPressGoesOutOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, id := pressWorld(t, 0, nil)
		pass(time.Second)
		wr := w.set(id, 12, "press")
		w.device.dropLast()
		pass(10 * time.Second)
		w.wantStatus(id, element.ConnOpen)
		if got := w.device.heard(); !slices.Equal(got, []string{"press"}) {
			t.Errorf("the device was told %q", got)
		}
		w.wantReceipt(id, wr, element.WriteFailed, "The connection was lost before the device answered. It may have been carried out.")
	})
}

// A device that takes no data for longer than a person waits is not sent what
// they pressed meanwhile, although its connection stays open.
func TestAPressDoesNotWaitInTheOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, id := pressWorld(t, 0, nil)
		stuck := newScripted()
		stuck.hold = make(chan struct{})
		w.device.answer = func(int, link.Config) plan { return plan{session: stuck} }
		w.device.dropLast()
		pass(3 * time.Second)
		w.wantStatus(id, element.ConnOpen)
		w.set(id, 11, "first")
		wr := w.set(id, 11, "second")
		pass(8 * time.Second)
		close(stuck.hold)
		pass(time.Second)
		if got := stuck.said(); !slices.Equal(got, []string{"first"}) {
			t.Errorf("the device was told %q", got)
		}
		w.wantReceipt(id, wr, element.WriteFailed, "Not sent: The device did not take what was sent before it in time.")
		stuck.drop(1000, "")
		pass(time.Second)
	})
}

// postConnector presses over HTTP.
const postConnector = `<Protocol><Name>Meter</Name><Version>1.0.0.1</Version>
<Connections><Connection id="0" name="HTTP Connection"><Http><CommunicationOptions></CommunicationOptions></Http></Connection></Connections>
<HTTP><Session id="1" name="Press"><Connection id="1"><Request verb="VERB" url="/take"><Headers><Header key="X-Token">t</Header></Headers></Request><Response/></Connection></Session></HTTP>
<Params>
<Param id="11"><Name>Take</Name><Description>Take</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
</Params>
<Groups><Group id="1"><Name>g1</Name><Content><Session>1</Session></Content></Group></Groups>
<Triggers><Trigger id="1"><Name>t1</Name><On id="11">parameter</On><Time>change</Time><Type>action</Type><Content><Id>1</Id></Content></Trigger></Triggers>
<Actions><Action id="1"><Name>a1</Name><On id="1">group</On><Type>execute</Type></Action></Actions>
</Protocol>`

// A request that does something is sent once when its bytes are out; whether
// they are is the link's to tell.
func TestARequestThatDoesSomethingIsSentOnce(t *testing.T) {
	silentAfter := func(sent bool) func(context.Context, link.Request) link.Response {
		return func(ctx context.Context, req link.Request) link.Response {
			res := silence(ctx, req)
			res.Sent = sent
			return res
		}
	}
	for _, c := range []struct {
		verb  string
		sent  bool
		asked int
		may   bool
	}{
		{"POST", true, 1, true},
		{"PATCH", true, 1, true},
		{"REBOOT", true, 1, true},
		{"PUT", true, 4, true},
		{"GET", true, 4, true},
		{"POST", false, 4, false},
	} {
		t.Run(c.verb, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &meter{answer: silentAfter(c.sent)}
				w, id := meterWorldOf(t, m, strings.Replace(postConnector, "VERB", c.verb, 1))
				wr := w.set(id, 11, "now")
				pass(time.Minute)
				w.do(id, element.Pause)
				w.do(id, element.Start)
				w.do(id, element.Restart)
				pass(time.Minute)
				if asked, _ := m.count(); asked != c.asked {
					t.Errorf("asked %d times, want %d", asked, c.asked)
				}
				got := w.receipt(id, wr)
				if may := strings.Contains(got.Detail, "may have been carried out"); got.Status != element.WriteFailed || may != c.may {
					t.Errorf("the receipt says %s, %q", got.Status, got.Detail)
				}
			})
		})
	}
}
