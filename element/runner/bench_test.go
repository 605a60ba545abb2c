package runner

import (
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// blast is a session on which n messages wait.
type blast struct {
	*scripted
	left int
	data []byte
	done chan struct{}
}

func (b *blast) ReadMany(to []link.Message, memory func(int) []byte) ([]link.Message, error) {
	if b.left == 0 {
		close(b.done)
		b.left--
	}
	if b.left < 0 {
		return b.scripted.ReadMany(to, memory)
	}
	for ; b.left > 0 && len(to) < cap(to); b.left-- {
		data := memory(len(b.data))
		copy(data, b.data)
		to = append(to, link.Message{Text: true, Data: data})
	}
	return to, nil
}

// silent takes news and forgets it.
type silent struct{}

func (silent) Publish(_ string, updates []element.Update) element.Cursor {
	for i := range updates {
		if e := updates[i].Event; e != nil {
			e.Seq = 1
		}
	}
	return element.Cursor{}
}

func (silent) Events(string, *element.Cursor, int, ...element.EventKind) element.EventPage {
	return element.EventPage{}
}

func (silent) Drop(string)                                       {}
func (silent) Record(element.ID, []element.Event)                {}
func (silent) RecordHandshake(element.ID, element.KeptHandshake) {}
func (silent) Lost(element.ID) map[element.EventKind]uint64      { return nil }

// deaf is an engine that no message reaches.
type deaf struct{ *engine.Engine }

func (d deaf) Handle(now time.Time, in engine.Input) []engine.Effect {
	if isOf[engine.Received](in) {
		return nil
	}
	return d.Engine.Handle(now, in)
}

// From the reader's Read to the published event, with logic that does nothing.
func BenchmarkMessages(b *testing.B) {
	data := make([]byte, 400)
	for i := range data {
		data[i] = 'a'
	}
	session := &blast{scripted: newScripted(), left: b.N, data: data, done: make(chan struct{})}
	d := &disk{records: map[element.ID]element.Record{}, values: map[element.ID]map[element.ParamID]element.SavedValue{}}
	f := NewFleet(Options{
		Storage: d, Recorder: silent{}, Publisher: silent{}, Catalog: catalog{testConnector(b, "1.0.0.1")},
		Dial:    dialOnce(session),
		handler: func(e *engine.Engine) handler { return deaf{e} },
	})
	if err := f.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	began := time.Now()
	e, err := f.Create(b.Context(), draft(), "tester")
	if err != nil {
		b.Fatal(err)
	}
	<-session.done
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "messages/s")
	b.StopTimer()
	if err := f.Delete(b.Context(), e.ID, "tester"); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
}
