package element_test

import (
	"testing"

	"fieldline/element"
)

func TestSameValue(t *testing.T) {
	tests := []struct {
		a, b   string
		number bool
		want   bool
	}{
		{"a", "a", false, true},
		{"1", "1.0", false, false},
		{"1", "1.0", true, true},
		{"1,5", " 1.5", true, true},
		{"a", "a", true, true},
		{"a", "b", true, false},
		{"", "0", true, false},
	}
	for _, tt := range tests {
		if got := element.SameValue(tt.a, tt.b, tt.number); got != tt.want {
			t.Errorf("%q and %q, numbers %v: %v, want %v", tt.a, tt.b, tt.number, got, tt.want)
		}
	}
}
