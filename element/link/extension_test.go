package link

import (
	"strings"
	"testing"
)

// TestAgree: offers and the answers a server may give (RFC 7692 §7.1).
func TestAgree(t *testing.T) {
	const seed = "permessage-deflate; client_max_window_bits"
	tests := []struct {
		offer, answer string
		bad           string // in the error; "" when legal
		on, forget    bool
	}{
		{seed, "", "", false, false},
		{seed, "permessage-deflate", "", true, false},
		{seed, "Permessage-Deflate ; server_max_window_bits=12; client_max_window_bits=12", "", true, false},
		{seed, `permessage-deflate; client_max_window_bits="10"`, "", true, false},
		{seed, "permessage-deflate; server_no_context_takeover; client_no_context_takeover", "", true, true},
		{seed, "permessage-deflate; server_max_window_bits=8", "", true, false},
		{seed, "permessage-deflate; client_max_window_bits", "8 to 15", false, false},
		{seed, "permessage-deflate; server_max_window_bits=7", "8 to 15", false, false},
		{seed, "permessage-deflate; server_max_window_bits=010", "8 to 15", false, false},
		{seed, "permessage-deflate; server_no_context_takeover=1", "takes no value", false, false},
		{seed, "permessage-deflate; server_no_context_takeover; server_no_context_takeover", "twice", false, false},
		{seed, "permessage-deflate; magic", "unknown parameter magic", false, false},
		{seed, "permessage-deflate, permessage-deflate", "twice", false, false},
		{seed, "x-webkit-deflate-frame", "not offered", false, false},
		{"", "permessage-deflate", "not offered", false, false},
		{"bbf-usp-protocol", "bbf-usp-protocol", "does not know", false, false},
		{"permessage-deflate", "permessage-deflate; client_max_window_bits=10", "not offered", false, false},
		{"permessage-deflate; server_no_context_takeover", "permessage-deflate", "asked for", false, false},
		{"permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=11", "asked for", false, false},
		{"permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=9", "", true, false},
		{"permessage-deflate; server_max_window_bits=10, permessage-deflate", "permessage-deflate", "", true, false},
	}
	for _, tt := range tests {
		offers, _ := parseExtensions(tt.offer)
		answer, err := parseExtensions(tt.answer)
		var d deflate
		if err == nil {
			d, err = agree(offers, answer)
		}
		switch {
		case tt.bad == "" && (err != nil || d.on != tt.on || d.noTakeover != tt.forget):
			t.Errorf("%q answered with %q: %+v, %v", tt.offer, tt.answer, d, err)
		case tt.bad != "" && (err == nil || !strings.Contains(err.Error(), tt.bad)):
			t.Errorf("%q answered with %q: %v, want %q", tt.offer, tt.answer, err, tt.bad)
		}
	}
}

func TestParseExtensions(t *testing.T) {
	for _, bad := range []string{"a;", "a; =1", "a; b=", `a; b="c`, "a b", ";", "a; b=c d", "\x00"} {
		if got, err := parseExtensions(bad); err == nil {
			t.Errorf("%q reads as %+v", bad, got)
		}
	}
	got, err := parseExtensions(` , a;b ; c="x\",;y" ,, d `)
	if err != nil || len(got) != 2 || got[0].params[1].value != `x",;y` || got[1].name != "d" {
		t.Errorf("got %+v, %v", got, err)
	}
}
