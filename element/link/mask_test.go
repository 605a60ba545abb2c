package link

import (
	"strings"
	"testing"

	"fieldline/element"
)

// TestSecretHeader: fields of the standards are shown although their names look
// like those of secrets.
func TestSecretHeader(t *testing.T) {
	for name, want := range map[string]bool{
		"Authorization": true, "proxy-authorization": true, "Cookie": true, "Set-Cookie": true, "Authentication-Info": true,
		"X-Api-Key": true, "X-Auth-Token": true, "X-Session": true, "X-Csrf-Token": true, "Ticket": true,
		"Sec-WebSocket-Key": false, "Sec-WebSocket-Accept": false, "WWW-Authenticate": false, "Proxy-Authenticate": false,
		"Access-Control-Allow-Credentials": false, "Content-Type": false, "Origin": false, "Sec-WebSocket-Extensions": false,
	} {
		if got := SecretHeader(name); got != want {
			t.Errorf("%s: %t, want %t", name, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	if got := Mask("a secret, a sec", "secret", "sec", ""); got != "a •••, a sec" {
		t.Errorf("Mask = %q", got)
	}
	m := newMasker(element.Destination{Secrets: []string{"part", "a part of it"}, Password: "word"})
	if got := m.text("a part of it, part, word, d29yZA=="); got != "•••, •••, •••, •••" {
		t.Errorf("text = %q", got)
	}
}

// TestMaskHead: lines stay lines, and what only looks like a secret stays.
func TestMaskHead(t *testing.T) {
	for in, want := range map[string]string{
		"Location: /a?token=hunter2hunter2\r\nX-A: 1\r\n":   "Location: /a?token=•••\r\nX-A: 1\r\n",
		"Location: /a?token=hunter2hunter2\nX-A: 1\n":       "Location: /a?token=•••\nX-A: 1\n",
		"Referer: /?sid=hunter2hunter2\r\n":                 "Referer: /?sid=•••\r\n",
		"Sec-WebSocket-Accept: XXVI2Ega0r61/owSzTBtU8=\r\n": "Sec-WebSocket-Accept: XXVI2Ega0r61/owSzTBtU8=\r\n",
		"Sec-WebSocket-Key: YZKslTBwKVNGFHM0eSMxww==\r\n":   "Sec-WebSocket-Key: YZKslTBwKVNGFHM0eSMxww==\r\n",
		"ETag: \"keyT=\"\r\nX-A: 1\r\n":                     "ETag: \"keyT=•••\r\nX-A: 1\r\n",
	} {
		const first, end = "HTTP/1.1 302 Found\r\n", "\r\n"
		if got := newMasker(element.Destination{}).head(first + in + end); got != first+want+end {
			t.Errorf("%q became %q", in, got)
		}
	}
}

// FuzzMask: a secret that is sent in a place for secrets never leaves, and
// masking adds nothing twice.
func FuzzMask(f *testing.F) {
	f.Add("Authorization", "hunter2", "/x?a=1")
	f.Add("cookie", "hunter2", "/?")
	f.Fuzz(func(t *testing.T, name, before, path string) {
		const secret = "hunter2hunter2"
		if strings.ContainsAny(name+before+path, "\r\n\x00 ") || !SecretHeader(name) || strings.Contains(name+before+path, secret) {
			return
		}
		head := "GET " + path + "?token=" + secret + " HTTP/1.1\r\n" + name + ": " + before + "=" + secret + "\r\n " + secret + "\r\n\r\n"
		got := newMasker(element.Destination{}).head(head)
		if strings.Contains(got, secret) {
			t.Fatalf("%q became %q", head, got)
		}
		if strings.Count(got, "\n") != strings.Count(head, "\n") {
			t.Fatalf("%q became %q, which has other lines", head, got)
		}
		if again := MaskURL(MaskURL(path)); again != MaskURL(path) {
			t.Fatalf("%q becomes %q", path, again)
		}
	})
}
