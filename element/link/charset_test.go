package link

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

// declared is a body with what is said of it, and the text that it is.
type declared struct {
	name, contentType, body string
	want                    string
	note                    string // a part of it; "" for none
}

func declaredTexts() []declared {
	return []declared{
		{"UTF-8", "text/plain; charset=utf-8", "Käse", "Käse", ""},
		{"UTF-8 that nobody declares", "text/plain", "Käse", "Käse", ""},
		{"no type at all", "", "K\xe4se", "Käse", "windows-1252"},
		{"no type at all, bytes", "", "K\xe4\x00", "K\xe4\x00", ""},
		{"ISO 8859-1", "text/plain; charset=ISO-8859-1", "K\xe4se", "Käse", ""},
		{"latin1 in a JSON", `application/json;charset="latin1"`, "{\"n\":\"K\xe4se\"}", `{"n":"Käse"}`, ""},
		{"a vendor's JSON", `application/vnd.x+json; charset=iso-8859-15`, "5 \xa4", "5 €", ""},
		{"windows-1252", "text/html; charset=windows-1252", "5 \x80", "5 €", ""},
		{"what windows-1252 does not know", "text/plain; charset=iso-8859-1", "\x81", "\u0081", ""},
		{"windows-1251", "text/plain; charset=WINDOWS-1251", "\xc4\xe0", "Да", ""},
		{"KOI8-R", "text/plain; charset=koi8-r", "\xe4\xc1", "Да", ""},
		{"Shift_JIS", "text/plain; charset=Shift_JIS", "\x93\xfa\x96\x7b", "日本", ""},
		{"GBK", "text/plain; charset=gb2312", "\xd6\xd0", "中", ""},
		{"EUC-KR", "text/plain; charset=euc-kr", "\xb0\xa1", "가", ""},
		{"US-ASCII", "text/plain; charset=us-ascii", "abc", "abc", ""},
		{"broken field", "text/plain;; charset=iso-8859-1; =", "K\xe4se", "Käse", ""},
		{"UTF-16 little", "text/plain; charset=utf-16le", "K\x00\xe4\x00", "Kä", ""},
		{"UTF-16 big", "text/plain; charset=utf-16be", "\x00K\x00\xe4", "Kä", ""},
		{"UTF-16, no mark, little", "application/json; charset=UTF-16", "1\x002\x00", "12", ""},
		{"UTF-16, no mark, big", "application/json; charset=UTF-16", "\x001\x002", "12", ""},
		{"UTF-16 with a mark", "text/plain; charset=utf-16", "\xff\xfeK\x00\xe4\x00", "Kä", ""},
		{"UTF-16 with a mark, nobody declares it", "application/json", "\xfe\xff\x00K\x00\xe4", "Kä", ""},
		{"UTF-16 above the first plane", "text/plain; charset=utf-16le", "\x3d\xd8\x00\xde", "😀", ""},
		{"UTF-32 with a mark", "text/plain", "\xff\xfe\x00\x00K\x00\x00\x00", "K", ""},
		{"a mark wins over the charset", "text/plain; charset=iso-8859-1", "\xef\xbb\xbfKäse", "Käse", ""},
		{"a mark before JSON", "application/json", "\xef\xbb\xbf{}", "{}", ""},
		{"a mark and no type", "", "\xef\xbb\xbf{}", "{}", ""},
		{"a mark alone", "text/plain", "\xef\xbb\xbf", "", ""},
		{"XML says it", "text/xml", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>", "<?xml version='1.0' encoding='ISO-8859-1'?><a>ä</a>", ""},
		{"XML says UTF-8", "application/soap+xml", `<?xml version="1.0" encoding="utf-8"?><a>ä</a>`, `<?xml version="1.0" encoding="utf-8"?><a>ä</a>`, ""},
		{"the charset wins over XML", "text/xml; charset=utf-8", "<?xml version='1.0' encoding='ISO-8859-1'?>ä", "<?xml version='1.0' encoding='ISO-8859-1'?>ä", ""},

		{"text that nobody declares", "text/plain", "K\xe4se", "Käse", "windows-1252"},
		{"JSON that nobody declares", "application/json", "\"K\xe4se\"", "\"Käse\"", "windows-1252"},
		{"said to be UTF-8", "text/plain; charset=utf-8", "K\xe4se", "K\xe4se", "UTF-8"},
		{"a charset that nobody knows", "text/plain; charset=x-klingon", "K\xe4se", "K\xe4se", "x-klingon"},
		{"a charset that nobody knows, but UTF-8", "text/plain; charset=x-klingon", "Käse", "Käse", ""},
		{"not what it is said to be", "text/plain; charset=shift_jis", "\x81", "\x81", "shift_jis"},
		{"half a character of UTF-16", "text/plain; charset=utf-16le", "K\x00\xe4", "K\x00\xe4", "utf-16le"},
		{"a mark that lies", "text/plain; charset=utf-8", "\xef\xbb\xbf\xe4", "\xef\xbb\xbf\xe4", "UTF-8"},

		{"an image", "image/png; charset=iso-8859-1", "\x89PNG\xe4", "\x89PNG\xe4", ""},
		{"bytes", "application/octet-stream", "\xef\xbb\xbf\xe4", "\xef\xbb\xbf\xe4", ""},
		{"a picture as XML", "image/svg+xml", "\xef\xbb\xbf<svg/>", "<svg/>", ""},
		{"bytes that begin like UTF-16", "", "\xff\xfe\x01\x00", "\xff\xfe\x01\x00", ""},
		{"UTF-16 with a mark and no type", "", "\xff\xfeK\x00\xe4\x00", "Kä", ""},
		{"UTF-16 of which nobody says anything, little", "application/json", "{\x00}\x00", "{}", ""},
		{"UTF-16 of which nobody says anything, big", "text/xml", "\x00<\x00\xe4", "<ä", ""},
		{"zeros that are no UTF-16", "text/plain", "K\x00\x01\x00", "K\x00\x01\x00", ""},
		{"zeros and no type", "", "K\x00L\x00", "K\x00L\x00", ""},
		{"single quotes", "text/plain; charset='ISO-8859-1'", "K\xe4se", "Käse", ""},
		{"a code page of DOS", "text/plain; charset=IBM850", "K\x84se", "Käse", ""},
		{"another one", "text/plain; charset=cp437", "\xb3\xe1", "│ß", ""},
		{"an application's own text", "application/vnd.acme; charset=windows-1250", "\xa3\xf3d\x9f", "Łódź", ""},
		{"an application's own bytes", "application/vnd.acme; charset=windows-1250", "\xa3\x00", "\xa3\x00", ""},
	}
}

func TestDecodeText(t *testing.T) {
	for _, tt := range declaredTexts() {
		t.Run(tt.name, func(t *testing.T) {
			var headers []Header
			if tt.contentType != "" {
				headers = []Header{{Name: "Content-Type", Value: tt.contentType}}
			}
			got, note := decodeText(headers, []byte(tt.body))
			if string(got) != tt.want || (note == "") != (tt.note == "") || !strings.Contains(note, tt.note) {
				t.Errorf("%q, %q; want %q, %q", got, note, tt.want, tt.note)
			}
		})
	}
}

// FuzzDecodeText: nothing is replaced in silence, whatever a device says its
// text is.
func FuzzDecodeText(f *testing.F) {
	f.Add("text/plain; charset=gbk", []byte("\x81\x30"))
	f.Add("application/json", []byte("\xff\xfe\x00\xd8"))
	f.Add("text/xml", []byte("<?xml version='1.0' encoding='utf-7'?>\xe4"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		got, note := decodeText([]Header{{Name: "Content-Type", Value: contentType}}, body)
		media, _ := contentType2(contentType)
		if !utf8.Valid(got) && note == "" && media != "" && !isBinary(media) {
			t.Errorf("%q %q: not UTF-8, and nothing is said", contentType, body)
		}
		if strings.Contains(string(got), "\ufffd") && !strings.Contains(string(body), "\ufffd") && string(got) != string(body) {
			t.Errorf("%q %q became %q", contentType, body, got)
		}
	})
}

func contentType2(s string) (string, map[string]string) {
	return contentType([]Header{{Name: "Content-Type", Value: s}})
}

// TestHeadsAreText: a head that is not UTF-8 is ISO 8859-1, in what a connector
// gets and in what people see.
func TestHeadsAreText(t *testing.T) {
	w := newWeb(t, false, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header()["X-Name"] = []string{"K\xe4se"}
		rw.Header()["X-Utf"] = []string{"Käse"}
		rw.Header().Set("Content-Type", "text/plain; charset=iso-8859-1")
		_, _ = io.WriteString(rw, "gr\xfcn")
	})
	res := exchangeOnce(t, w.request("/"))
	for _, name := range []string{"X-Name", "X-Utf"} {
		if h, _ := header(res.Headers, name); h.Value != "Käse" {
			t.Errorf("%s: %q", name, h.Value)
		}
	}
	if string(res.Body) != "grün" || res.Record.Body != "grün" || res.Note != "" || strings.Contains(res.Record.Response, "\ufffd") {
		t.Errorf("%q %q %q\n%s", res.Body, res.Record.Body, res.Note, res.Record.Response)
	}
	if r, err := readResponse(bufio.NewReader(strings.NewReader("HTTP/1.1 404 Gel\xf6scht\r\n\r\n"))); err != nil || r.statusLine != "HTTP/1.1 404 Gelöscht" {
		t.Errorf("%+v %v", r, err)
	}
}
