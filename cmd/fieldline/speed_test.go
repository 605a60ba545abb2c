package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/gorilla/websocket"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
	"fieldline/element/link"
	"fieldline/element/script"
)

// What a message costs on its way into parameters, beside the barest reading
// of the same message, in CPU time of the process and both ends together. All
// are run by turns in one process; the ratios of the rounds are what counts.

// state is a message of IS-07 with a number in it.
func state(value string) []byte {
	return []byte(`{"identity":{"source_id":"5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0002","flow_id":"5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d1002"},"event_type":"number/temperature/C","timing":{"creation_timestamp":"1531680501:280709600","origin_timestamp":"1531680501:280709600"},"payload":{"value":` + value + `,"scale":10},"message_type":"state"}`)
}

const speedFrame = `<Protocol><Name>Speed</Name><Version>1.0.0.1</Version>
<Connections><Connection id="0" name="Device"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http></Connection></Connections>
<Params>
<Param id="1"><Name>Message</Name><Description>Message</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="2"><Name>Copy</Name><Description>Copy</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>`

// A generic response takes the message, a trigger and an action copy it.
const copying = speedFrame + `</Params>
<Responses><Response id="1"><Name>Any</Name><Content><Param>1</Param></Content></Response></Responses>
<Triggers>
<Trigger id="1"><Name>Read</Name><On id="1">response</On><Time>before</Time><Type>action</Type><Content><Id>1</Id></Content></Trigger>
<Trigger id="2"><Name>Copy</Name><On id="1">parameter</On><Time>change</Time><Type>action</Type><Content><Id>2</Id></Content></Trigger>
</Triggers>
<Actions><Action id="1"><Name>Read</Name><On>response</On><Type>read</Type></Action><Action id="2"><Name>Copy</Name><On id="2">parameter</On><Type id="1">copy</Type></Action></Actions>
</Protocol>`

// A QAction puts value and time of the message into a row of a table.
const tabulating = speedFrame + `
<Param id="1000"><Name>Sources</Name><Description>Sources</Description><Type>array</Type><ArrayOptions index="0"><ColumnOption idx="0" pid="1001" type="retrieved"/><ColumnOption idx="1" pid="1002" type="retrieved"/><ColumnOption idx="2" pid="1003" type="retrieved"/></ArrayOptions></Param>
<Param id="1001"><Name>Source</Name><Description>Source</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1002"><Name>Value</Name><Description>Value</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
<Param id="1003"><Name>Time</Name><Description>Time</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
</Params>
<Responses><Response id="1"><Name>Any</Name><Content><Param>1</Param></Content></Response></Responses>
<QActions><QAction id="1" name="Read" encoding="jscript" triggers="1" entryPoint="Run" inputParameters="1"><![CDATA[
function Run(protocol, text) {
	var m = JSON.parse(text), id = m.identity.source_id;
	if (!protocol.Exists(1000, id)) {
		protocol.AddRow(1000, [id, 0, ""]);
	}
	protocol.SetRow(1000, id, [id, m.payload.value, m.timing.creation_timestamp]);
}
]]></QAction></QActions>
</Protocol>`

// speedEngine is a started engine whose connection is open.
func speedEngine(tb testing.TB, xml string) *engine.Engine {
	def, err := connector.Parse([]byte(xml))
	if err != nil {
		tb.Fatal(err)
	}
	e := engine.New(def, "e1", element.Config{Name: "Speed", Reconnect: element.Automatic})
	if len(def.QActions) > 0 {
		e.UseScripts(script.New(script.Options{}).Element(def))
	}
	e.Handle(time.Now(), engine.Start{})
	e.Handle(time.Now(), engine.Opened{Connection: 0})
	return e
}

// torrent is a device that sends n messages, two kinds by turns, as fast as
// they are taken.
func torrent(tb testing.TB, n int) (host string, port int) {
	up := websocket.Upgrader{WriteBufferSize: 64 << 10}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		var chunk []byte
		for i := range 64 {
			m := state(strconv.Itoa(200 + i%2))
			chunk = append(chunk, 0x81, 126, byte(len(m)>>8), byte(len(m)))
			chunk = append(chunk, m...)
		}
		for range n / 64 {
			if _, err := c.NetConn().Write(chunk); err != nil {
				return
			}
		}
		_, _, _ = c.ReadMessage() // until the reader goes
	}))
	tb.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		tb.Fatal(err)
	}
	port, err = strconv.Atoi(u.Port())
	if err != nil {
		tb.Fatal(err)
	}
	return u.Hostname(), port
}

