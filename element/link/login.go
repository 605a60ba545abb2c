package link

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"

	"fieldline/element"
)

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// challenge is one of a WWW-Authenticate field (RFC 9110 §11.6.1).
type challenge struct {
	scheme string
	params map[string]string // names in lower case
}

// with is the challenge with another value of a parameter.
func (c challenge) with(name, value string) challenge {
	c.params = maps.Clone(c.params)
	c.params[name] = value
	return c
}

// parseChallenges reads the challenges of all fields, in order. What it cannot
// read it leaves away.
func parseChallenges(values []string) []challenge {
	var out []challenge
	for _, v := range values {
		out = append(out, parseChallengeList(v)...)
	}
	return out
}

func parseChallengeList(v string) []challenge {
	var out []challenge
	t := tokens{rest: v}
	for {
		t.space()
		if t.take(',') {
			continue
		}
		before := t
		name := t.token()
		if name == "" {
			return out
		}
		t.space()
		if strings.HasPrefix(t.rest, "=") && len(out) > 0 {
			t = before
			p, ok := t.param()
			if !ok {
				return out
			}
			out[len(out)-1].params[strings.ToLower(p.name)] = p.value
			continue
		}
		out = append(out, challenge{scheme: name, params: map[string]string{}})
	}
}

// digestHash knows the algorithms of RFC 7616 §6.1 that devices use, from the
// strongest on.
func digestHash(algorithm string) (newHash func() hash.Hash, strength int) {
	switch strings.ToUpper(algorithm) {
	case "SHA-256":
		return sha256.New, 2
	case "", "MD5":
		return md5.New, 1
	}
	return nil, 0
}

// bestDigest is the strongest Digest challenge that can be answered (RFC 7616
// §3.4; without qop as RFC 2069 did); strength is 0 when none can.
func bestDigest(fields []string) (best challenge, strength int) {
	for _, c := range parseChallenges(fields) {
		_, s := digestHash(c.params["algorithm"])
		if strings.EqualFold(c.scheme, schemeDigest) && s > strength && c.params["nonce"] != "" && qopPossible(c) {
			best, strength = c, s
		}
	}
	return best, strength
}

// answerDigest answers a challenge with the count-th use of its nonce; "" when
// the answer, which has the device's own words in it, cannot be a header.
func answerDigest(cfg *Config, c challenge, count uint32) string {
	var cnonce [16]byte
	rand.Read(cnonce[:]) // never fails
	answer := digest(cfg, c, count, hex.EncodeToString(cnonce[:]))
	if element.CheckHeaderValue(answer) != nil {
		return ""
	}
	return answer
}

// unspoken names the logins that a 401 asks for when none of them is spoken
// here: Basic and Digest are. It is "" when one is, or when none is named.
func unspoken(fields []string) string {
	var names []string
	for _, c := range parseChallenges(fields) {
		name := c.scheme
		switch {
		case strings.EqualFold(name, "Basic"):
			return ""
		case strings.EqualFold(name, "Digest"):
			_, strength := digestHash(c.params["algorithm"])
			if strength > 0 && qopPossible(c) {
				return ""
			}
			name = strings.TrimSpace("Digest " + c.params["algorithm"])
			if !qopPossible(c) {
				name += " with qop " + c.params["qop"]
			}
		}
		if name = excerpt(name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// onlySpoken is what to do about a login that is not spoken.
const onlySpoken = "only Basic and Digest (MD5, SHA-256) are spoken here. Allow one of them on the device, or reach it through a proxy that makes its login."

// onlyDigest is why a login is not made.
const onlyDigest = "It asked for a Digest login before and now for Basic, which would send the password in clear, so none was sent. Reconnect to allow it."

// qopPossible reports whether a challenge offers qop=auth or, being old, none.
func qopPossible(c challenge) bool {
	qop, ok := c.params["qop"]
	return !ok || slices.ContainsFunc(splitList(qop), func(q string) bool { return strings.EqualFold(q, "auth") })
}

func digest(cfg *Config, c challenge, uses uint32, cnonce string) string {
	newHash, _ := digestHash(c.params["algorithm"])
	h := func(s string) string {
		d := newHash()
		d.Write([]byte(s))
		return hex.EncodeToString(d.Sum(nil))
	}
	count := fmt.Sprintf("%08x", uses)
	p := c.params
	a1 := h(cfg.User + ":" + p["realm"] + ":" + cfg.Password)
	verb := cfg.Verb
	if verb == "" {
		verb = "GET"
	}
	a2 := h(verb + ":" + cfg.Path)
	var b strings.Builder
	fmt.Fprintf(&b, schemeDigest+` username=%s, realm=%s, nonce=%s, uri=%s`, quote(cfg.User), quote(p["realm"]), quote(p["nonce"]), quote(cfg.Path))
	if algorithm, ok := p["algorithm"]; ok {
		fmt.Fprintf(&b, ", algorithm=%s", algorithm)
	}
	if _, ok := p["qop"]; ok {
		fmt.Fprintf(&b, `, qop=auth, nc=%s, cnonce="%s", response="%s"`, count, cnonce,
			h(a1+":"+p["nonce"]+":"+count+":"+cnonce+":auth:"+a2))
	} else {
		fmt.Fprintf(&b, `, response="%s"`, h(a1+":"+p["nonce"]+":"+a2))
	}
	if opaque, ok := p["opaque"]; ok {
		b.WriteString(", opaque=" + quote(opaque))
	}
	return b.String()
}

// quote writes a quoted string (RFC 9110 §5.6.4).
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
