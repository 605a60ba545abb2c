package feed

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"fieldline/element"
)

// BenchmarkPublish publishes a change of a parameter and its event, with
// readers that take what they get as fast as they can.
func BenchmarkPublish(b *testing.B) {
	for _, readers := range []int{0, 1, 100} {
		b.Run(fmt.Sprint(readers, " readers"), func(b *testing.B) {
			h := New("e", Limits{})
			ctx, cancel := context.WithCancel(b.Context())
			var wg sync.WaitGroup
			for range readers {
				r := h.Open("1", h.Cursor("1"))
				wg.Go(func() {
					defer r.Close()
					for {
						if _, err := r.Next(ctx); err != nil {
							return
						}
					}
				})
			}
			p := &element.Parameter{ID: 5, Display: "12.5"}
			updates := []element.Update{
				{Event: &element.Event{Body: element.ParameterChanged{Parameter: 5, Display: "12.5"}}},
				{Patch: &element.Patch{Parameter: p}},
			}
			b.ReportAllocs()
			for b.Loop() {
				h.Publish("1", updates)
			}
			b.StopTimer()
			cancel()
			wg.Wait()
		})
	}
}
