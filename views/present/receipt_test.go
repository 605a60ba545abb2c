package present

import (
	"strings"
	"testing"

	"fieldline/element"
)

func TestReceipts(t *testing.T) {
	for _, tt := range []struct {
		status      element.WriteStatus
		detail      string
		want        string
		timed, done bool
	}{
		{element.WriteAccepted, "", "requested", false, false},
		{element.WriteSaved, "", "requested saved", false, true},
		{element.WriteSaved, "It waits for the next connect.", "requested saved", false, false},
		{element.WriteSent, "", "requested saved sent", false, false},
		{element.WriteConfirmed, "", "requested saved sent confirmed", true, true},
		{element.WriteFailed, "No.", "requested failed", false, false},
	} {
		r := ReceiptOf(element.Write{Status: tt.status, Detail: tt.detail, By: "ruth"})
		var words []string
		for _, s := range r.Steps {
			words = append(words, s.Word)
		}
		if got := strings.Join(words, " "); got != tt.want || r.Timed != tt.timed || r.Done != tt.done || r.Failed != (tt.status == element.WriteFailed) || r.By != "by ruth" {
			t.Errorf("%s: %q, %+v", tt.status, got, r)
		}
	}
}
