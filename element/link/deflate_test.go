package link

import (
	"fmt"
	"strings"
	"testing"

	"fieldline/element"
)

// parameters writes permessage-deflate with what is set: window bits of 0 are
// left away, of 1 written without a value.
func parameters(serverForgets, clientForgets bool, serverBits, clientBits int) string {
	var b strings.Builder
	b.WriteString(permessageDeflate)
	if serverForgets {
		b.WriteString("; " + serverNoTakeover)
	}
	if clientForgets {
		b.WriteString("; " + clientNoTakeover)
	}
	for i, bits := range []int{serverBits, clientBits} {
		switch name := []string{serverWindow, clientWindow}[i]; bits {
		case 0:
		case 1:
			b.WriteString("; " + name)
		default:
			fmt.Fprintf(&b, "; %s=%d", name, bits)
		}
	}
	return b.String()
}

// TestEveryAnswerToEveryOffer: RFC 7692 §7.1 allows a server to add what was
// not offered but client_max_window_bits, and obliges it to grant what was.
func TestEveryAnswerToEveryOffer(t *testing.T) {
	sides := []bool{false, true}
	windows := []int{0, 8, 9, 10, 11, 12, 13, 14, 15}
	count := 0
	for i := range 2 * 2 * len(windows) * (len(windows) + 1) {
		offerForget, offerClient := sides[i&1], sides[i>>1&1]
		offerServerBits, offerClientBits := windows[i>>2%len(windows)], append(windows, 1)[i>>2/len(windows)]
		offers, err := parseExtensions(parameters(offerForget, offerClient, offerServerBits, offerClientBits))
		if err != nil {
			t.Fatal(err)
		}
		for k := range 2 * 2 * len(windows) * len(windows) {
			forget, client := sides[k&1], sides[k>>1&1]
			serverBits, clientBits := windows[k>>2%len(windows)], windows[k>>2/len(windows)]
			text := parameters(forget, client, serverBits, clientBits)
			answer, err := parseExtensions(text)
			if err != nil {
				t.Fatal(err)
			}
			legal := (forget || !offerForget) &&
				(offerServerBits == 0 || serverBits != 0 && serverBits <= offerServerBits) &&
				(clientBits == 0 || offerClientBits != 0)
			d, err := agree(offers, answer)
			if (err == nil) != legal || legal && (!d.on || d.noTakeover != forget) {
				t.Fatalf("%+v answered with %q: %+v, %v; legal is %v", offers, text, d, err, legal)
			}
			count++
		}
	}
	if want := 360 * 324; count != want {
		t.Errorf("tried %d pairs, want %d", count, want)
	}
}

