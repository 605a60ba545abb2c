package link_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

// texts are the messages as they were when ReadMany returned.
func texts(all []link.Message) []string {
	var out []string
	for _, m := range all {
		out = append(out, string(m.Data))
	}
	return out
}

// readAllMany reads until the end, at most most messages at once.
func readAllMany(t *testing.T, s *link.Session, most int) (batches [][]string, end error) {
	t.Helper()
	memory := func(size int) []byte { return make([]byte, size) }
	for {
		all, err := s.ReadMany(make([]link.Message, 0, most), memory)
		if err != nil {
			if len(all) > 0 {
				t.Errorf("%d messages came with %v", len(all), err)
			}
			return batches, err
		}
		batches = append(batches, texts(all))
	}
}

func TestReadManyTakesWhatHasArrived(t *testing.T) {
	for name, tc := range map[string]struct {
		send string // at once, after the opening handshake
		most int
		want [][]string
		end  string // its cause
	}{
		"all that is there":            {frame(0x81, "a") + frame(0x82, "b") + frame(0x81, ""), 8, [][]string{{"a", "b", ""}}, "closed"},
		"not more than there is room":  {frame(0x81, "a") + frame(0x81, "b") + frame(0x81, "c"), 2, [][]string{{"a", "b"}, {"c"}}, "closed"},
		"a ping ends it":               {frame(0x81, "a") + frame(0x89, "") + frame(0x81, "b"), 8, [][]string{{"a"}, {"b"}}, "closed"},
		"a message in fragments":       {frame(0x81, "a") + frame(0x01, "b") + frame(0x80, "c"), 8, [][]string{{"a"}, {"bc"}}, "closed"},
		"nothing is lost with a fault": {frame(0x81, "a") + frame(0x81, "\xff"), 8, [][]string{{"a"}}, "bad-data"},
	} {
		t.Run(name, func(t *testing.T) {
			l := listen(t, func(p *peer) {
				p.open()
				p.write(tc.send + closeFrame(1000, ""))
				_, _ = p.readFrame()
			})
			s, _ := dial(t, config(l))
			defer s.Close(1000, "", 0)
			batches, _ := readAllMany(t, s, tc.most)
			if !slices.EqualFunc(batches, tc.want, slices.Equal[[]string]) {
				t.Errorf("read %q, want %q", batches, tc.want)
			}
			if end := s.End(); end == nil || end.Cause != tc.end {
				t.Errorf("ended with %+v, want %s", end, tc.end)
			}
		})
	}
}

// What is taken at once is bounded by its size too, so that a reader which
// falls behind does not gather large messages.
func TestReadManyIsBoundedByBytes(t *testing.T) {
	one := strings.Repeat("x", 60<<10)
	l := listen(t, func(p *peer) {
		p.open()
		p.write(strings.Repeat(frame(0x81, one), 6) + closeFrame(1000, ""))
		_, _ = p.readFrame()
	})
	cfg := config(l)
	cfg.ReadTimeout = time.Minute
	s, _ := dial(t, cfg)
	defer s.Close(1000, "", 0)
	batches, _ := readAllMany(t, s, 100)
	got := 0
	for _, b := range batches {
		if got += len(b); len(b) > 2 {
			t.Errorf("%d messages of 60 KiB came at once", len(b))
		}
	}
	if got != 6 {
		t.Errorf("read %d messages, want 6", got)
	}
}