// bare reads n messages with gorilla's reader, in memory that is used again.
func bare(tb testing.TB, host string, port, n int) {
	d := websocket.Dialer{ReadBufferSize: 64 << 10}
	c, _, err := d.DialContext(tb.Context(), "ws://"+net.JoinHostPort(host, strconv.Itoa(port))+"/", nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer c.Close()
	buf := make([]byte, 4<<10)
	for range n {
		_, r, err := c.NextReader()
		size := 0
		for err == nil {
			var m int
			m, err = r.Read(buf[size:])
			size += m
		}
		if !errors.Is(err, io.EOF) || size < 300 {
			tb.Fatal(err, size)
		}
	}
}

// through reads n messages with the link and hands each to the engine.
func through(tb testing.TB, e *engine.Engine, host string, port, n, least int) {
	s, a := link.Dial(context.Background(), link.Config{Destination: element.Destination{Scheme: "ws", Host: host, Port: port, Path: "/"}})
	if a.Failure != nil {
		tb.Fatal(a.Failure)
	}
	defer s.Close(1000, "", 0)
	for range n {
		m, err := s.Read()
		if err != nil {
			tb.Fatal(err)
		}
		if got := e.Handle(time.Now(), engine.Received{Connection: 0, Text: m.Text, Data: m.Data}); len(got) < least {
			tb.Fatalf("%+v", got)
		}
	}
}

// alone hands n messages to the engine.
func alone(tb testing.TB, e *engine.Engine, n, least int) {
	messages := [][]byte{state("200"), state("201")}
	for i := range n {
		if got := e.Handle(time.Now(), engine.Received{Connection: 0, Text: true, Data: messages[i%2]}); len(got) < least {
			tb.Fatalf("%+v", got)
		}
	}
}

// byTurns runs all in rounds and reports the medians: CPU nanoseconds a message
// of each, and its ratio to the last, which is the reference.
func byTurns(b *testing.B, n int, names []string, run ...func()) {
	const rounds = 9
	took, ratio := make([][]float64, len(run)), make([][]float64, len(run))
	cpu := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	for b.Loop() {
		for range rounds {
			var now []float64
			for _, do := range run {
				from := cpu()
				do()
				now = append(now, float64(cpu()-from)/float64(n))
			}
			for i := range run {
				took[i], ratio[i] = append(took[i], now[i]), append(ratio[i], now[i]/now[len(now)-1])
			}
		}
	}
	middle := func(v []float64) float64 { slices.Sort(v); return v[len(v)/2] }
	for i, name := range names {
		b.ReportMetric(middle(took[i]), name+"-ns")
		b.ReportMetric(middle(ratio[i]), name+"-ratio")
	}
}

// BenchmarkCopy is a message that a generic response takes and an action
// copies: in the engine alone, and by the link into the engine, beside
// gorilla/websocket's bare reading.
func BenchmarkCopy(b *testing.B) {
	const n = 20_032
	host, port := torrent(b, n)
	e := speedEngine(b, copying)
	byTurns(
		b, n, []string{"engine", "link+engine", "gorilla"},
		func() { alone(b, e, n, 2) },
		func() { through(b, e, host, port, n, 2) },
		func() { bare(b, host, port, n) },
	)
}

// BenchmarkStateToRow is a state message of IS-07 by the link, the engine and a
// QAction into a row of a table, beside a bare JavaScript call that parses the
// same text and returns three values.
func BenchmarkStateToRow(b *testing.B) {
	const n = 5_056
	host, port := torrent(b, n)
	e := speedEngine(b, tabulating)
	vm := goja.New()
	v, err := vm.RunString(`(function (s) { var m = JSON.parse(s); return [m.identity.source_id, m.payload.value, m.timing.creation_timestamp]; })`)
	if err != nil {
		b.Fatal(err)
	}
	call, _ := goja.AssertFunction(v)
	messages := []string{string(state("200")), string(state("201"))}
	byTurns(
		b, n, []string{"engine", "link+engine", "goja"},
		func() { alone(b, e, n, 2) },
		func() { through(b, e, host, port, n, 2) },
		func() {
			for i := range n {
				list, err := call(goja.Undefined(), vm.ToValue(messages[i%2]))
				if err != nil {
					b.Fatal(err)
				}
				o := list.(*goja.Object)
				if o.Get("0").String() == "" || o.Get("1").ToFloat() < 200 || !strings.Contains(o.Get("2").String(), ":") {
					b.Fatal("wrong values")
				}
			}
		},
	)
}
