//go:build interop

package link_test

import (
	"fmt"
	"strconv"
	"testing"

	"fieldline/element/link"
)

// through sets a proxy on loopback.
func through(cfg link.Config, scheme string, port int, user, password string) link.Config {
	cfg.Proxy = link.Proxy{URL: fmt.Sprintf("%s://127.0.0.1:%d", scheme, port), User: user, Password: password}
	return cfg
}

func TestInteropTinyproxy(t *testing.T) {
	port, peer := freePort(t), startPython(t)
	run(t, nil, "tinyproxy", "-d", "-c", configFile(t, "tinyproxy.conf", fmt.Sprintf(
		"Port %d\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 60\nMaxClients 20\nLogLevel Warning\nBasicAuth operator secret\nConnectPort %d\n", port, peer,
	)))
	awaitPort(t, port)
	bothOffers(t, func(t *testing.T, bare bool) {
		s, _ := dial(t, through(local(peer, bare), "http", port, "operator", "secret"))
		converse(t, s)
	})
	t.Run("refusals", func(t *testing.T) {
		refusedBy(t, through(local(peer, false), "http", port, "", ""), "proxy", "login")
		refusedBy(t, through(local(peer, false), "http", port, "operator", "wrong"), "proxy", "login")
		refusedBy(t, through(local(port, false), "http", port, "operator", "secret"), "proxy", "http-status")
	})
}

func TestInteropMicrosocks(t *testing.T) {
	open, guarded, peer := freePort(t), freePort(t), startPython(t)
	run(t, nil, "microsocks", "-i", "127.0.0.1", "-p", strconv.Itoa(open))
	run(t, nil, "microsocks", "-i", "127.0.0.1", "-p", strconv.Itoa(guarded), "-u", "operator", "-P", "secret")
	awaitPort(t, open)
	awaitPort(t, guarded)
	bothOffers(t, func(t *testing.T, bare bool) {
		s, _ := dial(t, through(local(peer, bare), "socks5", open, "", ""))
		converse(t, s)
		s, _ = dial(t, through(local(peer, bare), "socks5", guarded, "operator", "secret"))
		converse(t, s)
	})
	t.Run("refusals", func(t *testing.T) {
		refusedBy(t, through(local(peer, false), "socks5", guarded, "operator", "wrong"), "proxy", "login")
		refusedBy(t, through(local(peer, false), "socks5", guarded, "", ""), "proxy", "login")
		refusedBy(t, through(local(freePort(t), false), "socks5", open, "", ""), "proxy", "failed")
	})
}
