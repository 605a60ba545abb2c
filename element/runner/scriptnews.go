package runner

import (
	"fmt"
	"slices"
	"time"

	"fieldline/element"
)

// scriptsEvery is how often pages hear what the QActions cost.
const scriptsEvery = time.Second

// scriptNews is what pages know of the costs of QActions.
type scriptNews struct {
	shown map[int]element.Script
	at    time.Time       // when they were last looked at
	stale bool            // the logic has run since then
	off   []element.Fault // QActions that are switched off
}

// due is when the costs are to be looked at again.
func (s *scriptNews) due() time.Time {
	if !s.stale {
		return time.Time{}
	}
	return s.at.Add(scriptsEvery)
}

// showScripts shows what QActions cost that ran.
func (r *Runner) showScripts(now time.Time) {
	s := &r.scriptNews
	if !s.stale || now.Before(s.due()) || r.machine == nil {
		return
	}
	s.stale, s.at = false, now
	if s.shown == nil {
		s.shown = map[int]element.Script{}
	}
	var off []element.Fault
	defer func() {
		if !slices.Equal(off, s.off) {
			s.off = off
			r.touch()
		}
	}()
	for _, script := range r.scripts() {
		if script.Off != "" {
			off = append(off, element.Fault{Name: "qaction", Message: fmt.Sprintf("%s is switched off: %s", element.ScriptCall{QAction: script.ID, Name: script.Name}, script.Off)})
		}
		if s.shown[script.ID] != script {
			s.shown[script.ID] = script
			r.patch(element.Patch{Script: &script})
		}
	}
}
