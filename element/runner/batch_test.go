package runner

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/link"
)

// keeperConnector keeps whole messages in one parameter, and parts of them in
// others.
const keeperConnector = `<Protocol><Name>Keeper</Name><Version>1.0.0.1</Version>
<Connections><Connection id="1" name="Device"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http></Connection></Connections>
<Params>
<Param id="10"><Name>Kind</Name><Description>Kind</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>fixed</LengthType><Length>4</Length><Type>string</Type></Interprete></Param>
<Param id="11"><Name>Rest</Name><Description>Rest</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
</Params>
<Responses><Response id="1"><Name>All</Name><Content><Param>10</Param><Param>11</Param></Content></Response></Responses>
</Protocol>`

// mixture is messages of every kind and size, each told from all others by its
// text.
func mixture(n int) []link.Message {
	sizes := []int{4, 40, 400, element.MaxExcerpt - 1, element.MaxExcerpt, element.MaxExcerpt + 1, batchMemory, 30_000}
	var all []link.Message
	for i := range n {
		size := sizes[i%len(sizes)]
		text := fmt.Sprintf("%04d", i)
		all = append(all, link.Message{Text: i%3 != 0, Data: []byte(strings.Repeat(text, size/4+1)[:size])})
	}
	return all
}

// Batches are used again, and with the race detector on they are overwritten
// first: whatever kept a slice of a message instead of a copy shows it. Values,
// events and the messages that are kept whole are compared with what was sent.
func TestNothingKeepsAMessageThatIsUsedAgain(t *testing.T) {
	definition, err := connector.Parse([]byte(keeperConnector))
	if err != nil {
		t.Fatal(err)
	}
	sent := mixture(640)
	host, port := flood(t, func(c net.Conn) {
		var all []byte
		for _, m := range sent {
			all = append(all, serverFrame(m)...)
		}
		_, _ = c.Write(all)
	})
	w := realWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
	e, err := w.fleet.Create(t.Context(), element.Draft{
		Name: new("Keeper"), Connector: new("Keeper"), Connections: []element.ConnectionDraft{{ID: 1, Host: &host, Port: &port}},
	}, "tester")
	if err != nil {
		t.Fatal(err)
	}
	var got []element.Event
	w.await(e.ID, "all heard", func(element.Element) bool {
		got = w.messagesIn(e.ID)
		return len(got) == len(sent)
	})
	whole := 0
	for i, event := range got {
		m := element.Message(event.Body.(element.MessageIn))
		if !bytes.HasPrefix(sent[i].Data, listedData(m)) || m.Size != len(sent[i].Data) {
			t.Errorf("message %d is listed as %.20q… of %d bytes, sent was %.20q… of %d", i, listedData(m), m.Size, sent[i].Data, len(sent[i].Data))
		}
		p, err := w.fleet.Message(t.Context(), e.ID, element.Cursor{Epoch: "test", Seq: event.Seq})
		if err != nil || !bytes.Equal(p.Data, sent[i].Data) {
			t.Errorf("message %d is kept as %.20q… (%v), sent was %.20q…", i, p.Data, err, sent[i].Data)
		}
		if m.Truncated {
			whole++
		}
	}
	if whole == 0 {
		t.Error("no message was kept whole")
	}
	last := string(sent[len(sent)-1].Data)
	w.wantValue(e.ID, 10, element.Text(last[:4]))
	w.wantValue(e.ID, 11, element.Text(last[4:]))
}

// messagesIn are the listed messages from the device.
func (w *world) messagesIn(id element.ID) []element.Event {
	var in []element.Event
	for _, e := range w.stage.Events(string(id), nil, 10_000).Events {
		if e.Body.Kind() == element.KindMessageIn {
			in = append(in, e)
		}
	}
	return in
}

// A batch has room for what fits, and for nothing else.
func TestBatches(t *testing.T) {
	pool := newBatchPool()
	b := pool.Get().(*batch)
	for size := range batchLargest + 2 {
		before := len(b.memory)
		m := b.alloc(size)
		if len(m) != size || cap(m) != size {
			t.Fatalf("asked for %d bytes, got %d of %d", size, len(m), cap(m))
		}
		ours := len(b.memory) - before
		if fits := size <= batchLargest && before+size <= batchMemory; fits != (ours == size) && size > 0 {
			t.Fatalf("%d bytes behind %d take %d of the batch", size, before, ours)
		}
	}
	b.messages = append(b.messages, link.Message{Data: make([]byte, 1<<20)})
	was := b.messages
	b.giveBack()
	if len(b.messages) != 0 || len(b.memory) != 0 || was[0].Data != nil {
		t.Error("a batch that was given back still holds messages")
	}
}
