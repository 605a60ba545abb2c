package element

import (
	"strings"
	"unicode"
)

// IsSecretName tells the name of a parameter, a header or a field that may hold
// a secret: percent-encoded or not, in any casing, as an array (token[]) or as
// a member (user[password]). It is the one list of such names. A name that has
// one of the parts of secretPart anywhere in a word counts, and one that has a
// word of secretWord; what is hidden without need costs less than a secret that
// is shown. Only words that everybody knows for another meaning are let through.
func IsSecretName(name string) bool {
	words := nameWords(Unescaped(name))
	for i, w := range words {
		switch {
		case innocentWord(w), w == "code" && i > 0 && innocentWord(words[i-1]+w):
		case secretWord(w), secretPart(w), strings.HasSuffix(w, "code"), strings.HasSuffix(w, "pw"):
			return true
		}
	}
	return false
}

// secretPart tells a word that speaks of a secret by a part of it.
func secretPart(word string) bool {
	for _, part := range [...]string{
		"key", "sig", "sess", "token", "auth", "pass", "pwd", "secret", "cred",
		"kennwort", "jwt", "bearer", "ticket", "hmac", "assertion", "saml", "csrf", "xsrf", "cookie",
	} {
		if strings.Contains(word, part) {
			return true
		}
	}
	return false
}

// secretWord tells a word that means a secret when it stands alone.
func secretWord(word string) bool {
	switch word {
	case "sid", "pin", "otp", "totp", "hotp", "tan", "mfa", "tfa", "psk", "psw", "pswd", "sas", "confirm", "t",
		"tok", "tk", "hash", "nonce", "hdnts", "hdnea", "hdntl": // the last ones sign addresses of media
		return true
	}
	return false
}

// innocentWord tells a word that looks like one of a secret and is none.
func innocentWord(word string) bool {
	switch word {
	case "author", "authors", "compass", "design", "designs", "insight", "insights", "keyboard", "keyframe", "keyframes",
		"monkey", "passenger", "passive", "sigma", "signal", "signals",
		"barcode", "countrycode", "decode", "encode", "errorcode", "errcode", "geocode", "languagecode", "opcode",
		"postcode", "qrcode", "responsecode", "resultcode", "returncode", "statuscode", "timecode", "transcode",
		"unicode", "zipcode":
		return true
	}
	return false
}

// nameWords splits a name where its writing says that a word begins: at what is
// no letter, and where small letters turn into capitals.
func nameWords(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(string(runes[start:end])))
		}
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r):
			cut(i)
			start = i + 1
		case i > start && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			cut(i)
			start = i
		}
	}
	cut(len(runes))
	return words
}

// Unescaped undoes percent-encoding, also where it was done twice and where a
// part of it is broken: what cannot be read stays.
func Unescaped(s string) string {
	const rounds = 3
	for range rounds {
		once := unescapeOnce(s)
		if once == s {
			break
		}
		s = once
	}
	return s
}

func unescapeOnce(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := hexDigit(s[i+1]), hexDigit(s[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}

func hexDigit(c byte) int {
	return strings.IndexByte("0123456789abcdef", c|0x20)
}
