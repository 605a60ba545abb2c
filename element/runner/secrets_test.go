package runner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
)

func TestSecretsInExcerpts(t *testing.T) {
	secrets := []string{"hunter2-long", "hunter2"}
	for _, tt := range []struct {
		name      string
		text      string
		truncated bool
		want      string
	}{
		{"none", "all is well", false, "all is well"},
		{"in the middle", "login hunter2 ok", false, "login ••• ok"},
		{"the longer one first", "login hunter2-long ok", false, "login ••• ok"},
		{"the beginning of one at the end of a whole message", "the hunt", false, "the hunt"},
		{"the beginning of one where it was cut", "the hunt", true, "the "},
		{"the beginning of the longer one where it was cut", "x hunter2-lo", true, "x •••-lo"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := maskMessage(element.Message{Opcode: "text", Text: tt.text, Truncated: tt.truncated}, secrets)
			if text.Text != tt.want {
				t.Errorf("text %q, want %q", text.Text, tt.want)
			}
			binary := maskMessage(element.Message{Opcode: "binary", Base64: []byte(tt.text), Truncated: tt.truncated}, secrets)
			if string(binary.Base64) != tt.want {
				t.Errorf("bytes %q, want %q", binary.Base64, tt.want)
			}
		})
	}
}

// TestAPasswordIsItsTwinsToo holds that a write parameter is as secret as the
// read parameter that shows its value.
func TestAPasswordIsItsTwinsToo(t *testing.T) {
	s := &secrets{passwords: func() []string { return nil }, params: &parameters{infos: map[element.ParamID]element.ParamInfo{
		90: {ID: 90, Password: true, WriteID: 91}, 91: {ID: 91, ReadID: 90}, 50: {ID: 50, WriteID: 51}, 51: {ID: 51, ReadID: 50},
	}}}
	for id, want := range map[element.ParamID]bool{90: true, 91: true, 50: false, 51: false, 7: false} {
		if got := s.params.isPassword(id); got != want {
			t.Errorf("parameter %d is a password: %t, want %t", id, got, want)
		}
	}
	if got := s.maskEvent(element.Log{Message: strings.Repeat("x", 9)}); got != (element.Log{Message: "xxxxxxxxx"}) {
		t.Errorf("an element without secrets logs %+v", got)
	}
}

// TestSecretsOfAddressesStayOutOfEvents: what feeds an address, of a handshake or
// a request, is listed without its secrets; other values are listed as they are.
func TestSecretsOfAddressesStayOutOfEvents(t *testing.T) {
	const address, shown = "x?n=1&token=hunter2hunter2", "x?n=1&token=•••"
	for file, tests := range map[string]map[element.ParamID]string{
		"generic-websocket.xml": {50: shown, 51: shown, 60: shown, 61: shown, 100: address},
		"rest-poller.xml":       {20: shown, 21: shown, 621: address},
	} {
		data, err := os.ReadFile(filepath.Join("..", "connector", "examples", file))
		if err != nil {
			t.Fatal(err)
		}
		def, err := connector.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		s := &secrets{passwords: func() []string { return nil }, params: &parameters{definition: def}}
		for id, want := range tests {
			changed, _ := s.maskEvent(element.ParameterChanged{Parameter: id, Value: element.Text(address), Display: address}).(element.ParameterChanged)
			moved, _ := s.maskEvent(element.WriteMoved{Parameter: id, Value: element.Text(address)}).(element.WriteMoved)
			if changed.Value != element.Text(want) || changed.Display != want || moved.Value != element.Text(want) {
				t.Errorf("%s: parameter %d is listed as %+v and %+v, want %q", file, id, changed, moved, want)
			}
		}
	}
}
