package runner

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

const (
	firstWait   = element.DefaultRetryMs * time.Millisecond
	longestWait = element.DefaultRetryMaxMs * time.Millisecond
)

// usual is the pace where settings say nothing, without jitter.
var usual = pace{
	first: firstWait, longest: longestWait,
	stops:  func(int) bool { return false },
	jitter: func(d time.Duration) time.Duration { return d },
}

const livedWell = 2 * longestWait

func byDevice(code int, reason string) link.End {
	return link.End{Code: code, Reason: reason, By: "device", Cause: "closed", Message: "The device closed the connection."}
}

func byUs(code int, reason string) link.End {
	return link.End{Code: code, Reason: reason, By: "us", Cause: "protocol", Message: "We closed the connection."}
}

func wordless(cause string, idle time.Duration) link.End {
	return link.End{Code: 1006, By: "device", Cause: cause, Message: "The device ended the connection without a Close frame.", Idle: idle}
}

// waitsOf is how long a connection waits after each of n sessions that all end
// alike.
func waitsOf(n int, end link.End, open time.Duration) []time.Duration {
	var s series
	var waits []time.Duration
	for range n {
		s.begin()
		if open >= usual.stableAfter() {
			s.becameStable()
		}
		waits = append(waits, s.ended(end, open, false, 30*time.Second, usual).wait)
	}
	return waits
}

func TestHowLongIsWaitedAfterSessions(t *testing.T) {
	const s = time.Second
	growing := []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 60 * s, 60 * s}
	short := []time.Duration{s, s, s, s, s, s, s, s}
	minutes := slices.Repeat([]time.Duration{refusedWait}, 8)
	for _, tt := range []struct {
		name string
		end  link.End
		open time.Duration
		want []time.Duration
	}{
		{"gone within seconds, whatever it said", byDevice(1000, "bye"), 300 * time.Millisecond, growing},
		{"cut within seconds", wordless("eof", 0), 5 * s, growing},
		{"a code of its own within seconds", byDevice(4009, "replaced"), s, growing},
		{"a code of its own after half a minute", byDevice(4009, "replaced"), 30 * s, growing},
		{"a code of its own after ten minutes", byDevice(4999, ""), 10 * time.Minute, growing},
		{"a code of a library", byDevice(3999, ""), 10 * time.Minute, growing},
		{"try again later after ten minutes", byDevice(1013, ""), 10 * time.Minute, growing},
		{"policy after ten minutes", byDevice(1008, ""), 10 * time.Minute, growing},
		{"we refuse its frames", byUs(1002, "bad"), 10 * time.Minute, growing},
		{"we refuse its text", byUs(1007, "bad"), 30 * s, growing},
		{"we refuse its size", byUs(1009, "bad"), s, growing},
		{"it takes no data", byUs(1008, "the device takes no data"), 30 * s, growing},
		{"overload again and again", byDevice(1011, "overload"), 30 * s, growing},
		{"thrown out after 20 s, politely: no longer away than it was there", byDevice(1000, ""), 20 * s, []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 20 * s, 20 * s, 20 * s}},
		{"thrown out after a minute without a word", wordless("reset", 0), time.Minute, growing},
		{"lived well and ended", byDevice(1000, ""), 2 * time.Minute, short},
		{"lived well and restarts", byDevice(1012, ""), time.Hour, short},
		{"lived well and failed", byDevice(1011, ""), time.Hour, short},
		{"lived well and was lost", link.End{Code: 1006, By: "us", Cause: "timeout"}, 10 * time.Minute, short},
		{"replaced after hours", byDevice(4009, ""), 2 * time.Hour, short},
		{"4401 at once", byDevice(4401, "token expired"), s, minutes},
		{"4403 at once", byDevice(4403, ""), s, minutes},
		{"registered unauthorized at once", byDevice(3000, ""), s, minutes},
		{"4401 when the token had expired", byDevice(4401, "token expired"), 10 * time.Minute, growing},
		{"policy at once", byDevice(1008, "not allowed"), s, append([]time.Duration{s, 2 * s}, minutes[:6]...)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := waitsOf(8, tt.end, tt.open); !slices.Equal(got, tt.want) {
				t.Errorf("waits are %v, want %v", got, tt.want)
			}
		})
	}
}

