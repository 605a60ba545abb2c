package static_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fieldline/static"
)

var (
	moduleImport = regexp.MustCompile(`(?:from\s+|import\s+)"([^"]+)"`)
	cssURL       = regexp.MustCompile(`url\(([^)]*)\)|@import`)
	hashedName   = regexp.MustCompile(`\.[0-9a-f]{12}\.[a-z]+$`)
)

func TestEveryFileIsServedUnderItsHash(t *testing.T) {
	files := static.New()
	names := static.Names()
	for _, want := range []string{"app.svg", "icons.svg", "theme.js", "live/live.js", "css/tokens.css", "vendor/htmx-4.0.1.min.js"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not embedded", want)
		}
	}
	for _, name := range names {
		p := files.Path(name)
		if !hashedName.MatchString(p) {
			t.Errorf("Path(%q) = %q, which carries no hash", name, p)
		}
		f, ok := files.Open(p)
		if !ok || len(f.Body) == 0 || f.ContentType == "" || f.ETag == "" {
			t.Errorf("Open(%q) = %+v, %v: want a whole file", p, f.ContentType, ok)
		}
		if f.Gzip != nil {
			if got := gunzip(t, f.Gzip); !bytes.Equal(got, f.Body) {
				t.Errorf("%s: the compressed form holds something else", name)
			}
		}
		if _, ok := files.Open(name); ok {
			t.Errorf("%s is served under its plain name, which may not be cached for ever", name)
		}
	}
	if got := files.Path("nothing.css"); got != "nothing.css" {
		t.Errorf("Path of an unknown file = %q, want the name as it is", got)
	}
}

func TestNamesAreStable(t *testing.T) {
	a, b := static.New(), static.New()
	for _, name := range static.Names() {
		if a.Path(name) != b.Path(name) {
			t.Errorf("%s has two names: %s and %s", name, a.Path(name), b.Path(name))
		}
	}
}

func TestReferencesLeadSomewhere(t *testing.T) {
	files := static.New()
	for _, name := range static.Names() {
		f, _ := files.Open(files.Path(name))
		switch path.Ext(name) {
		case ".js":
			if path.Dir(name) == "vendor" {
				continue
			}
			for _, m := range moduleImport.FindAllSubmatch(f.Body, -1) {
				target := path.Join(path.Dir(name), string(m[1]))
				if _, ok := files.Open(target); !ok {
					t.Errorf("%s imports %s, which is not served", name, m[1])
				}
			}
		case ".css":
			if m := cssURL.Find(f.Body); m != nil {
				t.Errorf("%s refers to another file (%s): style sheets stand alone, their names would not carry a hash", name, m)
			}
		}
	}
}

// A content security policy of 'self' stops these; so does a glance here.
func TestScriptsKeepToTheRules(t *testing.T) {
	forbidden := []string{"eval(", "new Function", "innerHTML", "outerHTML", "document.write", "window.top", "alert(", "confirm(", "insertAdjacentHTML"}
	files := static.New()
	for _, name := range static.Names() {
		if path.Ext(name) != ".js" || path.Dir(name) == "vendor" {
			continue
		}
		f, _ := files.Open(files.Path(name))
		for _, word := range forbidden {
			if strings.Contains(string(f.Body), word) {
				t.Errorf("%s uses %s", name, word)
			}
		}
	}
}

func TestVendoredFilesAreAsPublished(t *testing.T) {
	record, err := os.ReadFile("vendor/VENDOR.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range static.Names() {
		if path.Dir(name) != "vendor" {
			continue
		}
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha512.Sum384(body)
		if !strings.Contains(string(record), base64.StdEncoding.EncodeToString(sum[:])) {
			t.Errorf("VENDOR.md does not hold the sum of %s", name)
		}
	}
	for _, licence := range []string{"vendor/LICENSE-htmx", "vendor/LICENSE-lucide"} {
		if b, err := os.ReadFile(licence); err != nil || len(b) < 100 {
			t.Errorf("%s is missing: %v", licence, err)
		}
	}
}

func gunzip(t *testing.T, b []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
