package element

import (
	"net/url"
	"strings"
)

// IsSecretName tells the name of a parameter that holds a secret,
// percent-encoded or not.
func IsSecretName(name string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "").Replace(name))
	switch name {
	case "key", "sig", "pwd", "auth", "jwt":
		return true
	}
	for _, part := range []string{"token", "apikey", "accesskey", "passw", "secret", "signature"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// MaskURL replaces the values of parameters that hold secrets (access_token,
// token, apikey, api_key, key, password, secret, sig, signature and the like,
// in any casing) and the password of a user name, in a URL or a request
// target. Everything else stays byte for byte.
func MaskURL(s string) string {
	const separators = "?&;#"
	s = maskUser(s)
	var b strings.Builder
	for i := strings.IndexAny(s, separators); i >= 0; i = strings.IndexAny(s, separators) {
		b.WriteString(s[:i+1])
		s = s[i+1:]
		end := strings.IndexAny(s, separators)
		if end < 0 {
			end = len(s)
		}
		if name, value, ok := strings.Cut(s[:end], "="); ok && value != "" && IsSecretName(name) {
			b.WriteString(name + "=" + Mask)
			s = s[end:]
		}
	}
	return b.String() + s
}

// maskUser hides the password in scheme://user:password@host.
func maskUser(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return s
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return s
	}
	user, _, hasPassword := strings.Cut(authority[:at], ":")
	if !hasPassword {
		return s
	}
	return scheme + "://" + user + ":" + Mask + rest[at:]
}
