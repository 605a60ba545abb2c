package element_test

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"fieldline/element"

	"github.com/google/go-cmp/cmp"
)

func TestParseAddress(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want element.Address
		err  string // part of the sentence
	}{
		{in: "10.4.2.8", want: element.Address{Host: "10.4.2.8"}},
		{in: " device.local:8050 ", want: element.Address{Host: "device.local", Port: 8050}},
		{in: "rack_7-a", want: element.Address{Host: "rack_7-a"}},
		{in: "WS://10.4.2.8:4601/x-nmos/events?a=1&u=http://x", want: element.Address{Scheme: "ws", Host: "10.4.2.8", Port: 4601, Path: "/x-nmos/events?a=1&u=http://x"}},
		{in: "https://cam", want: element.Address{Scheme: "https", Host: "cam"}},
		{in: "cam?x=1", want: element.Address{Host: "cam", Path: "/?x=1"}},
		{in: "::1", want: element.Address{Host: "::1"}},
		{in: "[::1]", want: element.Address{Host: "::1"}},
		{in: "wss://[fe80::1]:443/", want: element.Address{Scheme: "wss", Host: "fe80::1", Port: 443, Path: "/"}},
		{in: "", err: "empty"},
		{in: "ftp://x", err: "ftp://"},
		{in: "a b", err: "position 2"},
		{in: "a\nb", err: "position 2"},
		{in: "host:0", err: "1 to 65535"},
		{in: "host:70000", err: "1 to 65535"},
		{in: "host:", err: "1 to 65535"},
		{in: "host:8o", err: "1 to 65535"},
		{in: "host:-1", err: "1 to 65535"},
		{in: "1.2.3", err: "IP address"},
		{in: "1.2.3.400", err: "IP address"},
		{in: "fe80::1:8050x", err: "IPv6"},
		{in: "[::1", err: "bracket"},
		{in: "::%]", err: "IPv6"},
		{in: "[fe80::1%a:b]", err: "IPv6"},
		{in: "[host]:80", err: "IPv6"},
		{in: "[::1]80", err: "colon"},
		{in: "user@host", err: "user name"},
		{in: "ho$t", err: "cannot be part"},
		{in: "a..b", err: "between dots"},
		{in: "ws://", err: "no host"},
		{in: "ws:///path", err: "no host"},
		{in: "host/pa\u00e4th", err: "ASCII"},
		{in: "host/path#frag", err: "#"},
		{in: strings.Repeat("a", 3000), err: "2048"},
	} {
		got, err := element.ParseAddress(tt.in)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) || element.CodeOf(err) != element.Invalid {
				t.Errorf("%q: error %v, want one that says %q", tt.in, err, tt.err)
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("%q: %+v, %v; want %+v", tt.in, got, err, tt.want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"10.4.2.8", "ws://h:1/p?q", "[::1]:80", "fe80::1", "a b", "://", "ws://[::1]/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := element.ParseAddress(s)
		if err != nil {
			return
		}
		again, err := element.ParseAddress(a.String())
		if err != nil || again != a {
			t.Fatalf("%q reads as %+v, whose text %q reads as %+v, %v", s, a, a.String(), again, err)
		}
	})
}

func TestCheckHeaderValue(t *testing.T) {
	for _, ok := range []string{"", "permessage-deflate; client_max_window_bits", "a\tb", "h\u00e9"} {
		if err := element.CheckHeaderValue(ok); err != nil {
			t.Errorf("%q: %v", ok, err)
		}
	}
	for bad, word := range map[string]string{"a\r\nX: y": "carriage return", "a\nb": "line feed", "a\x00": "NUL", "\x7f": "0x7f"} {
		if err := element.CheckHeaderValue(bad); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%q: %v, want %q", bad, err, word)
		}
	}
}

func TestValueJSON(t *testing.T) {
	for _, tt := range []struct {
		v    element.Value
		want string
	}{
		{element.Value{}, `null`},
		{element.Text(""), `""`},
		{element.Text("a\"b"), `"a\"b"`},
		{element.Text("\xff"), "\"\uFFFD\""},
		{element.Number(12.5), `12.5`},
		{element.Number(-0), `0`},
	} {
		b, err := json.Marshal(tt.v)
		if err != nil || string(b) != tt.want {
			t.Errorf("%#v: %s, %v; want %s", tt.v, b, err, tt.want)
		}
	}
	var v element.Value
	for given, want := range map[string]element.Value{
		"9007199254740993": element.Text("9007199254740993"), "-4611686018427387905": element.Text("-4611686018427387905"),
		"9007199254740992": element.Number(1 << 53), "12345678901234567.0": element.Number(12345678901234568), "1e300": element.Number(1e300), "7": element.Number(7),
	} {
		if err := json.Unmarshal([]byte(given), &v); err != nil || v != want {
			t.Errorf("%s: %#v, %v; want %#v", given, v, err, want)
		}
	}
	if err := json.Unmarshal([]byte(`true`), &v); err == nil {
		t.Error("true was read as a value")
	}
}

