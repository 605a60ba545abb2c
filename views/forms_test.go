package views

import "testing"

func TestFormField(t *testing.T) {
	tests := map[string]string{
		"name": "name", "connections[0].host": "c1.host", "connections[1].timeoutMs": "c7.timeoutMs",
		"connections[2].host": "connections[2].host", "connections[x].host": "connections[x].host", "connections[0": "connections[0",
	}
	for field, want := range tests {
		if got := FormField(field, []int{1, 7}); got != want {
			t.Errorf("FormField(%q) = %q, want %q", field, got, want)
		}
	}
}
