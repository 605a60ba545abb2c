package link

import (
	"net/http"
	"strings"
	"sync"
)

// Logins remembers how hosts want to be logged in at, from one handshake or
// exchange to the next: with Digest the password is not sent in clear, and a
// nonce serves for many requests (RFC 7616 §3.4). It knows a host by scheme,
// name, port and login, so another login or address begins anew. Any goroutine
// may use it; the zero Logins is ready.
type Logins struct {
	mu    sync.Mutex
	known map[loginAt]knownLogin
}

// loginAt is a login at a host.
type loginAt struct {
	secure         bool
	host           string
	port           int
	user, password string
}

// knownLogin is what a host asked for.
type knownLogin struct {
	digest bool      // else Basic
	nonce  challenge // of Digest; its params are nil when the next request is to get a new one
	count  uint32    // requests with the nonce so far
	proven bool      // one of them was let in
}

// maxKnownLogins bounds the memory: a dynamic IP can lead to many hosts.
const maxKnownLogins = 64

// Forget forgets all hosts.
func (l *Logins) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.known)
}

func (l *Logins) at(k loginAt) (knownLogin, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.known[k]
	return known, ok
}

// learn changes what is known of a host.
func (l *Logins) learn(k loginAt, change func(knownLogin) knownLogin) knownLogin {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known = map[loginAt]knownLogin{}
	}
	old, ok := l.known[k]
	if !ok && len(l.known) >= maxKnownLogins {
		clear(l.known)
	}
	l.known[k] = change(old)
	return l.known[k]
}

// login is the login of one handshake or exchange under way.
type login struct {
	cfg    *Config
	logins *Logins
	at     loginAt
	may    bool // there is a login, and the connector does not give the field itself

	sent       string // scheme of the last request's login; "" for none
	asking     bool   // the first request went without a login, to see what the host asks for
	remembered bool   // the nonce that was sent had let us in before
	renewed    bool   // a nonce that was not taken any more was replaced
	downgraded bool   // the host asked for Digest before, and now for Basic
}

const (
	schemeBasic  = "Basic"
	schemeDigest = "Digest"
)

func newLogin(cfg *Config) *login {
	logins := cfg.Logins
	if logins == nil {
		logins = &Logins{}
	}
	_, given := header(cfg.Headers, "Authorization")
	return &login{
		cfg: cfg, logins: logins, may: cfg.HasLogin && !given,
		at: loginAt{cfg.Scheme == "wss", strings.ToLower(cfg.Host), cfg.Port, cfg.User, cfg.Password},
	}
}

// first is the value of the Authorization field of the first request, "" for
// none. A host that nothing is known of gets Basic unasked, as connectors
// expect (RFC 7617 §2); with ask, when that costs nothing, the host is asked
// first, so that a password does not travel in clear to one that wants Digest.
func (l *login) first(ask bool) string {
	if !l.may {
		return ""
	}
	known, ok := l.logins.at(l.at)
	switch {
	case !ok && ask && !l.at.secure:
		l.asking = true
		return ""
	case !ok || !known.digest:
		return l.basic()
	case known.nonce.params == nil:
		return ""
	}
	l.remembered = known.proven
	return l.digest()
}

// preview is what first would be, without a use of the nonce.
func (l *login) preview() string {
	known, ok := l.logins.at(l.at)
	switch {
	case !l.may || ok && known.digest && known.nonce.params == nil:
		return ""
	case ok && known.digest:
		return answerDigest(l.cfg, known.nonce, known.count+1)
	}
	return l.basic()
}

