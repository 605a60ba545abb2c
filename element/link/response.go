package link

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
	"strings"
)

// response is the answer to an opening handshake.
type response struct {
	raw        []byte // head as received, the empty line included
	statusLine string
	status     int
	headers    []Header
}

// Limits of an answer.
const (
	maxInterim      = 8   // interim answers (1xx but 101) that are read past
	maxHeaderFields = 512 // header fields of an answer
)

var (
	errHeadTooLarge = errors.New("the head of the answer is too large")
	errNotHTTP      = errors.New("the answer is not HTTP")
)

// readResponse reads the head of the final answer. The reader's buffer may
// hold what follows it.
func readResponse(br *bufio.Reader) (*response, error) {
	for range maxInterim {
		raw, err := readHead(br)
		if err != nil {
			return &response{raw: raw}, err
		}
		r, err := parseHead(raw)
		if err != nil {
			return &response{raw: raw}, err
		}
		if r.status >= 200 || r.status == 101 {
			return r, nil
		}
	}
	return &response{}, fmt.Errorf("%w: more than %d interim answers", errNotHTTP, maxInterim)
}

// magic is how every answer begins (RFC 9112 §2.3).
const magic = "HTTP/"

// readHead reads to the first empty line. What was read of it is returned
// with every error, as evidence.
func readHead(br *bufio.Reader) ([]byte, error) {
	var head []byte
	// What does not begin like HTTP is known at once, even if no line ends.
	if start, _ := br.Peek(len(magic)); len(start) > 0 && !strings.HasPrefix(magic, string(start)) {
		start, _ = br.Peek(br.Buffered()) // what is buffered can be peeked
		return append(head, start[:min(len(start), 64)]...), errNotHTTP
	}
	for {
		line, err := br.ReadSlice('\n')
		if len(head)+len(line) > MaxResponseHead {
			return head, errHeadTooLarge
		}
		head = append(head, line...)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return head, err
		}
		if err == nil && len(bytes.TrimRight(line, "\r\n")) == 0 && endsLine(head[:len(head)-len(line)]) {
			return head, nil
		}
	}
}

// endsLine tells an empty line from the end of one that came in two pieces.
func endsLine(before []byte) bool { return len(before) == 0 || before[len(before)-1] == '\n' }

// parseHead reads a status line and header fields (RFC 9112 §4, §5). A bare
// line feed ends a line (§2.2); a folded line is joined with a space (§5.2).
func parseHead(raw []byte) (*response, error) {
	text := strings.Map(func(r rune) rune {
		if r == 0 {
			return ' ' // never to be told from the text around it (RFC 9110 §5.5)
		}
		return r
	}, headText(raw))
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.ReplaceAll(strings.TrimSuffix(lines[i], "\r"), "\r", " ")
	}
	r := &response{raw: raw, statusLine: lines[0]}
	var err error
	if r.status, err = parseStatusLine(lines[0]); err != nil {
		return nil, err
	}
	for _, l := range lines[1:] {
		switch {
		case l == "":
			return r, nil
		case l[0] == ' ' || l[0] == '\t':
			if len(r.headers) == 0 {
				return nil, fmt.Errorf("%w: its first header line starts with a space", errNotHTTP)
			}
			last := &r.headers[len(r.headers)-1]
			last.Value = strings.Trim(last.Value+" "+strings.Trim(l, " \t"), " ")
		default:
			name, value, ok := strings.Cut(l, ":")
			if !ok || !isToken(name) {
				return nil, fmt.Errorf("%w: %q is not a header line", errNotHTTP, excerpt(l))
			}
			if len(r.headers) == maxHeaderFields {
				return nil, errHeadTooLarge
			}
			r.headers = append(r.headers, Header{Name: name, Value: strings.Trim(value, " \t")})
		}
	}
	return r, nil
}

// parseStatusLine returns the status of "HTTP/1.x SSS reason".
func parseStatusLine(s string) (int, error) {
	version, rest, _ := strings.Cut(s, " ")
	digits, _, _ := strings.Cut(rest, " ")
	if len(version) != len("HTTP/1.1") || !strings.HasPrefix(version, "HTTP/1.") || len(digits) != 3 {
		return 0, fmt.Errorf("%w: it starts with %q", errNotHTTP, excerpt(s))
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 100 || n > 599 {
		return 0, fmt.Errorf("%w: it starts with %q", errNotHTTP, excerpt(s))
	}
	return n, nil
}

// excerpt shortens what a device sent for a sentence.
func excerpt(s string) string { return shorten(s, 60) }

// shorten cuts a text after so many bytes, at the end of a character.
func shorten(s string, most int) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// hasToken reports whether a list header contains a token, in any casing.
func (r *response) hasToken(name, token string) bool {
	for _, v := range headerValues(r.headers, name) {
		for _, t := range splitList(v) {
			if strings.EqualFold(t, token) {
				return true
			}
		}
	}
	return false
}

// staysOpen reports whether the device takes another request on the connection
// once this answer is read (RFC 9112 §9.3).
func (r *response) staysOpen() bool {
	if strings.HasPrefix(r.statusLine, "HTTP/1.0") {
		return r.hasToken("Connection", "keep-alive")
	}
	return !r.hasToken("Connection", "close")
}

// readBody reads at most MaxRefusalBody bytes of the body of a refusal. What
// could be read before an error counts: the refusal is the news, not that its
// body is cut short. whole says that nothing of it is left on the connection.
func (r *response) readBody(br *bufio.Reader) (b []byte, whole bool) {
	var body io.Reader
	length, hasLength := header(r.headers, "Content-Length")
	chunked := r.hasToken("Transfer-Encoding", "chunked")
	left := int64(-1) // until the connection ends
	switch {
	case r.status == 204 || r.status == 304 || r.status < 200:
		return nil, true
	case chunked:
		body = httputil.NewChunkedReader(br)
	case hasLength:
		n, err := strconv.ParseInt(length.Value, 10, 64)
		if err != nil || n < 0 {
			return nil, false
		}
		body, left = io.LimitReader(br, n), n
	default:
		body = br
	}
	b, err := io.ReadAll(io.LimitReader(body, MaxRefusalBody))
	if chunked && err == nil && len(b) < MaxRefusalBody {
		return b, readTrailer(br) == nil
	}
	return b, int64(len(b)) == left
}
