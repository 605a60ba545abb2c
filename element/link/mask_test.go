package link

import (
	"strings"
	"testing"
)

func TestMaskURL(t *testing.T) {
	tests := []struct{ in, want string }{
		{"/ws", "/ws"},
		{"/ws?a=1&b=", "/ws?a=1&b="},
		{"/ws?token=abc", "/ws?token=•••"},
		{"/ws?a=1&Access_Token=abc;api_key=x&apikey=y&c", "/ws?a=1&Access_Token=•••;api_key=•••&apikey=•••&c"},
		{"/ws?access%5ftoken=abc&X-Api-Key=k", "/ws?access%5ftoken=•••&X-Api-Key=•••"},
		{"/ws?key=a=b&password=&secret=s&sig=s&signature=s#token=1", "/ws?key=•••&password=&secret=•••&sig=•••&signature=•••#token=•••"},
		{"wss://u:p@h:1/ws?token=x", "wss://u:•••@h:1/ws?token=•••"},
		{"socks5://u@h", "socks5://u@h"},
		{"/redirect?to=http://a?token=x", "/redirect?to=http://a?token=•••"},
	}
	for _, tt := range tests {
		if got := MaskURL(tt.in); got != tt.want {
			t.Errorf("MaskURL(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestMask(t *testing.T) {
	if got := Mask("a secret, a sec", "secret", "sec", ""); got != "a •••, a sec" {
		t.Errorf("Mask = %q", got)
	}
	m := newMasker(&Config{Secrets: []string{"part", "a part of it"}, Password: "word"})
	if got := m.text("a part of it, part, word, d29yZA=="); got != "•••, •••, •••, •••" {
		t.Errorf("text = %q", got)
	}
}

// FuzzMask: a secret that is sent in a place for secrets never leaves, and
// masking adds nothing twice.
func FuzzMask(f *testing.F) {
	f.Add("Authorization", "hunter2", "/x?a=1")
	f.Add("cookie", "hunter2", "/?")
	f.Fuzz(func(t *testing.T, name, before, path string) {
		const secret = "hunter2hunter2"
		if strings.ContainsAny(name+before+path, "\r\n\x00 ") || !secretHeader(name) || strings.Contains(name+before+path, secret) {
			return
		}
		head := "GET " + path + "?token=" + secret + " HTTP/1.1\r\n" + name + ": " + before + "=" + secret + "\r\n " + secret + "\r\n\r\n"
		got := newMasker(&Config{}).head(head)
		if strings.Contains(got, secret) {
			t.Fatalf("%q became %q", head, got)
		}
		if again := MaskURL(MaskURL(path)); again != MaskURL(path) {
			t.Fatalf("%q becomes %q", path, again)
		}
	})
}
