package web

import (
	"context"
	"time"

	"fieldline/element"
)

// DryRun knows the connection 1 and says that connection 2 cannot be made.
func (m *memory) DryRun(ctx context.Context, id element.ID, connection int) (element.HandshakePreview, error) {
	if _, err := m.Element(ctx, id); err != nil {
		return element.HandshakePreview{}, err
	}
	switch connection {
	case 1:
		return element.HandshakePreview{
			At: element.At(time.Now()), URL: "ws://127.0.0.1:8050/x", Request: "GET /x HTTP/1.1\r\nHost: 127.0.0.1:8050\r\n\r\n",
			Proxy: "http://ruth:•••@proxy:3128", Notes: []string{"The path is that of parameter 50."},
		}, nil
	case 2:
		return element.HandshakePreview{At: element.At(time.Now()), Error: &element.Cause{Phase: "address", Code: "address", Message: "There is no address."}}, nil
	}
	return element.HandshakePreview{}, element.Errorf(element.NotFound, "The element has no connection %d.", connection)
}

// Try answers 403 unless one is tried already.
func (m *memory) Try(ctx context.Context, id element.ID, connection int, _ string) (element.Handshake, error) {
	if _, err := m.Element(ctx, id); err != nil {
		return element.Handshake{}, err
	}
	if connection != 1 {
		return element.Handshake{}, element.Errorf(element.NotFound, "The element has no connection %d.", connection)
	}
	if m.trying {
		return element.Handshake{}, element.Errorf(element.TooMany, "A handshake of this element is being tried already; wait for its result.")
	}
	return element.Handshake{
		At: element.At(time.Now()), Request: "GET /x HTTP/1.1\r\n\r\n", Response: "HTTP/1.1 403 Forbidden\r\n\r\n", Status: 403,
		Error: &element.Cause{Phase: "http", Code: "http-status", Message: "The device refused with 403 Forbidden."},
	}, nil
}
