package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"fieldline/element"
)

// TestSocket: a page says hello, is welcomed, gets the news after its cursor,
// beats, and hears that its element is gone.
func TestSocket(t *testing.T) {
	for _, base := range bases() {
		t.Run("base "+base, func(t *testing.T) {
			s := newSite(t, under(base)).withElement(t)
			url := s.listen(t)
			b := dial(t, websocket.Dialer{}, url, http.Header{"Origin": {"http" + strings.TrimSuffix(strings.TrimPrefix(url, "ws"), base+"/live")}})
			at := s.service.hub.Cursor("e1")
			s.set(t, "before")
			b.say("%s", helloOf("e1", at, true))
			w := b.hear("welcome")
			if w.Boot != "boot-1" || w.BeatMs != 4000 || w.Now.IsZero() {
				t.Errorf("welcome %+v", w)
			}
			n := b.hear("news")
			if n.Stream != "e1" || len(n.Patches) != 1 || n.Patches[0].Parameter.Value != element.Text("before") ||
				len(n.Events) != 1 || n.Events[0].Kind != "parameter" || n.Cursor != s.service.hub.Cursor("e1") {
				t.Errorf("news %+v", n)
			}
			b.say(`{"type":"beat","at":1234.5}`)
			if m := b.hear("beat"); m.At != 1234.5 {
				t.Errorf("beat %+v", m)
			}
			s.set(t, "after")
			if n := b.hear("news"); n.Patches[0].Parameter.Value != element.Text("after") {
				t.Errorf("news %+v", n)
			}
			s.ask(t, "DELETE", "/api/v1/elements/e1", "")
			if m := b.hear("gone"); m.Stream != "e1" {
				t.Errorf("gone %+v", m)
			}
		})
	}
}

// TestTopics merges streams: the fleet without events, an element, a stranger,
// and a cursor of an earlier start.
func TestTopics(t *testing.T) {
	s := newSite(t).withElement(t)
	b := dial(t, websocket.Dialer{}, s.listen(t), nil)
	fleet, one := s.service.hub.Cursor("fleet"), s.service.hub.Cursor("e1")
	b.say(`{"type":"hello","topics":[
		{"stream":"fleet","cursor":{"epoch":%q,"seq":%d},"events":false},
		{"stream":"e1","cursor":{"epoch":"old","seq":%d},"events":false},
		{"stream":"none","cursor":{"epoch":"","seq":0}}]}`, fleet.Epoch, fleet.Seq, one.Seq)
	b.hear("welcome")
	got := map[string]heard{}
	for range 2 {
		var m heard
		if err := b.ReadJSON(&m); err != nil {
			t.Fatal(err)
		}
		got[m.Stream] = m
	}
	if got["none"].Type != "gone" || got["e1"].Type != "reset" || got["e1"].Cursor != one {
		t.Errorf("%+v", got)
	}
	s.set(t, "x")
	if n := b.hear("news"); n.Stream != "e1" || len(n.Patches) != 1 || len(n.Events) != 0 {
		t.Errorf("news %+v", n)
	}
	s.ask(t, "DELETE", "/api/v1/elements/e1", "")
	for range 2 {
		var m heard
		if err := b.ReadJSON(&m); err != nil {
			t.Fatal(err)
		}
		got[m.Stream] = m
	}
	if got["e1"].Type != "gone" || got["fleet"].Type != "news" || got["fleet"].Patches[0].Removed != "e1" {
		t.Errorf("%+v", got)
	}
}

func TestSocketIsStrict(t *testing.T) {
	hello := helloOf("fleet", element.Cursor{}, true)
	nine := strings.Repeat(`{"stream":"a"},`, 9)
	for _, c := range []struct {
		name string
		says []string
		code int
	}{
		{"no JSON", []string{"hello"}, 1008},
		{"beat first", []string{`{"type":"beat","at":1}`}, 1008},
		{"no topics", []string{`{"type":"hello","topics":[]}`}, 1008},
		{"nine topics", []string{`{"type":"hello","topics":[` + strings.TrimSuffix(nine, ",") + `]}`}, 1008},
		{"one topic twice", []string{`{"type":"hello","topics":[{"stream":"a"},{"stream":"a"}]}`}, 1008},
		{"no stream", []string{`{"type":"hello","topics":[{}]}`}, 1008},
		{"hello twice", []string{hello, hello}, 1008},
		{"too large", []string{`{"type":"` + strings.Repeat("x", MaxMessage) + `"}`}, 1009},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := dial(t, websocket.Dialer{}, newSite(t).listen(t), nil)
			for _, m := range c.says {
				b.say("%s", m)
			}
			if code := b.closed(); code != c.code {
				t.Errorf("closed with %d, want %d", code, c.code)
			}
		})
	}
}

