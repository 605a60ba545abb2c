package link

import (
	"bytes"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// bomUTF8 is the byte order mark of UTF-8, which says nothing.
const bomUTF8 = "\xef\xbb\xbf"

// decodeText makes UTF-8 of the text in a body, without a byte order mark. What
// says best how it is written counts: the mark, the charset of Content-Type, the
// declaration of XML. Text of which nothing says that and that is not UTF-8 is
// read as windows-1252, which holds ISO 8859-1. Bytes that are no text, and those
// that are not what they are said to be, stay as they came. note says what is
// wrong with a text, "" when nothing is.
func decodeText(headers []Header, body []byte) (text []byte, note string) {
	media, params := contentType(headers)
	label := strings.Trim(params["charset"], "'")
	if len(body) == 0 || isBinary(media) && !calledText(media, label, body) {
		return body, ""
	}
	if to, ok := byMark(body, media != ""); ok {
		return to, ""
	}
	from := "Content-Type"
	if label == "" && strings.HasSuffix(media, "xml") {
		label, from = xmlEncoding(body), "the XML declaration"
	}
	said := strings.ToLower(strings.TrimSpace(label))
	switch {
	case said == "" || said == "utf-8" || said == "utf8":
		return undeclared(body, media, said != "")
	case strings.HasPrefix(said, "utf-16") || strings.HasPrefix(said, "utf-32"):
		if to, ok := wide(said, body); ok {
			return to, ""
		}
		return body, fmt.Sprintf("%s says charset %s, which the text is not; its bytes are kept as they came.", from, excerpt(label))
	}
	charset := charsetOf(said)
	if charset == nil {
		if utf8.Valid(body) {
			return body, ""
		}
		return body, fmt.Sprintf("%s says charset %s, which is not known here; its bytes are kept as they came.", from, excerpt(label))
	}
	if charset == charmap.Windows1252 {
		return windows1252(body), ""
	}
	to, err := charset.NewDecoder().Bytes(body)
	if err != nil || bytes.Contains(to, []byte("\ufffd")) {
		if utf8.Valid(body) {
			return body, fmt.Sprintf("%s says charset %s, but the text is UTF-8 and read as that.", from, excerpt(label))
		}
		return body, fmt.Sprintf("%s says charset %s, which the text is not; its bytes are kept as they came.", from, excerpt(label))
	}
	return to, ""
}

// charsetOf finds a charset by the names that the web knows, then by those of
// IANA, which have the code pages of DOS. It is nil when nobody knows it.
func charsetOf(name string) encoding.Encoding {
	if charset, err := htmlindex.Get(name); err == nil {
		return charset
	}
	charset, _ := ianaindex.IANA.Encoding(name) // nil for what it knows by name only
	return charset
}

// calledText reports whether a body of an application's own type is a text after
// all: a charset is named, and there is nothing in it that text does not have.
func calledText(media, charset string, body []byte) bool {
	return charset != "" && strings.HasPrefix(media, "application/") && !bytes.ContainsFunc(body, isControl)
}

// undeclared reads a text that is UTF-8, or of which nobody says what it is.
func undeclared(body []byte, media string, said bool) ([]byte, string) {
	if to, ok := byZeros(body); ok && media != "" && !said {
		return to, ""
	}
	switch {
	case utf8.Valid(body), media == "" && bytes.ContainsFunc(body, isControl):
		return body, ""
	case said:
		return body, "Content-Type says charset UTF-8, which the text is not; its bytes are kept as they came."
	}
	return windows1252(body), "the text is not UTF-8 and nothing says what it is; it is read as windows-1252."
}

// windows1252 takes every byte: the five that mean nothing are controls, as in
// ISO 8859-1.
func windows1252(body []byte) []byte {
	to := make([]byte, 0, len(body)+len(body)/8)
	for _, c := range body {
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
		}
		to = utf8.AppendRune(to, r)
	}
	return to
}

// isControl tells characters that text does not have.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7f
}

