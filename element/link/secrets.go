package link

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"fieldline/element"
)

// minGuessed is the length from which a part of a header or of the request
// target is taken for a secret although nobody said so: cookies hold words
// like "dark" as well.
const minGuessed = 8

// Secrets returns the texts that are masked wherever a device or a connector
// repeats them: those of the destination and its passwords, what headers for logins and the
// query of the target carry, the telling part of each ("Bearer X" is about X,
// "session=X" too), and all as Written and in Base64. The longest come first,
// since one may be a part of another.
func Secrets(to element.Destination) []string {
	var all []string
	add := func(secret string, least int) {
		for _, s := range append(parts(secret), secret) {
			if len(s) >= least {
				all = append(append(all, Written(s)...), base64.StdEncoding.EncodeToString([]byte(s)))
			}
		}
	}
	for _, s := range append(slices.Clone(to.Secrets), to.Password, to.Proxy.Password) {
		add(s, minSecret)
	}
	for _, h := range to.Headers {
		if SecretHeader(h.Name) {
			add(h.Value, minGuessed)
		}
	}
	for _, s := range queryParts(to.Path) {
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

// Written are the ways in which a secret stands in an address or a body: as it
// is, percent-encoded for a path and for a query, as this program escapes what a
// connector wrote, and in JSON. There are none of the empty text.
func Written(secret string) []string {
	if secret == "" {
		return nil
	}
	all := []string{secret}
	quoted, _ := json.Marshal(secret) // a text always can be
	for _, s := range []string{
		url.PathEscape(secret), url.QueryEscape(secret), element.EscapePath(secret), string(quoted[1 : len(quoted)-1]),
	} {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
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

// queryParts are the values of the secret parameters of a request target, those
// of its path too (/a;jsessionid=X).
func queryParts(target string) []string {
	path, query, _ := strings.Cut(target, "?")
	_, params, _ := strings.Cut(path, ";")
	var found []string
	for pair := range strings.FieldsFuncSeq(params+"&"+query, func(r rune) bool { return r == '&' || r == ';' || r == '#' }) {
		if name, value, ok := strings.Cut(pair, "="); ok && element.IsSecretName(name) {
			found = append(found, value)
			if plain, err := url.QueryUnescape(value); err == nil && plain != value {
				found = append(found, plain) // as a device repeats it
			}
		}
	}
	return found
}