// TestTwoThatThrowEachOtherOut: each opening of one ends the other's session.
// They come to rest at waits that a device can live with.
func TestTwoThatThrowEachOtherOut(t *testing.T) {
	for name, end := range map[string]link.End{"with a code": byDevice(4000, "another client"), "politely": byDevice(1000, "another client"), "without a word": wordless("eof", 0)} {
		var clients [2]series
		now, dials := time.Duration(0), 0
		opened := [2]time.Duration{}
		due := [2]time.Duration{0, 500 * time.Millisecond}
		const day = time.Hour
		for now < day {
			at := 0
			if due[1] < due[0] {
				at = 1
			}
			now = due[at]
			dials++
			clients[at].begin()
			opened[at], due[at] = now, day*2 // until it is thrown out
			if other := 1 - at; dials > 1 && due[other] > day {
				v := clients[other].ended(end, now-opened[other], false, 30*time.Second, usual)
				due[other] = now + v.wait
			}
		}
		if dials > 260 {
			t.Errorf("%s: %d dials in an hour", name, dials)
		}
	}
}

func TestASessionThatLivedWellBeginsAnew(t *testing.T) {
	var s series
	for range 5 {
		s.begin()
		s.ended(byDevice(1000, ""), time.Second, false, 0, usual)
	}
	s.begin()
	s.becameStable()
	if v := s.ended(byDevice(1001, ""), 2*time.Minute, false, 0, usual); v.wait != time.Second || !v.stable || s.tries != 0 {
		t.Errorf("%+v after %d tries", v, s.tries)
	}
}

func TestRefusalsThatRecur(t *testing.T) {
	for _, tt := range []struct {
		name      string
		f         link.Failure
		known     bool
		want      time.Duration
		suspended bool
	}{
		{"a login that never worked", link.Failure{LoginRefused: true}, false, 0, true},
		{"a login that worked before", link.Failure{LoginRefused: true}, true, firstBootWait, false},
	} {
		s := series{tries: 1}
		if v := s.notOpened(&tt.f, 401, tt.known, usual); v.wait != tt.want || v.suspended != tt.suspended {
			t.Errorf("%s: %+v", tt.name, v)
		}
	}
	s := series{tries: 6}
	if v := s.notOpened(&link.Failure{RetryAfter: time.Second}, 503, false, usual); v.wait != 32*time.Second {
		t.Errorf("a device that always says Retry-After: 1 is asked again after %v, want the wait of the series", v.wait)
	}
}

func TestPaceOfSettings(t *testing.T) {
	p := pace{first: 200 * time.Millisecond, longest: 700 * time.Millisecond}
	var got []time.Duration
	for n := 1; n <= 4; n++ {
		got = append(got, p.backoff(n))
	}
	if want := []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 700 * time.Millisecond, 700 * time.Millisecond}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := (pace{first: time.Hour, longest: time.Minute}).backoff(1); got != time.Minute {
		t.Errorf("the first wait is %v, want no more than the longest", got)
	}
}

func TestWhatIsSaidOfSessionsThatDoNotStay(t *testing.T) {
	for _, tt := range []struct {
		end  link.End
		want string
	}{
		{byDevice(4009, "replaced"), "The connection opens and is closed again by the device (4009: replaced), 3 times in a row."},
		{byDevice(1013, ""), "The connection opens and is closed again by the device (1013, try again later), 3 times in a row."},
		{byUs(1009, "a message of more than 64 bytes"), "The connection opens and is closed again by us (1009: a message of more than 64 bytes), 3 times in a row."},
		{wordless("eof", 0), "The connection opens and is ended again by the device without a Close frame, 3 times in a row."},
		{link.End{Code: 1005, By: "device", Cause: "closed", Hint: "It may want a login."}, "The connection opens and is closed again by the device (without a code), 3 times in a row. It may want a login."},
		{link.End{Code: 1006, By: "us", Cause: "timeout", Message: "We closed the connection: nothing came."}, "We closed the connection: nothing came. This has happened 3 times in a row."},
		{wordless("reset", 0), "The connection opens and is reset again by the device, 3 times in a row."},
	} {
		var s series
		var logs []string
		for n := 1; n <= 5; n++ {
			s.begin()
			v := s.ended(tt.end, time.Second, false, 30*time.Second, usual)
			if v.log != "" {
				logs = append(logs, v.log)
			}
			if n < 3 && v.words != "" || n == 3 && v.words != tt.want {
				t.Errorf("after session %d: %q, want %q", n, v.words, tt.want)
			}
		}
		if len(logs) != 1 || !strings.HasPrefix(logs[0], tt.want) {
			t.Errorf("listed: %q", logs)
		}
	}
}