func TestFormatNumber(t *testing.T) {
	for f, want := range map[float64]string{0: "0", 1: "1", 12.5: "12.5", 1e20: "100000000000000000000", 1e21: "1e+21", 1e-7: "1e-07", math.Copysign(1.25, -1): "-1.25"} {
		if got := element.FormatNumber(f); got != want {
			t.Errorf("%g: %s, want %s", f, got, want)
		}
	}
}

func TestEventJSONIsFlat(t *testing.T) {
	at := element.At(time.Date(2026, 11, 22, 10, 0, 0, 123_456_789, time.FixedZone("", 3600)))
	for _, tt := range []struct {
		body element.EventBody
		want string
	}{
		{
			element.Closed{Connection: 1, Code: 1011, Reason: "overload", By: "device"},
			`{"seq":7,"at":"2026-11-22T09:00:00.123Z","kind":"closed","connection":1,"code":1011,"reason":"overload","by":"device"}`,
		},
		{
			element.Refused{Connection: 1, Phase: "http", Code: "http-status", Message: "401", Status: 401, Count: 1, LastAt: at},
			`{"seq":7,"at":"2026-11-22T09:00:00.123Z","kind":"refused","connection":1,"phase":"http","code":"http-status","message":"401","status":401,"count":1,"lastAt":"2026-11-22T09:00:00.123Z"}`,
		},
		{
			element.WriteMoved{ID: "w1", Parameter: 51, Value: element.Text("x"), Status: element.WriteSaved, By: "127.0.0.1"},
			`{"seq":7,"at":"2026-11-22T09:00:00.123Z","kind":"write","id":"w1","parameter":51,"value":"x","status":"saved","by":"127.0.0.1"}`,
		},
		{
			element.MessageIn{Connection: 1, Opcode: "binary", Size: 2, Base64: []byte{0, 255}},
			`{"seq":7,"at":"2026-11-22T09:00:00.123Z","kind":"message-in","connection":1,"opcode":"binary","size":2,"base64":"AP8=","truncated":false}`,
		},
	} {
		b, err := json.Marshal(element.Event{Seq: 7, At: at, Body: tt.body})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, string(b)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.body.Kind(), diff)
		}
		raw, err := json.Marshal(tt.body)
		if err != nil {
			t.Fatal(err)
		}
		back, err := element.DecodeBody(tt.body.Kind(), raw)
		if err != nil || back.Kind() != tt.body.Kind() {
			t.Errorf("%s comes back from the store as %v, %v", tt.body.Kind(), back, err)
		}
	}
}

func TestDraftApply(t *testing.T) {
	base := element.Config{
		Connector: "Generic", Version: "1", Reconnect: element.Automatic,
		Connections: []element.ConnectionConfig{{ID: 1, Host: "a", Port: 80, TimeoutMs: 1500, Retries: 3}},
	}
	name, host, port := " Cam 1 ", "b", 8050
	got, err := element.Draft{Name: &name, Connections: []element.ConnectionDraft{{ID: 1, Host: &host, Port: &port}}}.Apply(base)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Cam 1" || got.Connections[0].Host != "b" || got.Connections[0].Port != 8050 || got.Connections[0].Retries != 3 {
		t.Errorf("got %+v", got)
	}
	if base.Connections[0].Host != "a" {
		t.Error("Apply changed its base")
	}
	for _, drafts := range [][]element.ConnectionDraft{{{ID: 2}}, {{ID: 1}, {ID: 1}}} {
		_, err := element.Draft{Connections: drafts}.Apply(base)
		if e, ok := errors.AsType[*element.Error](err); !ok || !strings.HasPrefix(e.Field, "connections[") {
			t.Errorf("%v: %v", drafts, err)
		}
	}
}

