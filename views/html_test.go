package views_test

import (
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/static"
	"fieldline/views"

	"golang.org/x/net/html"
)

// walk calls f for every element of a page.
func walk(n *html.Node, f func(*html.Node)) {
	if n.Type == html.ElementNode {
		f(n)
	}
	for c := range n.ChildNodes() {
		walk(c, f)
	}
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var s strings.Builder
	for c := range n.ChildNodes() {
		s.WriteString(text(c))
	}
	return s.String()
}

func parse(t *testing.T, page string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Each sample page is checked for everything a page must keep to.
func TestPagesKeepToTheRules(t *testing.T) {
	for _, base := range []string{"", "/x/y"} {
		for name, c := range samplePages(base) {
			t.Run(strings.Trim(base+"/"+name, "/"), func(t *testing.T) {
				root := parse(t, render(t, c))
				checkPolicy(t, root)
				checkIDs(t, root)
				checkLabels(t, root)
				checkURLs(t, root, base)
				checkLeftovers(t, root)
			})
		}
	}
}

// checkPolicy: nothing inline, so that a policy of 'self' lets the page work.
func checkPolicy(t *testing.T, root *html.Node) {
	walk(root, func(n *html.Node) {
		switch n.Data {
		case "style":
			t.Errorf("an inline style sheet")
		case "script":
			if _, ok := attr(n, "src"); !ok {
				t.Errorf("an inline script")
			}
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") || strings.HasPrefix(a.Val, "js:") || strings.HasPrefix(a.Val, "javascript:") {
				t.Errorf("<%s %s=%q> needs what the policy forbids", n.Data, a.Key, a.Val)
			}
		}
	})
}

// checkIDs: ids are unique, and what refers to one finds it.
func checkIDs(t *testing.T, root *html.Node) {
	ids := map[string]bool{}
	walk(root, func(n *html.Node) {
		if id, ok := attr(n, "id"); ok {
			if ids[id] || id == "" {
				t.Errorf("the id %q is there twice or empty", id)
			}
			ids[id] = true
		}
	})
	walk(root, func(n *html.Node) {
		for _, key := range []string{"for", "aria-labelledby", "aria-describedby", "popovertarget", "hx-target"} {
			refs, _ := attr(n, key)
			for ref := range strings.FieldsSeq(refs) {
				if !ids[strings.TrimPrefix(ref, "#")] {
					t.Errorf("<%s %s=%q> points nowhere", n.Data, key, refs)
				}
			}
		}
		if href, ok := attr(n, "href"); ok && n.Data == "a" && strings.HasPrefix(href, "#") && !ids[href[1:]] {
			t.Errorf("the link %q points nowhere", href)
		}
	})
}

// checkLabels: every control and button has a name, every picture is hidden
// from readers or named.
func checkLabels(t *testing.T, root *html.Node) {
	labelled := map[string]bool{}
	walk(root, func(n *html.Node) {
		if n.Data == "label" {
			if id, ok := attr(n, "for"); ok {
				labelled[id] = strings.TrimSpace(text(n)) != ""
			}
		}
	})
	walk(root, func(n *html.Node) {
		switch n.Data {
		case "input", "select", "textarea":
			kind, _ := attr(n, "type")
			id, _ := attr(n, "id")
			name, _ := attr(n, "aria-label")
			if kind != "hidden" && name == "" && !labelled[id] && !inside(n, "label") {
				t.Errorf("<%s id=%q> has no label", n.Data, id)
			}
		case "button", "a", "summary":
			label, _ := attr(n, "aria-label")
			if strings.TrimSpace(text(n)+label) == "" && !inside(n, "template") {
				t.Errorf("a <%s> has no words", n.Data)
			}
		case "svg":
			if hidden, _ := attr(n, "aria-hidden"); hidden != "true" {
				t.Errorf("a picture is neither named nor hidden from readers")
			}
		}
	})
}

func inside(n *html.Node, tag string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == tag {
			return true
		}
	}
	return false
}

