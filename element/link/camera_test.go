package link

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// camera is a device that asks for a login and keeps count of what it gets.
type camera struct {
	mu        sync.Mutex
	scheme    string // Basic, or the algorithm of Digest
	password  string
	nonce     int               // the present one
	uses      int               // after so many a nonce is stale; 0 never
	silent    bool              // it does not say that a nonce is stale
	next      bool              // it names the next nonce with each answer
	hangsUp   bool              // after a refusal
	used      map[string]uint64 // the last count of each nonce
	log       []string          // what each request was: "none", "basic", "digest", "digest 2", "wrong", "stale"
	addresses []string
	open      func(http.ResponseWriter, *http.Request)
}

func (c *camera) newHash() hash.Hash {
	if c.scheme == "SHA-256" {
		return sha256.New()
	}
	return md5.New()
}

func (c *camera) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	said := c.judge(r)
	c.log = append(c.log, said)
	c.addresses = append(c.addresses, r.RemoteAddr)
	if c.hangsUp {
		rw.Header().Set("Connection", "close")
	}
	if said == "basic" && c.scheme == "Basic" || strings.HasPrefix(said, "digest") && c.scheme != "Basic" {
		if c.next {
			c.nonce++
			rw.Header().Set("Authentication-Info", fmt.Sprintf(`nextnonce="n%d"`, c.nonce))
		}
		if c.open != nil {
			c.open(rw, r)
			return
		}
		_, _ = rw.Write(append([]byte("in"), body...))
		return
	}
	if c.scheme == "Basic" {
		rw.Header().Set("WWW-Authenticate", `Basic realm="r"`)
	} else {
		stale := ""
		if said == "stale" && !c.silent {
			stale = ", stale=TRUE"
		}
		rw.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", qop="auth", algorithm=%s, nonce="n%d", opaque="o"%s`, c.scheme, c.nonce, stale))
	}
	rw.WriteHeader(http.StatusUnauthorized)
	_, _ = io.WriteString(rw, "log in first")
}

// judge says what the login of a request is worth.
func (c *camera) judge(r *http.Request) string {
	auth := r.Header.Get("Authorization")
	switch {
	case auth == "":
		return "none"
	case strings.HasPrefix(auth, "Basic "):
		if _, password, _ := r.BasicAuth(); password != c.password && c.scheme == "Basic" {
			return "wrong"
		}
		return "basic"
	}
	p := parseChallengeList(auth)[0].params
	h := func(s string) string {
		d := c.newHash()
		d.Write([]byte(s))
		return hex.EncodeToString(d.Sum(nil))
	}
	want := h(h("u:r:"+c.password) + ":" + p["nonce"] + ":" + p["nc"] + ":" + p["cnonce"] + ":auth:" + h(r.Method+":"+r.RequestURI))
	count, err := strconv.ParseUint(p["nc"], 16, 32)
	if c.used == nil {
		c.used = map[string]uint64{}
	}
	switch {
	case p["response"] != want || err != nil || len(p["nc"]) != 8 || p["uri"] != r.RequestURI || p["opaque"] != "o":
		return "wrong"
	case p["nonce"] != fmt.Sprintf("n%d", c.nonce), c.uses > 0 && c.used[p["nonce"]] >= uint64(c.uses):
		if p["nonce"] == fmt.Sprintf("n%d", c.nonce) {
			c.nonce++
		}
		return "stale"
	case count != c.used[p["nonce"]]+1:
		return fmt.Sprintf("wrong count %d", count)
	}
	c.used[p["nonce"]] = count
	if count > 1 {
		return fmt.Sprintf("digest %d", count)
	}
	return "digest"
}

func (c *camera) heard() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.log)
}

func (c *camera) request(t *testing.T, secure bool, verb string) Request {
	w := newWeb(t, secure, c.ServeHTTP)
	req := w.request("/state?x=1")
	req.Verb, req.HasLogin, req.User, req.Password = verb, true, "u", "secret-word"
	req.TLS.SkipVerify = true
	return req
}
