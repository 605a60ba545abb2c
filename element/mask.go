package element

import "strings"

// Mask stands where a secret was.
const Mask = "•••"

// MaskURL replaces the values of parameters that hold secrets (IsSecretName) and
// the passwords of user names, in a URL, a request target or a query: in its
// path behind a semicolon, in its query, in its fragment, and in a URL that is
// itself the value of a parameter. Everything else stays byte for byte.
func MaskURL(s string) string { return maskURL(s, 0) }

// maxNested is how many URLs inside each other are read; a value that goes on
// is hidden.
const maxNested = 3

func maskURL(s string, depth int) string {
	s = maskUsers(s)
	var b strings.Builder
	hiding := false // what goes on behind a separator that a value may hold belongs to a secret
	for s != "" {
		separator := ""
		if strings.IndexByte(separators, s[0]) >= 0 {
			separator, s = s[:1], s[1:]
		}
		end := strings.IndexAny(s, separators)
		if end < 0 {
			end = len(s)
		}
		part := s[:end]
		s = s[end:]
		if hiding && (separator == ";" || separator == "?") && !strings.Contains(strings.TrimRight(part, "="), "=") {
			continue
		}
		b.WriteString(separator)
		part, hiding = maskPair(part, depth)
		b.WriteString(part)
	}
	return b.String()
}

// separators stand between the parameters of a URL.
const separators = "?&;#"

// maskPair masks the value of name=value when the name is that of a secret, or
// when the value is a URL with one.
func maskPair(part string, depth int) (masked string, secret bool) {
	name, value, ok := strings.Cut(part, "=")
	switch {
	case !ok || value == "" || value == Mask:
		return part, ok && value == Mask
	case IsSecretName(name[strings.LastIndexByte(name, '/')+1:]):
		return name + "=" + Mask, true
	}
	if plain := Unescaped(value); plain != value && (depth == maxNested || maskURL(plain, depth+1) != plain) {
		return name + "=" + Mask, true
	}
	return part, false
}

// maskUsers hides the passwords in scheme://user:password@host, and those of
// //user:password@host.
func maskUsers(s string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, "//")
		if !ok {
			return b.String() + s
		}
		b.WriteString(before + "//")
		s = after
		end := strings.IndexAny(s, "/?#")
		if end < 0 {
			end = len(s)
		}
		at := strings.LastIndexByte(s[:end], '@')
		if at < 0 {
			continue
		}
		if user, _, hasPassword := strings.Cut(s[:at], ":"); hasPassword {
			b.WriteString(user + ":" + Mask)
			s = s[at:]
		}
	}
}