// TestAnswersOnTheWire: the lists as header fields hold them, of the offer and
// of the answer.
func TestAnswersOnTheWire(t *testing.T) {
	const seed = "permessage-deflate; client_max_window_bits"
	tests := []struct {
		name           string
		offers, answer []string // fields
		bad            string   // in the sentence; "" opens
		on, forget     bool
	}{
		{"no offer, no answer", nil, nil, "", false, false},
		{"an offer declined", []string{seed}, nil, "", false, false},
		{"an empty answer", []string{seed}, []string{""}, "", false, false},
		{"quoted", []string{seed}, []string{`permessage-deflate; server_max_window_bits="12"; client_max_window_bits="\9"`}, "", true, false},
		{"quoted, empty", []string{seed}, []string{`permessage-deflate; server_max_window_bits=""`}, "8 to 15", false, false},
		{"a quoted offer", []string{`permessage-deflate; server_max_window_bits="10"`}, []string{"permessage-deflate; server_max_window_bits=11"}, "asked for", false, false},
		{"white space and case", []string{seed}, []string{"\tPERMESSAGE-DEFLATE\t;\tServer_No_Context_Takeover ;  SERVER_MAX_WINDOW_BITS = 9"}, "", true, true},
		{"second offer of one field", []string{"permessage-deflate; server_max_window_bits=9, permessage-deflate"}, []string{permessageDeflate}, "", true, false},
		{"second of two fields", []string{"permessage-deflate; server_no_context_takeover", seed}, []string{"permessage-deflate; client_max_window_bits=10"}, "", true, false},
		{"mixed of two offers", []string{"permessage-deflate; server_no_context_takeover; client_max_window_bits, permessage-deflate"}, []string{"permessage-deflate; client_max_window_bits=10"}, "asked for", false, false},
		{"empty elements", []string{seed}, []string{", permessage-deflate ,, "}, "", true, false},
		{"answered in two fields", []string{seed}, []string{permessageDeflate, permessageDeflate}, "twice", false, false},
		{"an unknown one beside it", []string{seed + ", x-own"}, []string{permessageDeflate}, "", true, false},
		{"an unknown one accepted", []string{seed + ", x-own; a=1"}, []string{"x-own; a=1"}, "does not know", false, false},
		{"both accepted", []string{seed + ", x-own"}, []string{"permessage-deflate, x-own"}, "does not know", false, false},
		{"one nobody offered", []string{seed}, []string{"permessage-deflate, x-own"}, "not offered", false, false},
		{"the old name", []string{"x-webkit-deflate-frame"}, []string{"x-webkit-deflate-frame"}, "does not know", false, false},
		{"an unknown parameter", []string{seed}, []string{"permessage-deflate; mux"}, "unknown parameter mux", false, false},
		{"a parameter twice, in another case", []string{seed}, []string{"permessage-deflate; server_max_window_bits=9; Server_Max_Window_Bits=10"}, "twice", false, false},
		{"a value where none belongs", []string{seed}, []string{`permessage-deflate; client_no_context_takeover="true"`}, "takes no value", false, false},
		{"a window without bits", []string{seed}, []string{"permessage-deflate; client_max_window_bits"}, "8 to 15", false, false},
		{"a window of 16", []string{seed}, []string{"permessage-deflate; server_max_window_bits=16"}, "8 to 15", false, false},
		{"a window of 09", []string{seed}, []string{"permessage-deflate; server_max_window_bits=09"}, "8 to 15", false, false},
		{"a window of +9", []string{seed}, []string{`permessage-deflate; server_max_window_bits="+9"`}, "8 to 15", false, false},
		{"unreadable", []string{seed}, []string{"permessage-deflate; =9"}, "cannot be read", false, false},
		{"an open quote", []string{seed}, []string{`permessage-deflate; server_max_window_bits="9`}, "cannot be read", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := &Config{Destination: element.Destination{Scheme: "ws", Host: "h", Port: 80, Path: "/"}}
			for _, o := range tt.offers {
				cfg.Headers = append(cfg.Headers, Header{Name: "Sec-WebSocket-Extensions", Value: o})
			}
			req, f := newRequest(cfg, "")
			if f != nil {
				t.Fatal(f)
			}
			res := &response{status: 101, statusLine: "HTTP/1.1 101 Switching Protocols", headers: []Header{
				{Name: "Upgrade", Value: "websocket"}, {Name: "Connection", Value: "Upgrade"}, {Name: "Sec-WebSocket-Accept", Value: acceptKey(req.key)},
			}}
			for _, a := range tt.answer {
				res.headers = append(res.headers, Header{Name: "sec-websocket-extensions", Value: a})
			}
			got, f := accept(req, res)
			switch {
			case tt.bad == "" && (f != nil || got.deflate.on != tt.on || got.deflate.noTakeover != tt.forget):
				t.Errorf("got %+v, %v", got.deflate, f)
			case tt.bad != "" && (f == nil || f.Code != "extension" || !strings.Contains(f.Message, tt.bad)):
				t.Errorf("got %+v; want a failure with %q", f, tt.bad)
			}
		})
	}
}