// TestADeviceThatOpensAndClosesIsNotHammered: an answer, a message and a Close
// with a code of its own, ever again.
func TestADeviceThatOpensAndClosesIsNotHammered(t *testing.T) {
	for _, insists := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			if insists {
				w.logic.extra = insistent
			}
			w.device.answer = func(int, link.Config) plan {
				s := newScripted()
				time.AfterFunc(300*time.Millisecond, func() { s.say("hello"); s.drop(4009, "replaced by another client") })
				return plan{session: s}
			}
			w.start()
			id := w.create()
			pass(5 * time.Minute)
			if n := w.device.count(); n < 8 || n > 12 {
				t.Errorf("%d tries in 5 minutes, want 6 that grow and one a minute", n)
			}
			c := w.connection(id)
			if c.LastCause == nil || !strings.Contains(c.LastCause.Message, "opens and is closed again by the device (4009: replaced by another client)") || c.Attempt < 6 || c.Status != element.ConnWaiting {
				t.Errorf("connection is %+v, cause %+v", c, c.LastCause)
			}
			before := w.device.count()
			w.do(id, element.Reconnect)
			if n := w.device.count(); n != before+1 {
				t.Errorf("a person's order was not carried out at once")
			}
		})
	}
}

// TestAStopCodeWaitsForAPerson: no wait, no order of the logic, no pause and no
// change of a value brings the connection back; Reconnect does.
func TestAStopCodeWaitsForAPerson(t *testing.T) {
	for _, insists := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			if insists {
				w.logic.extra = insistent
			}
			w.start()
			id := w.create(reached(func(c *element.ConnectionDraft) { c.StopCodes = &[]int{4009, 1013} }))
			w.device.last().drop(4010, "another code")
			pass(2 * time.Second)
			w.wantStatus(id, element.ConnOpen)
			w.device.last().finish(link.End{Code: 4009, Reason: "replaced", By: "device", Cause: "closed", Message: "The device closed the connection (4009: replaced)."})
			w.wantStatus(id, element.ConnClosed)
			pass(24 * time.Hour)
			w.do(id, element.Pause)
			w.do(id, element.Start)
			pass(time.Hour)
			if n := w.device.count(); n != 2 {
				t.Errorf("%d tries, want 2", n)
			}
			c := w.connection(id)
			if want := "The device closed the connection (4009: replaced). After this code it is not opened again until a person presses Reconnect"; c.Status != element.ConnClosed || c.LastCause == nil || !strings.HasPrefix(c.LastCause.Message, want) {
				t.Errorf("connection is %+v, cause %+v", c, c.LastCause)
			}
			if logs := w.events(id, element.KindLog); len(logs) == 0 || !strings.Contains(logs[len(logs)-1].Body.(element.Log).Message, "presses Reconnect") {
				t.Errorf("listed: %+v", logs)
			}
			w.do(id, element.Reconnect)
			w.wantStatus(id, element.ConnOpen)
		})
	}
}

// TestThePaceIsASetting.
func TestThePaceIsASetting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(int, link.Config) plan { return plan{failure: refusal("refused", "Nobody listens.")} }
		w.start()
		w.create(reached(func(c *element.ConnectionDraft) { c.RetryMs, c.RetryMaxMs = new(500), new(2000) }))
		pass(10 * time.Second)
		var waits []time.Duration
		for n := 2; n <= 5; n++ {
			waits = append(waits, w.device.try(n).at.Sub(w.device.try(n-1).at))
		}
		if want := []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 2 * time.Second}; !slices.Equal(waits, want) {
			t.Errorf("waits are %v, want %v", waits, want)
		}
	})
}

// TestAConnectionThatIsThrownOutSaysSoWhileItIsOpen.
func TestAConnectionThatIsThrownOutSaysSoWhileItIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		for range 3 {
			w.wantStatus(id, element.ConnOpen)
			pass(30 * time.Second)
			w.device.last().drop(4000, "another client")
			pass(longestWait)
		}
		w.wantStatus(id, element.ConnOpen)
		if n := w.connection(id).Note; !strings.Contains(n, "opens and is closed again by the device (4000: another client), 3 times") {
			t.Errorf("the note is %q", n)
		}
		pass(livedWell)
		if n := w.connection(id).Note; n != "" {
			t.Errorf("after two minutes the note is still %q", n)
		}
	})
}
