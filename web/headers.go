package web

import (
	"net/http"
	"net/url"
	"strings"

	"fieldline/element"
)

// contentSecurityPolicy lets pages use our own files and nothing else; the
// frame ancestors follow it.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; manifest-src 'self'; worker-src 'self'; frame-ancestors "

// headers are those of every answer.
type headers struct {
	ancestors string // who may frame the pages, as the policy says it
	framed    bool   // somebody may
}

// set sets them. The referrer policy must not be no-referrer: forms of such
// pages post with Origin: null, which the guard refuses.
func (a headers) set(h http.Header) {
	h.Set("Content-Security-Policy", contentSecurityPolicy+a.ancestors)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), screen-wake-lock=(self)")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if !a.framed { // the old header cannot express a list
		h.Set("X-Frame-Options", "DENY")
	}
}

// parseAncestors reads the option frame-ancestors, sources apart by spaces or
// commas, as the value of the directive (CSP Level 3, §6.4.2). self and none
// need no quotes.
func parseAncestors(option string) (headers, error) {
	var sources []string
	for _, s := range strings.FieldsFunc(option, func(r rune) bool { return r == ' ' || r == ',' }) {
		switch bare := strings.Trim(s, "'"); bare {
		case "self", "none":
			s = "'" + bare + "'"
		case "*":
		default:
			if !isAncestor(s) {
				return headers{}, element.FieldErrorf("frame-ancestors", "%q cannot frame the pages; write self, none, or an address like https://portal.corp.", s)
			}
		}
		sources = append(sources, s)
	}
	switch {
	case len(sources) == 0 || len(sources) == 1 && sources[0] == "'none'":
		return headers{ancestors: "'none'"}, nil
	case strings.Contains(strings.Join(sources, " "), "'none'"):
		return headers{}, element.FieldErrorf("frame-ancestors", "none cannot be combined with others in %q.", option)
	}
	return headers{ancestors: strings.Join(sources, " "), framed: true}, nil
}

// isAncestor reports whether s is a scheme or a host source: https:,
// portal.corp:8443, https://*.corp.
func isAncestor(s string) bool {
	if s == "http:" || s == "https:" {
		return true
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`;,'"<>\`, r)
	})
}
