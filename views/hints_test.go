package views

import (
	"testing"

	"fieldline/element"
)

func TestRangeHint(t *testing.T) {
	low, high, step := -20.0, 12.0, 0.5
	tests := []struct {
		info element.ParamInfo
		want string
	}{
		{element.ParamInfo{}, ""},
		{element.ParamInfo{IsNumber: true, Units: "dB", Low: &low, High: &high, Step: &step}, "-20 to 12 dB, in steps of 0.5"},
		{element.ParamInfo{IsNumber: true, Low: &low}, "at least -20"},
		{element.ParamInfo{High: &high}, "at most 12 characters"},
	}
	for _, tt := range tests {
		if got := rangeHint(tt.info); got != tt.want {
			t.Errorf("rangeHint(%+v) = %q, want %q", tt.info, got, tt.want)
		}
	}
}
