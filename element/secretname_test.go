package element

import (
	"net/url"
	"strings"
	"testing"
)

func TestIsSecretName(t *testing.T) {
	for _, name := range []string{
		"key", "KEY", "apiKey", "api_key", "X-Api-Key", "keyid", "mykey2", "AccessKeyId", "Ocp-Apim-Subscription-Key",
		"sig", "sigv4", "X-Amz-Signature", "hmacsig", "PHPSESSID", "JSESSIONID", "sessionId", "sess", "connect.sid", "sid", "SID", "userSid", "sid2",
		"token", "access_token", "idToken", "refreshtoken", "token[]", "token[0]", "user[password]", "token%5B%5D", "%74oken", "%2574oken", "to%6ben", "tok%65n%zz",
		"auth", "Authorization", "x-auth", "oauth_verifier", "pass", "passwd", "Password", "passphrase", "passcode", "user.pass", "pwd", "userPwd", "pw", "userpw", "loginPW", "Kennwort", "psk", "tok", "tk", "pwHash", "nonce", "hdnts",
		"secret", "client_secret", "cred", "credentials", "X-Amz-Credential", "code", "authCode", "pin_code", "pincode", "smsCode", "code_verifier",
		"ticket", "ST-Ticket", "jwt", "id.jwt", "bearer", "otp", "totp", "pin", "userPIN", "client_assertion", "SAMLResponse", "csrfToken", "xsrf", "hmac",
	} {
		if !IsSecretName(name) {
			t.Errorf("%q is not taken for the name of a secret", name)
		}
	}
	for _, name := range []string{
		"", "a", "id", "limit", "user", "inside", "outside", "side", "spin", "shipping", "opinion", "mapping", "stand", "title", "gas_ignore", "as",
		"timecode", "timeCode", "time_code", "errorCode", "Status-Code", "zipcode", "unicode", "encode",
		"stock", "tkip", "hashtag", "author", "design", "signal", "keyframe", "monkey", "passive", "compass", "Sec", "Origin", "page", "state", "format", "name",
	} {
		if IsSecretName(name) {
			t.Errorf("%q is taken for the name of a secret", name)
		}
	}
}

func TestMaskURL(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"/ws", "/ws"},
		{"/ws?a=1&b=", "/ws?a=1&b="},
		{"/ws?token=abc", "/ws?token=•••"},
		{"/ws?a=1&Access_Token=abc;api_key=x&apikey=y&c", "/ws?a=1&Access_Token=•••;api_key=•••&apikey=•••&c"},
		{"/ws?access%5ftoken=abc&X-Api-Key=k", "/ws?access%5ftoken=•••&X-Api-Key=•••"},
		{"/ws?key=a=b&password=&secret=s&sig=s&signature=s#token=1", "/ws?key=•••&password=&secret=•••&sig=•••&signature=•••#token=•••"},
		{"/ws?sid=1&code=2&ticket=3&jwt=4&JSESSIONID=5&n=6", "/ws?sid=•••&code=•••&ticket=•••&jwt=•••&JSESSIONID=•••&n=6"},
		{"/ws?token[]=a&token%5B1%5D=b&%74oken=c", "/ws?token[]=•••&token%5B1%5D=•••&%74oken=•••"},
		{"/ws;jsessionid=ABC/next?x=1", "/ws;jsessionid=•••?x=1"},
		{"/cb#access_token=abc&state=1", "/cb#access_token=•••&state=1"},
		{"token=abc&x=1", "token=•••&x=1"},
		{"/ws?token=abc;def?ghi&x=1", "/ws?token=•••&x=1"},
		{"/ws?token=abc;d=e", "/ws?token=•••;d=e"},
		{"/ws?token=•••", "/ws?token=•••"},
		{"wss://u:p@h:1/ws?token=x", "wss://u:•••@h:1/ws?token=•••"},
		{"wss://u:p@h:p@h/ws", "wss://u:•••@h/ws"},
		{"//u:p@h/ws", "//u:•••@h/ws"},
		{"socks5://u@h", "socks5://u@h"},
		{"http://a/b//c:d@e/f", "http://a/b//c:•••@e/f"},
		{"/redirect?to=http://a?token=x", "/redirect?to=http://a?token=•••"},
		{"/redirect?to=http%3A%2F%2Fa%2F%3Ftoken%3Dx&y=1", "/redirect?to=•••&y=1"},
		{"/redirect?to=http%3A%2F%2Fu%3Ap%40a%2F", "/redirect?to=•••"},
		{"/redirect?to=http%3A%2F%2Fa%2F%3Fn%3Dx", "/redirect?to=http%3A%2F%2Fa%2F%3Fn%3Dx"},
	}
	for _, tt := range tests {
		if got := MaskURL(tt.in); got != tt.want {
			t.Errorf("MaskURL(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// FuzzMaskURL: the value of a secret never stays, whatever stands around it,
// and masking twice is masking once.
func FuzzMaskURL(f *testing.F) {
	f.Add("/ws?a=1", "access_token", "/x")
	f.Add("wss://u:p@h/;a", "sid", ";b?c")
	f.Add("/%3F", "%74oken[]", "#")
	f.Fuzz(func(t *testing.T, before, name, after string) {
		const secret = "hunter2hunter2"
		once := MaskURL(before + "&" + name + "=" + secret + after)
		if again := MaskURL(once); again != once {
			t.Errorf("%q becomes %q", once, again)
		}
		if !IsSecretName(name) || strings.ContainsAny(name, "=?&;#/@") {
			return
		}
		if strings.Contains(once, secret) && !strings.Contains(before+after, secret) {
			t.Errorf("%q is left in %q", secret, once)
		}
	})
}

// TestMaskURLInside: a secret in a URL in a URL stays hidden at any depth.
func TestMaskURLInside(t *testing.T) {
	inside := "/?token=hunter2"
	for range 8 {
		inside = "/?to=" + url.QueryEscape(inside)
		if got := MaskURL(inside); got != "/?to="+Mask {
			t.Errorf("%q became %q", inside, got)
		}
	}
}
