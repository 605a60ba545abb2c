package script

import (
	"runtime"
	"runtime/metrics"
	"testing"

	"github.com/dop251/goja"
)

func BenchmarkHeapSample(b *testing.B) {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for b.Loop() {
		metrics.Read(s)
	}
}

// TestWeight: what a machine holds is weighed about right, wherever a script
// has put it, and what many places point to is weighed once.
func TestWeight(t *testing.T) {
	for _, code := range []string{
		"var a = []; for (var i = 0; i < 100000; i++) a.push(i + 0.5)",
		"var a = []; for (var i = 0; i < 5000; i++) a.push({a: i, b: 'x' + i})",
		"var a = []; for (var i = 0; i < 5000; i++) a.push([i])",
		"var a = {}; for (var i = 0; i < 10000; i++) a['k' + i] = i",
		"var m = new Map(); for (var i = 0; i < 10000; i++) m.set('k' + i, i)",
		"var f = (function () { var s = []; for (var i = 0; i < 20000; i++) s.push('x' + i); return function () { return s } })()",
		"var u = new Uint8Array(500000)", "var s = 'é'.repeat(200000)",
		"var a = Array(1000).fill('x'.repeat(200000))",
		"var a = null; for (var i = 0; i < 5000; i++) a = {next: a}",
	} {
		vm := goja.New()
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := vm.RunString(code); err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		real, weight := int64(after.HeapAlloc)-int64(before.HeapAlloc), weigh(vm, 1<<40)
		if weight < real*2/5 || weight > real*3/2 {
			t.Errorf("%s: %d KiB, weighed as %d KiB", code, real>>10, weight>>10)
		}
		if bounded := weigh(vm, 100<<10); bounded < 100<<10 || bounded > weight {
			t.Errorf("%s: it did not stop at 100 KiB: %d", code, bounded)
		}
		runtime.KeepAlive(vm)
	}
}
