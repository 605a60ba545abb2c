package link

import (
	"encoding/base64"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element"
)

func TestSecrets(t *testing.T) {
	for _, tt := range []struct {
		name string
		cfg  element.Destination
		want []string // each as it is
	}{
		{name: "none"},
		{name: "plain headers and paths", cfg: element.Destination{Path: "/a?b=ccccccccc", Headers: []Header{{Name: "Origin", Value: "http://portal.corp"}}}},
		{name: "a password", cfg: element.Destination{Password: "hunter22"}, want: []string{"hunter22"}},
		{name: "a short password would blot out text", cfg: element.Destination{Password: "abc"}},
		{name: "a login", cfg: element.Destination{Secrets: []string{"Bearer abcd.efgh"}}, want: []string{"Bearer abcd.efgh", "abcd.efgh"}},
		{name: "cookies", cfg: element.Destination{Secrets: []string{"sid=12345; theme=dark"}}, want: []string{"sid=12345; theme=dark", "12345", "dark"}},
		{name: "a path", cfg: element.Destination{Secrets: []string{"/ws?id=77777&token=abcdef"}}, want: []string{"/ws?id=77777&token=abcdef", "abcdef"}},
		{name: "spaces around it", cfg: element.Destination{Secrets: []string{" hunter22\r\n"}}, want: []string{" hunter22\r\n", "hunter22"}},
		{
			name: "guessed by the name of the header",
			cfg:  element.Destination{Headers: []Header{{Name: "Cookie", Value: "sid=1234567890; theme=dark"}, {Name: "X-Api-Key", Value: "k3y-k3y-k3y"}}},
			want: []string{"sid=1234567890; theme=dark", "k3y-k3y-k3y", "1234567890"},
		},
		{name: "in a parameter of the path", cfg: element.Destination{Path: "/ws;a=b;jsessionid=1234567890?sid=what?ever"}, want: []string{"1234567890", "what?ever"}},
		{name: "percent-encoded in the query", cfg: element.Destination{Path: "/ws?sid=1234%2F5678"}, want: []string{"1234%2F5678", "1234/5678"}},
		{name: "guessed by the name in the query", cfg: element.Destination{Path: "/ws?access_token=1234567890&sig=short"}, want: []string{"1234567890"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			for _, s := range tt.want {
				want = append(append(want, Written(s)...), base64.StdEncoding.EncodeToString([]byte(s)))
			}
			got := Secrets(tt.cfg)
			if !slices.IsSortedFunc(got, func(a, b string) int { return len(b) - len(a) }) {
				t.Errorf("not the longest first: %q", got)
			}
			slices.Sort(want)
			want = slices.Compact(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); len(want)+len(got) > 0 && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWritten(t *testing.T) {
	want := []string{`a b"c/é`, "a%20b%22c%2F%C3%A9", "a+b%22c%2F%C3%A9", "a%20b%22c/%C3%A9", `a b\"c/é`}
	if diff := cmp.Diff(want, Written(`a b"c/é`)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := Written("plain"); len(got) != 1 {
		t.Errorf("%q", got)
	}
	if got := Written(""); len(got) != 0 {
		t.Errorf("%q", got)
	}
}