// next answers what refused the last request; ok is false when there is no
// answer, or no other one than that which was refused.
func (l *login) next(status int, headers []Header) (authorization string, ok bool) {
	switch {
	case !l.may:
		return "", false
	case status != http.StatusUnauthorized:
		// Some hosts hide what they do not show to everybody.
		hidden := l.asking && l.sent == "" && status >= 400 && status < 500 && status != http.StatusTooManyRequests
		if !hidden {
			return "", false
		}
		return l.basic(), true
	}
	fields := headerValues(headers, "WWW-Authenticate")
	if c, strength := bestDigest(fields); strength > 0 {
		return l.nextDigest(c)
	}
	all := parseChallenges(fields)
	offered := offers(all, schemeBasic)
	known, _ := l.logins.at(l.at)
	switch {
	case known.digest && offered && !l.at.secure:
		l.downgraded = true
		return "", false
	case l.sent == schemeBasic, l.sent == schemeDigest && !offered, !offered && len(all) > 0:
		return "", false
	}
	return l.basic(), true
}

// nextDigest answers a Digest challenge: the first one, and once more when only
// the nonce was not taken any more (RFC 7616 §3.4, stale). A host that let us in
// with a nonce before may not say that it is the nonce.
func (l *login) nextDigest(c challenge) (authorization string, ok bool) {
	if l.sent == schemeDigest {
		stale := strings.EqualFold(c.params["stale"], "true")
		if l.renewed || !stale && !l.remembered {
			return "", false
		}
		l.renewed = true
	}
	l.remembered = false
	l.logins.learn(l.at, func(old knownLogin) knownLogin {
		if old.digest && old.nonce.params["nonce"] == c.params["nonce"] {
			return knownLogin{digest: true, nonce: c, count: old.count} // each use of a nonce has its own count
		}
		return knownLogin{digest: true, nonce: c}
	})
	authorization = l.digest()
	return authorization, authorization != ""
}

func (l *login) basic() string {
	l.sent = schemeBasic
	return basic(l.cfg.User, l.cfg.Password)
}

// digest answers the challenge that is known with the next count of its nonce;
// "" when what the device said cannot be sent back.
func (l *login) digest() string {
	known := l.logins.learn(l.at, func(old knownLogin) knownLogin { old.count++; return old })
	if known.nonce.params == nil { // another request has just been refused
		return ""
	}
	answer := answerDigest(l.cfg, known.nonce, known.count)
	if answer != "" {
		l.sent = schemeDigest
	}
	return answer
}

// done learns from the answer to the last request. A redirection that is
// followed without a login says nothing: what it leads to may ask.
func (l *login) done(status int, headers []Header, redirected bool) {
	switch {
	case !l.may || redirected && l.sent == "":
	case status == http.StatusUnauthorized:
		l.refused()
	case l.sent == schemeDigest:
		next := nextNonce(headers)
		l.logins.learn(l.at, func(old knownLogin) knownLogin {
			old.proven = true
			if next != "" && next != old.nonce.params["nonce"] {
				old.nonce, old.count = old.nonce.with("nonce", next), 0
			}
			return old
		})
	default: // it took Basic, or asked for nothing
		if known, _ := l.logins.at(l.at); !known.digest {
			l.logins.learn(l.at, func(knownLogin) knownLogin { return knownLogin{} })
		}
	}
}

// refused: a login that was refused is tried another time with a new nonce, and
// no more than once in an exchange.
func (l *login) refused() {
	if known, ok := l.logins.at(l.at); ok && known.digest {
		l.logins.learn(l.at, func(knownLogin) knownLogin { return knownLogin{digest: true} })
	}
}

// offers reports whether one of the challenges is of a scheme.
func offers(all []challenge, scheme string) bool {
	for _, c := range all {
		if strings.EqualFold(c.scheme, scheme) {
			return true
		}
	}
	return false
}

// nextNonce is the nonce that a device wants for the next request (RFC 7616
// §3.5), "" for the same one.
func nextNonce(headers []Header) string {
	for _, v := range headerValues(headers, "Authentication-Info") {
		// The field has the parameters of a challenge and no scheme.
		for _, c := range parseChallengeList(schemeDigest + " " + v) {
			if next := c.params["nextnonce"]; next != "" {
				return next
			}
		}
	}
	return ""
}
