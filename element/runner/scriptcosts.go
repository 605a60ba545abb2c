package runner

import (
	"fmt"
	"slices"
	"time"

	"fieldline/element"
)

// scriptsEvery is how often pages hear what the QActions cost.
const scriptsEvery = time.Second

// scriptCosts is what pages know of the QActions of an element and their costs.
type scriptCosts struct {
	screen  *screen
	secrets *secrets
	running Scripts // nil when the element has no QActions

	shown map[int]element.Script
	at    time.Time       // when they were last looked at
	stale bool            // the logic has run since then
	off   []element.Fault // QActions that are switched off
}

// due is when the costs are to be looked at again.
func (s *scriptCosts) due() time.Time {
	if !s.stale {
		return time.Time{}
	}
	return s.at.Add(scriptsEvery)
}

// show has pages see what QActions cost that ran.
func (s *scriptCosts) show(now time.Time) {
	if !s.stale || now.Before(s.due()) || s.running == nil {
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
			s.screen.touch()
		}
	}()
	for _, script := range s.list() {
		if script.Off != "" {
			off = append(off, element.Fault{Name: "qaction", Message: fmt.Sprintf("%s is switched off: %s", element.ScriptCall{QAction: script.ID, Name: script.Name}, script.Off)})
		}
		if s.shown[script.ID] != script {
			s.shown[script.ID] = script
			s.screen.patch(element.Patch{Script: &script})
		}
	}
}

// revive gives QActions that were switched off another chance at once.
func (s *scriptCosts) revive() {
	if s.running != nil && s.running.Revive() {
		s.screen.log("info", "The QActions that were switched off run again.")
		s.stale, s.at = true, time.Time{}
		s.screen.touch()
	}
}

// list are the QActions of the element with what they cost, secrets masked: a
// script may throw whatever it read.
func (s *scriptCosts) list() []element.Script {
	if s.running == nil {
		return nil
	}
	list := s.running.Scripts()
	for i := range list {
		list[i].LastError, list[i].Off = s.secrets.maskText(list[i].LastError), s.secrets.maskText(list[i].Off)
	}
	return list
}
