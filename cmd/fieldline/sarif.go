package main

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/connector"
)

// The parts of SARIF 2.1.0 (OASIS, 27 March 2020) that check writes: one run,
// its rules, and a result for each finding.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string      `json:"id"`
		Text    sarifText   `json:"shortDescription"`
		Default sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn"`
	}
)

// writeSARIF prints the findings of all files as one SARIF run.
func writeSARIF(w io.Writer, reports []report) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "fieldline", Version: version, Rules: []sarifRule{}}
	index := map[string]int{}
	for _, r := range reports {
		// Columns are counted after byte order marks.
		lines := strings.Split(strings.TrimLeft(string(r.source), "\ufeff"), "\n")
		for _, f := range r.Findings {
			at, known := index[f.ID]
			if !known {
				at = len(run.Tool.Driver.Rules)
				index[f.ID] = at
				run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(f))
			}
			run.Results = append(run.Results, sarifResult{
				RuleID: f.ID, RuleIndex: at, Level: sarifLevel(f.Severity), Message: sarifText{f.Message},
				Locations: []sarifLocation{{sarifPhysical{sarifArtifact{fileURI(r.File)}, sarifRegion{f.Line, codePoints(lines, f)}}}},
			})
		}
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func sarifRuleOf(f element.Finding) sarifRule {
	rule := sarifRule{ID: f.ID, Text: sarifText{f.Message}, Default: sarifConfig{sarifLevel(f.Severity)}}
	rules := connector.Rules()
	if i := slices.IndexFunc(rules, func(r connector.Rule) bool { return r.ID == f.ID }); i >= 0 {
		rule.Text.Text, rule.Default.Level = rules[i].Meaning, sarifLevel(rules[i].Severity)
	}
	return rule
}

// sarifLevel maps our five severities to SARIF's three levels.
func sarifLevel(s element.Severity) string {
	switch s {
	case element.Critical, element.Major:
		return "error"
	case element.Minor, element.Warning:
		return "warning"
	}
	return "note"
}

// codePoints turns the column of a finding, in bytes, into one in characters,
// as editors count.
func codePoints(lines []string, f element.Finding) int {
	if f.Line > len(lines) {
		return f.Column
	}
	line := lines[f.Line-1]
	return utf8.RuneCountInString(line[:min(f.Column-1, len(line))]) + 1
}

// fileURI is the URI of a file as it was named on the command line: relative
// stays relative, so that a code host finds it.
func fileURI(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme, u.Path = "file", "/"+strings.TrimPrefix(u.Path, "/") // one with a drive letter has no slash before it
	}
	return u.String()
}
