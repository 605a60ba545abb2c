package web

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/views"
)

// FuzzJSON: a body is read or refused with 400, and one that is read has
// fields of the draft only.
func FuzzJSON(f *testing.F) {
	for _, c := range calls() {
		if len(c.body) < 1000 {
			f.Add([]byte(c.body))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var d element.Draft
		err := decodeJSON(b, &d)
		if err != nil {
			if p := problemOf(err, ""); p.Status != 400 {
				t.Fatalf("%d: %v", p.Status, err)
			}
			return
		}
		again, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var same element.Draft
		if err := decodeJSON(again, &same); err != nil {
			t.Fatalf("%s was written as %s: %v", b, again, err)
		}
	})
}

// FuzzSet: what a write's body holds is a value or a bad request.
func FuzzSet(f *testing.F) {
	f.Add([]byte(`{"value":"a","ifValue":null}`))
	f.Add([]byte(`{"value":1e400}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var body setBody
		err := decodeJSON(b, &body)
		if err == nil {
			var req element.SetRequest
			if req, err = body.request(element.Target{Parameter: 1}, "x"); err == nil && !req.Raw.IsSet() {
				t.Fatalf("%s sets nothing", b)
			}
		}
		if err != nil && problemOf(err, "").Status != 400 {
			t.Fatalf("%s: %v", b, err)
		}
	})
}

// FuzzForm: whatever a form holds, the draft says only what was posted.
func FuzzForm(f *testing.F) {
	f.Add("name=a&c1.port=80&c1.host=x&c1.skipVerify=true")
	f.Add("c1.port=&c1.retries=&c1.timeoutMs=x")
	f.Fuzz(func(t *testing.T, query string) {
		posted, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		form := fill(views.ElementForm{Connections: []views.ConnectionForm{{ID: 1, TimeoutMs: "1500"}}}, posted)
		d, wrong := draftOf(form, posted)
		for name := range wrong {
			if !posted.Has(name) {
				t.Fatalf("%s is wrong and was not posted", name)
			}
		}
		if (d.Name != nil) != posted.Has("name") || (d.Connections[0].Host != nil) != posted.Has("c1.host") {
			t.Fatalf("%q became %+v", query, d)
		}
	})
}

// FuzzQuery: the numbers of an events query are within their limits.
func FuzzQuery(f *testing.F) {
	f.Add("after=1&epoch=x&limit=5")
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		after, limit, err := eventQuery(q)
		switch {
		case err != nil && problemOf(err, "").Status != 400:
			t.Fatal(err)
		case err == nil && (limit < 1 || limit > MaxPage || (after != nil) != q.Has("after")):
			t.Fatalf("%q: %v, %d", query, after, limit)
		}
	})
}

// FuzzHost: a name with a dot that is no IP address is never at home here.
func FuzzHost(f *testing.F) {
	for _, s := range []string{"localhost:80", "evil.example", "[::1]:1", "127.0.0.1.evil", "[::1].evil"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, host string) {
		g := newGuard("127.0.0.1:8080", false, nil)
		if g.knows(hostname(host + ".evil.example")) {
			t.Fatalf("%q is known", host+".evil.example")
		}
		if strings.Contains(hostname(host), " ") && g.knows(hostname(host)) && !strings.HasSuffix(hostname(host), ".localhost") {
			t.Fatalf("%q is known", host)
		}
	})
}

// FuzzAccept: a weight is within 0 and 1.
func FuzzAccept(f *testing.F) {
	f.Add("application/xml;q=0.9,*/*;q=nan")
	f.Fuzz(func(t *testing.T, accept string) {
		if w := quality([]string{accept}, "application", "xml"); !(w >= 0 && w <= 1) {
			t.Fatalf("%q weighs %v", accept, w)
		}
	})
}