// contentType reads the field leniently: what follows the media type need not
// be well-formed.
func contentType(headers []Header) (media string, params map[string]string) {
	h, _ := header(headers, "Content-Type")
	media, params, err := mime.ParseMediaType(h.Value)
	if err == nil {
		return media, params
	}
	params = map[string]string{}
	media, rest, _ := strings.Cut(h.Value, ";")
	for pair := range strings.SplitSeq(rest, ";") {
		name, value, _ := strings.Cut(pair, "=")
		if name = strings.ToLower(strings.TrimSpace(name)); params[name] == "" {
			params[name] = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return strings.ToLower(strings.TrimSpace(media)), params
}

// isBinary tells the media types of bodies that are no text.
func isBinary(media string) bool {
	kind, sub, _ := strings.Cut(media, "/")
	switch kind {
	case "image", "audio", "video", "font", "multipart", "model":
		return !strings.HasSuffix(sub, "+xml")
	case "application":
		for _, text := range [...]string{"json", "xml", "javascript", "ecmascript", "yaml", "x-www-form-urlencoded", "text", "html", "csv", "graphql", "sparql", "sdp", "mpegurl"} {
			if strings.Contains(sub, text) {
				return false
			}
		}
		return true
	}
	return false
}

// byZeros reads UTF-16 that nobody declares: text begins with ASCII, of which
// every other byte is zero then (RFC 4627 §3).
func byZeros(body []byte) ([]byte, bool) {
	if len(body) < 2 || (body[0] == 0) == (body[1] == 0) {
		return nil, false
	}
	to, ok := wide("utf-16", body)
	return to, ok && !bytes.ContainsFunc(to, isControl)
}

// byMark reads a text by the byte order mark at its beginning. Where nobody calls
// a body a text, what looks like the mark of a wide one is only that when it makes
// the rest a text.
func byMark(body []byte, text bool) ([]byte, bool) {
	if rest, ok := bytes.CutPrefix(body, []byte(bomUTF8)); ok {
		return rest, utf8.Valid(rest)
	}
	for _, mark := range [...]struct{ bytes, charset string }{
		{"\x00\x00\xfe\xff", "utf-32be"}, {"\xff\xfe\x00\x00", "utf-32le"}, // before that of UTF-16, which it begins with
		{"\xfe\xff", "utf-16be"}, {"\xff\xfe", "utf-16le"},
	} {
		if rest, ok := bytes.CutPrefix(body, []byte(mark.bytes)); ok {
			to, ok := wide(mark.charset, rest)
			return to, ok && (text || !bytes.ContainsFunc(to, isControl))
		}
	}
	return nil, false
}

// wide reads UTF-16 and UTF-32. Without a mark and a word about their order the
// bytes are taken as ASCII in them would lie.
func wide(charset string, body []byte) ([]byte, bool) {
	size := 2
	if strings.HasPrefix(charset, "utf-32") {
		size = 4
	}
	little := strings.HasSuffix(charset, "le") || !strings.HasSuffix(charset, "be") && len(body) > 0 && body[0] != 0
	var from encoding.Encoding
	switch {
	case size == 4 && little:
		from = utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	case size == 4:
		from = utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	case little:
		from = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	default:
		from = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	to, err := from.NewDecoder().Bytes(body)
	return to, err == nil && len(body)%size == 0 && !bytes.Contains(to, []byte("\ufffd"))
}

// xmlEncoding is what the declaration of an XML text says, "" when it says
// nothing (XML 1.0 §4.3.3).
func xmlEncoding(body []byte) string {
	const most = 200
	declaration := regexp.MustCompile(`^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']`)
	if m := declaration.FindSubmatch(body[:min(len(body), most)]); m != nil {
		return string(m[1])
	}
	return ""
}

// headText makes UTF-8 of a head of HTTP: lines that are not are ISO 8859-1, as
// they were before anything else was (RFC 9110 §5.5).
func headText(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	var b strings.Builder
	for line := range bytes.Lines(raw) {
		if utf8.Valid(line) {
			b.Write(line)
			continue
		}
		for _, c := range line {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}
