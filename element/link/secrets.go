package link

import (
	"encoding/base64"
	"slices"
	"strings"

	"fieldline/element"
)

// minGuessed is the length from which a part of a header or of the request
// target is taken for a secret although nobody said so: cookies hold words
// like "dark" as well.
const minGuessed = 8

// Secrets returns the texts that are masked wherever a device or a connector
// repeats them: cfg.Secrets and passwords, what headers for logins and the
// query of the target carry, the telling part of each ("Bearer X" is about X,
// "session=X" too), and all in Base64. The longest come first, since one may be
// a part of another.
func Secrets(cfg Config) []string {
	var all []string
	add := func(secret string, least int) {
		for _, s := range append(parts(secret), secret) {
			if len(s) >= least {
				all = append(all, s, base64.StdEncoding.EncodeToString([]byte(s)))
			}
		}
	}
	for _, s := range append(slices.Clone(cfg.Secrets), cfg.Password, cfg.Proxy.Password) {
		add(s, minSecret)
	}
	for _, h := range cfg.Headers {
		if secretHeader(h.Name) {
			add(h.Value, minGuessed)
		}
	}
	for _, s := range queryParts(cfg.Path) {
		add(s, minGuessed)
	}
	slices.SortFunc(all, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(all)
}

// parts are the telling parts of a secret: what follows the scheme of a login,
// the values of cookies and of the secret parameters of a path.
func parts(secret string) []string {
	found := append(queryParts(secret), strings.TrimSpace(secret))
	if scheme, rest, ok := strings.Cut(secret, " "); ok && isToken(scheme) {
		found = append(found, strings.TrimSpace(rest))
	}
	for pair := range strings.SplitSeq(secret, ";") {
		if name, value, ok := strings.Cut(strings.TrimSpace(pair), "="); ok && isToken(name) {
			found = append(found, strings.Trim(value, `"`))
		}
	}
	return found
}

// queryParts are the values of the secret parameters of a request target.
func queryParts(target string) []string {
	_, query, ok := strings.Cut(target, "?")
	if !ok {
		return nil
	}
	var found []string
	for pair := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' || r == '#' }) {
		if name, value, ok := strings.Cut(pair, "="); ok && element.IsSecretName(name) {
			found = append(found, value)
		}
	}
	return found
}
