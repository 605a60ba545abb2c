package simulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// serve answers one request: a session, or an HTTP answer that says why not.
func (d *Device) serve(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	c, ok := r.Context().Value(connKey{}).(*conn)
	if !ok {
		http.Error(w, "This device is reached over its own listener only.", http.StatusInternalServerError)
		return
	}
	d.mu.Lock()
	m, path := d.manners, d.path
	d.mu.Unlock()
	if m.Delay > 0 && !pause(ctx, r.Context(), m.Delay) {
		panic(http.ErrAbortHandler) // net/http's way to give no answer
	}
	if d.refuse(w, r, m, path) {
		d.log.InfoContext(ctx, "refused a handshake", "connection", c.entry.ID, "path", r.URL.Path)
		return
	}
	s := d.admit(c)
	if s == nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, fmt.Sprintf("This simulated device has its %d sessions; try again when one has ended.", d.most), http.StatusServiceUnavailable)
		return
	}
	defer d.dismiss(s)
	c.rewrite = m.extensions()
	var header http.Header
	if m.Subprotocol != "" {
		header = http.Header{"Sec-Websocket-Protocol": {m.Subprotocol}}
	}
	up := websocket.Upgrader{
		CheckOrigin:       func(*http.Request) bool { return true },
		EnableCompression: m.Extensions == "" || strings.Contains(m.Extensions, "permessage-deflate"),
	}
	ws, err := up.Upgrade(w, r, header)
	if err != nil {
		d.log.InfoContext(ctx, "refused a handshake", "connection", c.entry.ID, "cause", err)
		return
	}
	s.run(ctx, ws)
}

// pause waits for t; it reports false when the device or the client ended
// first.
func pause(device, client context.Context, t time.Duration) bool {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-device.Done():
	case <-client.Done():
	}
	return false
}

// refuse answers a handshake that is not to be opened and reports whether it
// did.
func (d *Device) refuse(w http.ResponseWriter, r *http.Request, m Manners, path string) bool {
	switch {
	case m.RefuseStatus != 0:
		for name, values := range m.RefuseHeader {
			w.Header()[name] = slices.Clone(values)
		}
		w.WriteHeader(m.RefuseStatus)
		_, _ = io.WriteString(w, m.RefuseBody) // the client may be gone
	case r.URL.Path != path:
		http.Error(w, fmt.Sprintf("This simulated device has its WebSocket at %s, and nothing at %s.", path, r.URL.Path), http.StatusNotFound)
	case !m.satisfied(r.Header):
		status := http.StatusForbidden
		if strings.EqualFold(m.RequireHeader, "Authorization") {
			status = http.StatusUnauthorized
		}
		http.Error(w, fmt.Sprintf("This simulated device demands the header %s with the value it was given.", m.RequireHeader), status)
	case !websocket.IsWebSocketUpgrade(r):
		w.Header().Set("Upgrade", "websocket")
		http.Error(w, "This address speaks WebSocket: open it with a WebSocket client.", http.StatusUpgradeRequired)
	default:
		return false
	}
	return true
}

// satisfied reports whether h has the header that m asks for.
func (m Manners) satisfied(h http.Header) bool {
	if m.RequireHeader == "" {
		return true
	}
	values := h.Values(m.RequireHeader)
	if m.RequireValue == "" {
		return len(values) > 0
	}
	return slices.Contains(values, m.RequireValue)
}

// extensions returns the change of the response head that Extensions asks
// for, or nil. (The WebSocket library negotiates for itself and takes no
// answer from outside.)
func (m Manners) extensions() func([]byte) []byte {
	if m.Extensions == "" {
		return nil
	}
	return func(head []byte) []byte {
		var out [][]byte
		for line := range bytes.SplitSeq(bytes.TrimSuffix(head, []byte("\r\n\r\n")), []byte("\r\n")) {
			if !bytes.HasPrefix(line, []byte("Sec-WebSocket-Extensions:")) {
				out = append(out, line)
			}
		}
		if m.Extensions != "none" {
			out = append(out, []byte("Sec-WebSocket-Extensions: "+m.Extensions))
		}
		return append(bytes.Join(out, []byte("\r\n")), "\r\n\r\n"...)
	}
}
