package element

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fold is a line of a list of findings: one finding, or one that stands for
// the Parts it is made of.
type Fold struct {
	Finding
	Parts []Finding // nil when it stands for itself
}

// EmptyCount is the id of the finding that says how many displayed values stay
// empty, and why.
const EmptyCount = "FL-43"

// foldedFrom is how many findings of a family are told as one: fewer are no
// noise.
const foldedFrom = 4

// Findings that are true of nearly every connector, by family.
const (
	familyNone   = ""
	familyEmpty  = "FL-31" // told by the finding that counts them
	familyIdle   = "FL-02"
	familyCode   = "WS-22"
	familyCasing = "FL-01"
	familyAdvice = "FL-44"
)

// family is what a finding is folded with.
func (f Finding) family() string {
	switch f.ID {
	case "FL-02", "FL-14", "FL-16", "FL-17", "FL-20", "FL-26", "FL-41":
		return familyIdle
	case familyEmpty, familyCode, familyCasing:
		return f.ID
	}
	if strings.HasPrefix(f.ID, "WS-") || strings.HasPrefix(f.ID, "FL-") {
		return familyNone
	}
	return familyAdvice
}

// FoldFindings tells what is of info, and true of nearly every connector, in
// one line a family. The order stays that of the first of each.
func FoldFindings(list []Finding) []Fold {
	families, counted := map[string][]Finding{}, false
	for _, f := range list {
		counted = counted || f.ID == EmptyCount
		if by := f.family(); f.Severity == Info && by != familyNone {
			families[by] = append(families[by], f)
		}
	}
	var folds []Fold
	told := map[string]bool{}
	for _, f := range list {
		by := familyNone
		if f.Severity == Info {
			by = f.family()
		}
		parts := families[by]
		switch {
		case f.ID == EmptyCount:
			folds = append(folds, Fold{f, families[familyEmpty]})
		case by == familyEmpty && counted:
		case by == familyNone || len(parts) < foldedFrom:
			folds = append(folds, Fold{Finding: f})
		case !told[by]:
			told[by] = true
			folds = append(folds, Fold{Finding{ID: by, Severity: Info, Line: f.Line, Column: f.Column, Message: foldWords(by, parts)}, parts})
		}
	}
	return folds
}

// foldWords says what a family of findings comes to.
func foldWords(family string, parts []Finding) string {
	switch family {
	case familyIdle:
		return fmt.Sprintf("%d constructs have no effect here.", len(parts))
	case familyCode:
		return fmt.Sprintf("%d QActions are in a language that does not run here.", len(parts))
	case familyCasing:
		return fmt.Sprintf("%d names are written in another casing than the schema's; they were read all the same.", len(parts))
	case familyEmpty:
		return fmt.Sprintf("%d displayed values stay empty.", len(parts))
	}
	count := map[string]int{}
	var ids []string
	for _, f := range parts {
		if count[f.ID]++; count[f.ID] == 1 {
			ids = append(ids, f.ID)
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
	for i, id := range ids {
		ids[i] = fmt.Sprintf("%s (%d)", id, count[id])
	}
	return fmt.Sprintf("%d recommendations of DataMiner's validator: %s.", len(parts), strings.Join(ids, ", "))
}

// FindingsFrom returns the findings that are at least that severe; "" is all.
func FindingsFrom(list []Finding, least Severity) []Finding {
	if least == "" {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(f Finding) bool { return !f.Severity.AtLeast(least) })
}
