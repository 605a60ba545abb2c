package link

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
)

var (
	errBodyTooLarge = errors.New("the body of the answer is too large")
	errEncoding     = errors.New("the body of the answer cannot be decoded")
)

// readBody reads the whole body of an answer (RFC 9112 §6.3). reusable says
// that the wire stands right behind it.
func (x *exchange) readBody(res *response) (body []byte, reusable bool, err error) {
	length, hasLength := header(res.headers, "Content-Length")
	switch {
	case x.req.Verb == "HEAD" || res.status == 204 || res.status == 304:
		return nil, true, nil
	case res.hasToken("Transfer-Encoding", "chunked"):
		body, err = readBounded(httputil.NewChunkedReader(x.w.br), x.maxBody())
		if err == nil {
			err = readTrailer(x.w.br)
		}
		return body, true, err
	case hasLength:
		n, bad := strconv.ParseInt(length.Value, 10, 64)
		if bad != nil || n < 0 {
			return nil, false, fmt.Errorf("%w: Content-Length is %q", errNotHTTP, excerpt(length.Value))
		}
		if n > x.maxBody() {
			return nil, false, errBodyTooLarge
		}
		body, err = readBounded(io.LimitReader(x.w.br, n), x.maxBody())
		if err == nil && int64(len(body)) < n {
			err = io.ErrUnexpectedEOF
		}
		return body, true, err
	default: // the end of the connection is the end of the body
		body, err = readBounded(x.w.br, x.maxBody())
		return body, false, err
	}
}

func readBounded(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, errBodyTooLarge
	}
	return b, err
}

// readTrailer reads to the empty line behind the last chunk.
func readTrailer(br *bufio.Reader) error {
	for size := 0; size <= MaxResponseHead; {
		line, err := br.ReadSlice('\n')
		if err != nil {
			return err
		}
		if size += len(line); len(bytes.TrimRight(line, "\r\n")) == 0 {
			return nil
		}
	}
	return errHeadTooLarge
}

// decodeBody undoes the content encodings that were offered (RFC 9110 §8.4).
// Bodies that are encoded in another way are kept as they came.
func decodeBody(res *response, body []byte, limit int64) ([]byte, error) {
	encodings := splitList(strings.Join(headerValues(res.headers, "Content-Encoding"), ","))
	if len(body) == 0 || len(encodings) > 2 {
		return body, nil
	}
	for _, encoding := range slices.Backward(encodings) {
		var r io.Reader
		var err error
		switch strings.ToLower(encoding) {
		case "gzip", "x-gzip":
			r, err = gzip.NewReader(bytes.NewReader(body))
		case "deflate": // zlib as the standard says, bare as some devices do
			if r, err = zlib.NewReader(bytes.NewReader(body)); err != nil {
				r, err = flate.NewReader(bytes.NewReader(body)), nil
			}
		default:
			return body, nil
		}
		if err == nil {
			body, err = readBounded(r, limit)
		}
		switch {
		case errors.Is(err, errBodyTooLarge):
			return nil, err
		case err != nil:
			return nil, fmt.Errorf("%w: %w", errEncoding, err)
		}
	}
	return body, nil
}
