package link

import (
	"crypto/sha1"
	"encoding/base64"
	"slices"
	"strings"
)

// acceptKey is the answer that RFC 6455 §4.2.2 demands for a Sec-WebSocket-Key.
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// agreement is what a valid answer settles.
type agreement struct {
	subprotocol string
	extensions  string // as answered
	deflate     deflate
}

// accept checks a 101 answer as RFC 6455 §4.1 demands of a client.
func accept(req *request, res *response) (agreement, *Failure) {
	var a agreement
	no := func(code, format string, args ...any) (agreement, *Failure) {
		args = append([]any{statusText(res)}, args...)
		return a, &Failure{Cause: cause("http", code, "The device answered %s, but "+format, args...)}
	}
	if !res.hasToken("Upgrade", "websocket") || !res.hasToken("Connection", "upgrade") {
		return no("not-websocket", "not with Upgrade: websocket and Connection: Upgrade; what answers is not a WebSocket server, or a proxy in between removes these headers. Check the port and the path.")
	}
	accepts := headerValues(res.headers, "Sec-WebSocket-Accept")
	switch {
	case len(accepts) == 0:
		return no("wrong-accept", "without Sec-WebSocket-Accept; what answers is not a WebSocket server. Check the port and the path.")
	case len(accepts) > 1 || accepts[0] != acceptKey(req.key):
		return no("wrong-accept", "with a wrong Sec-WebSocket-Accept: it did not read this request; something in between answers from a cache, or the device's WebSocket server is broken.")
	}
	// An empty field says that none was chosen, as servers do that always write it.
	protocols := slices.DeleteFunc(headerValues(res.headers, "Sec-WebSocket-Protocol"), func(v string) bool { return v == "" })
	switch {
	case len(protocols) > 1:
		return no("subprotocol", "with Sec-WebSocket-Protocol twice; the device's WebSocket server is broken.")
	case len(protocols) == 1 && len(req.protocols) == 0:
		return no("subprotocol", "with the subprotocol %q, and none was offered. Add the header Sec-WebSocket-Protocol: %[2]s to the connector.", excerpt(protocols[0]))
	case len(protocols) == 1 && !slices.Contains(req.protocols, protocols[0]):
		return no("subprotocol", "with the subprotocol %q, and the connector offered %s. Change the connector's Sec-WebSocket-Protocol.", excerpt(protocols[0]), excerpt(strings.Join(req.protocols, ", ")))
	case len(protocols) == 1:
		a.subprotocol = protocols[0]
	}
	a.extensions = strings.Join(headerValues(res.headers, "Sec-WebSocket-Extensions"), ", ")
	answered, err := parseExtensions(a.extensions)
	if err == nil {
		a.deflate, err = agree(req.extensions, answered)
	}
	if err != nil {
		return no("extension", "with %s. Change the connector's Sec-WebSocket-Extensions, or leave it out.", err)
	}
	return a, nil
}
