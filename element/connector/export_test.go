package connector

import (
	"fmt"
	"slices"

	"fieldline/element"
)

// The tables that Parse reads by, for the test that the catalogue has all of
// them. A construct that is in a table of idle ones is not run.

// Tables returns, for each construct that the parser's tables name, whether it
// runs; the constructs are written as scripts write them.
func Tables() map[string]bool {
	all := map[string]bool{}
	for on, types := range actionTypes() {
		for _, t := range types {
			all[fmt.Sprintf("Action On=%s Type=%s", on, t)] = true
		}
	}
	for on, types := range unsupportedActions() {
		for _, t := range types {
			all[fmt.Sprintf("Action On=%s Type=%s", on, t)] = false
		}
	}
	for on, times := range triggerTimes() {
		if times == nil {
			all["Trigger On="+on] = true
		}
		for _, t := range times {
			all[fmt.Sprintf("Trigger On=%s Time=%s", on, t)] = !slices.Contains(unsupportedTimes(), t)
		}
	}
	for _, t := range knownTypes() {
		all["Param Type="+t] = !slices.Contains(unsupportedParamTypes(), t)
	}
	for _, m := range knownMeasurements() {
		all["Param Measurement/Type="+string(m)] = !slices.Contains(unsupportedMeasurements(), m)
	}
	for t := range groupContents() {
		all["Group Type="+string(t)] = true
	}
	for _, t := range unsupportedColumns() {
		all["ColumnOption @type="+t] = false
	}
	for _, k := range kinds() {
		all["Connections/Connection "+schemaTag("", k)+"=*"] = k == "http"
		all["Protocol Type="+k] = k == "http"
	}
	delete(all, "Protocol Type=smartserial") // smart-serial, in that way of writing
	for _, level := range levels() {
		for _, op := range level {
			all["Condition .~"+op] = true
		}
	}
	return all
}

// Holds evaluates the condition of a trigger.
func (d *Definition) Holds(trigger int, lookup func(element.ParamID) element.Value) (bool, error) {
	for _, t := range d.Triggers {
		if t.ID == trigger && t.Condition != nil {
			return t.Condition.Eval(lookup)
		}
	}
	return false, fmt.Errorf("trigger %d has no condition", trigger)
}
