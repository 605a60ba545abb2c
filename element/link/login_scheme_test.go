package link

import (
	"net/http"
	"strings"
	"testing"
)

func TestLoginsThatAreNotSpoken(t *testing.T) {
	for _, tt := range []struct {
		challenges []string
		want       string
	}{
		{[]string{"Negotiate", "NTLM"}, "Negotiate or NTLM"},
		{[]string{"NTLM, Negotiate"}, "NTLM or Negotiate"},
		{[]string{"NTLM", `Basic realm="r"`}, ""},
		{[]string{`Negotiate, Digest realm="r", nonce="n"`}, ""},
		{[]string{`Digest realm="r", nonce="n", algorithm=SHA-512-256`}, "Digest SHA-512-256"},
		{[]string{`Digest realm="r", nonce="n", qop="auth-int"`}, "Digest with qop auth-int"},
		{[]string{`Bearer realm="r"`}, "Bearer"},
		{[]string{"NTLM", "ntlm", "NTLM"}, "NTLM or ntlm"},
		{[]string{""}, ""},
		{nil, ""},
	} {
		if got := unspoken(tt.challenges); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.challenges, got, tt.want)
		}
	}
}

// A device that wants a Windows login gets no answer it understands; the
// refusal says so, of an exchange and of a handshake.
func TestARefusalNamesTheLoginThatIsMissing(t *testing.T) {
	w := newWeb(t, false, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Add("WWW-Authenticate", "Negotiate")
		rw.Header().Add("WWW-Authenticate", "NTLM")
		rw.WriteHeader(http.StatusUnauthorized)
	})
	const want = "login by Negotiate or NTLM; only Basic and Digest (MD5, SHA-256) are spoken here."
	req := w.request("/")
	req.HasLogin, req.User, req.Password = true, "u", "p"
	res := exchangeOnce(t, req)
	if c := res.Refusal(); res.Status != 401 || c.Code != "login-scheme" || !strings.Contains(c.Message, want) {
		t.Errorf("exchange: %d, %+v", res.Status, c)
	}
	cfg := req.Config
	cfg.Scheme = "ws"
	_, a := Dial(t.Context(), cfg)
	if f := a.Failure; f == nil || f.Code != "login-scheme" || !strings.Contains(f.Message, want) || !f.LoginRefused {
		t.Errorf("handshake: %+v", f)
	}
}
