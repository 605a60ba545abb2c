package e2e_test

import (
	"context"
	"net"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element/simulator"
)

// restDevice runs a simulated HTTP device until the end of the test.
func restDevice(t *testing.T) (host string, port int) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- simulator.NewREST(simulator.RESTOptions{}).Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the device: %v", err)
		}
	})
	addr := listener.Addr().(*net.TCPAddr)
	return addr.IP.String(), addr.Port
}

// TestShippedConnectorsLookRight looks at the pages of the connectors that
// ship, with a device behind each. Their connection pages are like the one
// that TestPagesAreAccessibleAndFit looks at.
func TestShippedConnectorsLookRight(t *testing.T) {
	player := simulator.NewPlayer()
	music := e2e.StartDevice(t, simulator.Options{Player: player, Interval: -1})
	events := e2e.StartDevice(t, simulator.Options{Interval: -1})
	host, port := restDevice(t)
	s := serve(t, t.TempDir())
	foyer := s.Create("Foyer", "JSON-RPC (Mopidy)", music)
	studio := s.Create("Studio", "IS-07 Event Source", events)
	mixer := polling(t, s, "Mixer", "REST Poller", host, port)
	if err := player.Call("core.playback.play", 2); err != nil {
		t.Fatal(err)
	}
	s.Set(foyer.ID, 404, "1")
	p := tab(t)
	for _, shown := range []struct {
		page, selector, text string
	}{
		{string(foyer.ID), `[data-p="130"] [data-value]`, "Weather bed"},
		{string(foyer.ID) + "/p/tracklist", `tr[data-key="2"] [data-column="1007"]`, "Current"},
		{string(studio.ID), `tr[data-key="5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0002"] [data-column="1003"]`, "20.1"},
		{string(mixer.ID), `tr[data-key="1"] [data-column="1002"] [data-value]`, "Presenter"},
	} {
		p.Open(s.Base + "elements/" + shown.page)
		p.WaitText(shown.selector, shown.text)
	}
	for name, pages := range map[string][]string{
		string(foyer.ID):  {"playback", "tracklist", "requests"},
		string(studio.ID): {"sources"},
		string(mixer.ID):  {"values", "write", "polling"},
	} {
		for _, page := range pages {
			t.Run(page, func(t *testing.T) { assertLook(t, "shipped-"+page, s.Base+"elements/"+name+"/p/"+page) })
		}
	}
}