func TestConfigValidateNamesTheField(t *testing.T) {
	good := element.Config{
		Name: "Cam", Connector: "Generic", Version: "1", Reconnect: element.Manual,
		Connections: []element.ConnectionConfig{{ID: 1, Host: "10.0.0.1", Port: 80, TimeoutMs: 1500}},
	}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*element.Config){
		"name":                     func(c *element.Config) { c.Name = " " },
		"connector":                func(c *element.Config) { c.Connector = "" },
		"reconnect":                func(c *element.Config) { c.Reconnect = "maybe" },
		"connections[0].host":      func(c *element.Config) { c.Connections[0].Host = "a b" },
		"connections[0].port":      func(c *element.Config) { c.Connections[0].Port = 70000 },
		"connections[0].timeoutMs": func(c *element.Config) { c.Connections[0].TimeoutMs = 1 },
		"connections[0].retries":   func(c *element.Config) { c.Connections[0].Retries = 11 },
	} {
		c, err := element.Draft{}.Apply(good)
		if err != nil {
			t.Fatal(err)
		}
		spoil(&c)
		e, ok := errors.AsType[*element.Error](c.Validate())
		if !ok || e.Field != field || e.Code != element.Invalid {
			t.Errorf("%s: %v", field, e)
		}
	}
}

func TestConfigTellsAllProblemsAtOnce(t *testing.T) {
	c := element.Config{
		Connector: "Generic", Version: "1", Reconnect: "maybe",
		Connections: []element.ConnectionConfig{
			{ID: 1, Host: "10.0.0.1", Port: 80, TimeoutMs: 1500},
			{ID: 2, Host: "a b", Port: -1, TimeoutMs: 1, Retries: 11, BusAddress: strings.Repeat("x", element.MaxNameLength+1)},
		},
	}
	var got []string
	for _, e := range c.Problems() {
		if e.Code != element.Invalid || e.Msg == "" {
			t.Errorf("%s: %v", e.Field, e)
		}
		got = append(got, e.Field)
	}
	want := []string{
		"name", "reconnect", "connections[1].host", "connections[1].port",
		"connections[1].timeoutMs", "connections[1].retries", "connections[1].busAddress",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMessageOfHidesForeignErrors(t *testing.T) {
	if m := element.MessageOf(io.ErrUnexpectedEOF); strings.Contains(m, "EOF") {
		t.Errorf("an error that is none of ours reaches a person: %q", m)
	}
	if element.CodeOf(io.EOF) != element.Internal || element.CodeOf(nil) != "" {
		t.Error("codes of foreign errors")
	}
}

func TestPatchKeysTellThingsApart(t *testing.T) {
	keys := map[string]bool{}
	for _, p := range []element.Patch{
		{Parameter: &element.Parameter{ID: 1}},
		{Write: &element.Write{Parameter: 1}},
		{Element: &element.Element{ID: "1"}},
	} {
		if keys[p.Key()] {
			t.Errorf("key %q names two things", p.Key())
		}
		keys[p.Key()] = true
	}
	if (element.Patch{Removed: "a"}).Key() != (element.Patch{Element: &element.Element{ID: "a"}}).Key() {
		t.Error("a removed element has another key than the element")
	}
}

// TestEscapePath: what is escaped can be sent, and escaping it again changes
// nothing.
// What a whole address is does not hang on whether it can be dialled.
func TestIsAbsolute(t *testing.T) {
	for path, want := range map[string]bool{
		"ws://cam/x": true, "HTTPS://cam": true, "ftp://cam/x": true, "://x": true,
		"": false, "/x": false, "x": false, "cam:80/x": false, "/a?b=ws://cam": false, "a?b=ws://cam": false, "a/b://c": false,
	} {
		if got := element.IsAbsolute(path); got != want {
			t.Errorf("%q is %t", path, got)
		}
	}
}

func TestEscapePath(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"/a/b.json?c=d&e=f;g":  "/a/b.json?c=d&e=f;g",
		"a b/c.json":           "a%20b/c.json",
		"/a%20b c":             "/a%20b%20c",
		"/100%":                "/100%",
		"/ä?q=☃":               "/%C3%A4?q=%E2%98%83",
		`/"q"/{a}/[b]/<c>|d\e`: "/%22q%22/%7Ba%7D/%5Bb%5D/%3Cc%3E%7Cd%5Ce",
		"/^`#x":                "/%5E%60%23x",
		"/a\t\r\n\x00\x7f":     "/a%09%0D%0A%00%7F",
		"/~'()*!$,:@+=-._":     "/~'()*!$,:@+=-._",
	} {
		got := element.EscapePath(in)
		if got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
		if again := element.EscapePath(got); again != got {
			t.Errorf("%q became %q", got, again)
		}
		if err := element.CheckPath(got); err != nil {
			t.Errorf("%q: %v", got, err)
		}
	}
}