func TestBinaryIsRefused(t *testing.T) {
	b := dial(t, websocket.Dialer{}, newSite(t).listen(t), nil)
	if err := b.WriteMessage(websocket.BinaryMessage, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if code := b.closed(); code != websocket.CloseUnsupportedData {
		t.Errorf("closed with %d", code)
	}
}

func TestTooManySockets(t *testing.T) {
	s := newSite(t, func(o *Options) { o.MaxSockets = 1 })
	url := s.listen(t)
	first := dial(t, websocket.Dialer{}, url, nil)
	first.say("%s", helloOf("fleet", s.service.hub.Cursor("fleet"), false))
	first.hear("welcome")
	if code := dial(t, websocket.Dialer{}, url, nil).closed(); code != websocket.CloseTryAgainLater {
		t.Errorf("the second socket was closed with %d", code)
	}
	first.say(`{"type":"beat","at":1}`)
	first.hear("beat")
}

// TestSocketsOfOneAddress: one address has at most half of the sockets; what it
// left is free again.
func TestSocketsOfOneAddress(t *testing.T) {
	all := newSockets(4, 0, newSite(t).middleware.metrics)
	of := func(addr string) *page { return &page{from: client(addr)} }
	one, two := of("192.0.2.1:1"), of("192.0.2.1:2")
	for _, c := range []struct {
		p    *page
		want *errCode
	}{
		{one, nil},
		{two, nil},
		{of("192.0.2.1:3"), errFullOf},
		{of("[::ffff:192.0.2.1]:4"), errFullOf},
		{of("[2001:db8::1]:1"), nil},
		{of("[2001:db8::2:2]:1"), nil},
		{of("192.0.2.2:1"), errFull},
	} {
		if got := all.enter(c.p); got != c.want {
			t.Errorf("%s: %v, want %v", c.p.from, got, c.want)
		}
	}
	all.leave(two)
	if err := all.enter(of("192.0.2.1:5")); err != nil {
		t.Errorf("after one left: %v", err)
	}
}

// TestCloseEndsSockets: those that said hello and those that did not hear 1012,
// Close waits for them, and later ones are refused.
func TestCloseEndsSockets(t *testing.T) {
	s := newSite(t)
	url := s.listen(t)
	greeted, silent := dial(t, websocket.Dialer{}, url, nil), dial(t, websocket.Dialer{}, url, nil)
	greeted.say("%s", helloOf("fleet", s.service.hub.Cursor("fleet"), false))
	greeted.hear("welcome")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if n := len(s.live.sockets.open); n != 0 {
		t.Errorf("%d sockets after Close", n)
	}
	late := dial(t, websocket.Dialer{}, url, nil)
	for name, b := range map[string]*browser{"greeted": greeted, "silent": silent, "late": late} {
		if code := b.closed(); code != websocket.CloseServiceRestart {
			t.Errorf("the %s socket was closed with %d", name, code)
		}
	}
}

// TestPanicEndsOnePage has the service fail under one page while another one
// goes on.
func TestPanicEndsOnePage(t *testing.T) {
	s := newSite(t).withElement(t)
	url := s.listen(t)
	other := dial(t, websocket.Dialer{}, url, nil)
	other.say("%s", helloOf("e1", s.service.hub.Cursor("e1"), true))
	other.hear("welcome")
	s.set(t, "before")
	other.hear("news") // its follow has asked the service by now

	s.service.mu.Lock()
	s.service.panics = true
	s.service.mu.Unlock()
	b := dial(t, websocket.Dialer{}, url, nil)
	b.say("%s", helloOf("e1", s.service.hub.Cursor("e1"), true))
	if code := b.closed(); code != websocket.CloseInternalServerErr {
		t.Errorf("closed with %d, want 1011", code)
	}
	if n := strings.Count(s.log.String(), "a socket failed"); n != 1 {
		t.Errorf("logged %d times, want once:\n%s", n, s.log.String())
	}
	s.set(t, "after")
	other.hear("news")
}

func TestHubClosed(t *testing.T) {
	s := newSite(t)
	b := dial(t, websocket.Dialer{}, s.listen(t), nil)
	b.say("%s", helloOf("fleet", s.service.hub.Cursor("fleet"), false))
	b.hear("welcome")
	s.service.hub.Close()
	if code := b.closed(); code != websocket.CloseServiceRestart {
		t.Errorf("closed with %d", code)
	}
}

func TestLiveWithoutUpgrade(t *testing.T) {
	s := newSite(t)
	if w := s.ask(t, "GET", "/live", ""); w.Code != http.StatusUpgradeRequired {
		t.Errorf("%d", w.Code)
	}
	if w := s.ask(t, "GET", "/live", "", "Connection", "Upgrade", "Upgrade", "websocket"); w.Code != http.StatusBadRequest {
		t.Errorf("a handshake without a key: %d", w.Code)
	}
}
