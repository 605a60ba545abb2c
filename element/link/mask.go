package link

import (
	"strings"

	"fieldline/element"
)

// masked stands where a secret was.
const masked = element.Mask

// SecretHeader tells a field whose value is a secret: those for logins, and
// names like X-Api-Key or X-Auth-Token. Fields of the standards that only look
// so are shown, since they tell why a handshake failed.
func SecretHeader(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "sec-websocket-key", "sec-websocket-accept", "www-authenticate", "proxy-authenticate",
		"access-control-allow-credentials", "idempotency-key", "public-key-pins", "public-key-pins-report-only":
		return false
	}
	return element.IsSecretName(name)
}

// MaskURL replaces the secrets in a URL or a request target (element.MaskURL).
func MaskURL(s string) string { return element.MaskURL(s) }

// Mask replaces each of secrets in s. Secrets shorter than four characters are
// left alone: they would blot out text that is none.
func Mask(s string, secrets ...string) string {
	for _, secret := range secrets {
		if len(secret) >= minSecret {
			s = strings.ReplaceAll(s, secret, masked)
		}
	}
	return s
}

const minSecret = 4

// maxRecordBody is how much of the body of a refusal a record keeps.
const maxRecordBody = 64 << 10

// masker masks what goes into a record.
type masker struct{ secrets []string }

func newMasker(to element.Destination) masker { return masker{Secrets(to)} }

// head masks the head of a request or an answer, line by line.
func (m masker) head(s string) string {
	lines := strings.SplitAfter(s, "\n")
	secret := false
	for i, l := range lines {
		name, value, ok := strings.Cut(l, ":")
		switch {
		case i == 0 || l == "":
			lines[i] = maskRequestLine(l)
			continue
		case l[0] == ' ' || l[0] == '\t': // folded: belongs to the line before
		case ok:
			secret = SecretHeader(name)
			lines[i] = name + ":" + maskField(name, value, secret)
			continue
		default:
			secret = false
		}
		if secret {
			lines[i] = " " + masked + lineEnd(l)
		}
	}
	return Mask(strings.Join(lines, ""), m.secrets...)
}

// maskField masks the value of a field. The nonces of a handshake are no
// addresses, though some end like one with a secret.
func maskField(name, value string, secret bool) string {
	end := lineEnd(value)
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "sec-websocket-key", "sec-websocket-accept":
		return value
	}
	if secret {
		return maskValue(name, value)
	}
	return MaskURL(strings.TrimSuffix(value, end)) + end // Origin, Referer, Location …
}

func lineEnd(l string) string { return l[len(strings.TrimRight(l, "\r\n")):] }

// maskRequestLine masks the target of a request line; a status line has none.
func maskRequestLine(l string) string {
	method, rest, ok := strings.Cut(l, " ")
	target, version, ok2 := strings.Cut(rest, " ")
	if !ok || !ok2 || strings.HasPrefix(l, "HTTP/") {
		return l
	}
	return method + " " + MaskURL(target) + " " + version
}

// maskValue keeps what helps to understand: the scheme of a login, the name of
// a cookie.
func maskValue(name, value string) string {
	end := lineEnd(value)
	v := strings.TrimSpace(value)
	keep := ""
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization":
		if scheme, _, ok := strings.Cut(v, " "); ok {
			keep = scheme + " "
		}
	case "cookie", "set-cookie":
		if cookie, _, ok := strings.Cut(v, "="); ok && isToken(cookie) {
			keep = cookie + "="
		}
	}
	return " " + keep + masked + end
}

// body masks the body of a refusal and makes it text.
func (m masker) body(b []byte) string {
	if len(b) > maxRecordBody {
		b = b[:maxRecordBody]
	}
	return Mask(strings.ToValidUTF8(string(b), "\ufffd"), m.secrets...)
}

// text masks a sentence.
func (m masker) text(s string) string { return Mask(s, m.secrets...) }
