package link

import (
	"bufio"
	"bytes"
	"testing"
)

// FuzzExchangeBody reads whatever a device may send as an answer: within the
// limit, and without a panic.
func FuzzExchangeBody(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Encoding: gzip, deflate\r\n\r\n\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		const limit = 1 << 12
		br := bufio.NewReader(bytes.NewReader(answer))
		res, err := readResponse(br)
		if err != nil {
			return
		}
		x := &exchange{w: &HTTPConn{br: br}, req: Request{MaxBody: limit}}
		body, _, err := x.readBody(res)
		if err == nil {
			body, err = decodeBody(res, body, limit)
		}
		if err == nil && len(body) > limit {
			t.Errorf("%d bytes", len(body))
		}
	})
}