// checkURLs: everything lies under the base path, and assets exist.
func checkURLs(t *testing.T, root *html.Node, base string) {
	files := static.New()
	walk(root, func(n *html.Node) {
		for _, key := range []string{"href", "src", "action", "hx-post", "data-socket"} {
			ref, ok := attr(n, key)
			if !ok || strings.HasPrefix(ref, "#") {
				continue
			}
			if rel, _ := attr(n, "rel"); strings.Contains(rel, "noreferrer") {
				continue // a web page that the connector names
			}
			u, err := url.Parse(ref)
			if err != nil || u.IsAbs() || !strings.HasPrefix(ref, base+"/") {
				t.Errorf("<%s %s=%q> does not lie under %q", n.Data, key, ref, base)
				continue
			}
			if name, ok := strings.CutPrefix(u.Path, base+views.AssetPrefix); ok {
				checkAsset(t, files, name, u.Fragment)
			}
		}
	})
}

func checkAsset(t *testing.T, files *static.Files, name, symbol string) {
	f, ok := files.Open(name)
	if !ok {
		t.Errorf("the asset %q does not exist", name)
	} else if symbol != "" && !strings.Contains(string(f.Body), `id="`+symbol+`"`) {
		t.Errorf("%s has no symbol %q", name, symbol)
	}
}

// checkLeftovers: no template source ended up as text.
func checkLeftovers(t *testing.T, root *html.Node) {
	if s := text(root); strings.Contains(s, "@when") || strings.Contains(s, "@icon") || strings.Contains(s, "%!") || strings.Contains(s, "<nil>") {
		t.Errorf("the page shows template source or a Go value")
	}
}

// Regions that news is pushed into hold no controls.
func TestPushedCellsHoldNoControls(t *testing.T) {
	for name, c := range samplePages("") {
		walk(parse(t, render(t, c)), func(n *html.Node) {
			if _, ok := attr(n, "data-p"); !ok {
				return
			}
			walk(n, func(inner *html.Node) {
				switch inner.Data {
				case "input", "select", "textarea", "button", "form":
					t.Errorf("%s: a pushed cell holds a <%s>", name, inner.Data)
				}
			})
		})
	}
}

// Every form posts where a server without scripts answers.
func TestFormsWorkWithoutScripts(t *testing.T) {
	for name, c := range samplePages("/x") {
		walk(parse(t, render(t, c)), func(n *html.Node) {
			if n.Data != "form" {
				return
			}
			method, _ := attr(n, "method")
			action, _ := attr(n, "action")
			if method != "post" && method != "get" || action == "" {
				t.Errorf("%s: a form has method %q and action %q", name, method, action)
			}
			if hx, ok := attr(n, "hx-post"); ok && hx != action {
				t.Errorf("%s: htmx posts to %q, the form to %q", name, hx, action)
			}
		})
	}
}

var update = flag.Bool("update", false, "rewrite the golden files")

// The row is the answer to htmx and a part of the page: golden files keep
// both honest.
func TestParameterRowGolden(t *testing.T) {
	page := samplePage("/x", openConnection())
	tests := map[string]views.Fragment{
		"row-refused":  {Target: element.Target{Parameter: 111}, Form: views.SetForm{Value: "14", Error: "14 is above the highest value, 12 dB."}},
		"row-question": {Target: element.Target{Parameter: 131}, Form: views.SetForm{Value: "2", Question: "Go on?", Token: "t0k3n"}},
		"row-read-id":  {Target: element.Target{Parameter: 50}},
		"row-password": {Target: element.Target{Parameter: 151}},
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			f.Layout, f.View, f.Slug = page.Layout, page.View, "general"
			got := stableIcons(render(t, views.Drawn(f)), page.URLs)
			golden := filepath.Join("testdata", name+".html")
			if *update {
				write(t, golden, []byte(got))
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the row differs from %s (-update rewrites it):\n%s", golden, got)
			}
		})
	}
}

// stableIcons takes the content hash out, so that a new icon changes no row.
func stableIcons(s string, u views.URLs) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, u.Asset("icons.svg"), "icons.svg"), "><", ">\n<")
}

// A page holds the same row as the answer to htmx.
func TestPageAndFragmentDrawTheSameRow(t *testing.T) {
	page := samplePage("/x", openConnection())
	whole := render(t, views.Element(page))
	for _, id := range []element.ParamID{50, 51, 61, 111, 121, 131, 140, 151, 161, 101} {
		row := render(t, views.Drawn(views.Fragment{Layout: page.Layout, View: page.View, Slug: page.Slug, Target: element.Target{Parameter: id}}))
		if !strings.Contains(whole, row) {
			t.Errorf("the row of parameter %d on the page differs from the fragment", id)
		}
	}
}
