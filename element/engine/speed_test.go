package engine_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"fieldline/element/engine"
)

// BenchmarkReceived measures one message that is new, in an element with a
// hundred parameters.
func BenchmarkReceived(b *testing.B) {
	var xml strings.Builder
	xml.WriteString(`<Connections><Connection id="1" name="D"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http></Connection></Connections><Params>`)
	for i := range 100 {
		id := strconv.Itoa(i + 1)
		xml.WriteString(`<Param id="` + id + `"><Name>P` + id + `</Name><Description>P` + id + `</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>`)
	}
	xml.WriteString(`</Params><Responses><Response id="1"><Name>R</Name><Content><Param>1</Param></Content></Response></Responses>`)
	def := parse(b, []byte(xml.String()))
	e := engine.New(def, "e1", config(def))
	e.Handle(midnight, engine.Start{})
	e.Handle(midnight, engine.Opened{Connection: 1})
	messages := [][]byte{[]byte(strings.Repeat("a", 400)), []byte(strings.Repeat("b", 400))}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e.Handle(midnight.Add(time.Duration(i)), engine.Received{Connection: 1, Text: true, Data: messages[i%2]})
	}
}
