package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/library"
	"fieldline/element/script"
)

type checkCmd struct {
	Files    []string `arg:"" name:"file" help:"Connectors (protocol.xml) to check."`
	JSON     bool     `name:"json" xor:"form" help:"Print one JSON object a file and line."`
	SARIF    bool     `name:"sarif" xor:"form" help:"Print one SARIF 2.1.0 log, for editors and code hosts."`
	Severity string   `name:"severity" placeholder:"SEVERITY" help:"Show the findings that are at least this severe: critical, major, minor, warning, info. When absent all are shown, and what is true of nearly every connector in one line."`
	FailOn   string   `name:"fail-on" placeholder:"SEVERITY" help:"Exit with 1 when a finding is at least this severe: critical, major, minor, warning, info."`
}

// report is what check says of one file, and its JSON form.
type report struct {
	File     string            `json:"file"`
	Name     string            `json:"name"`
	Version  string            `json:"version"`
	Refused  bool              `json:"refused"`
	Findings []element.Finding `json:"findings"`

	source []byte
}

// Validate implements kong's check of flags.
func (c *checkCmd) Validate() error {
	for _, flag := range []struct{ name, value string }{{"--fail-on", c.FailOn}, {"--severity", c.Severity}} {
		if flag.value != "" && !slices.Contains(element.Severities(), element.Severity(flag.value)) {
			return fmt.Errorf("%s: %q is not a severity; use critical, major, minor, warning or info", flag.name, flag.value)
		}
	}
	return nil
}

// Run prints the findings of every file, also after one was refused.
func (c *checkCmd) Run(std streams) error {
	failed := false
	var reports []report
	for _, file := range c.Files {
		r, err := checkFile(file)
		if err != nil {
			_, _ = fmt.Fprintln(std.err, "fieldline:", sentence(err))
			failed = true
		}
		shown := r
		shown.Findings = element.FindingsFrom(r.Findings, element.Severity(c.Severity))
		if c.SARIF {
			reports = append(reports, shown)
		} else if err := c.print(std, shown); err != nil {
			return err
		}
		if n := c.tooSevere(r); n > 0 && !r.Refused {
			_, _ = fmt.Fprintf(std.err, "fieldline: %s has %s of at least %s (--fail-on %s).\n", r.File, counted(n), c.FailOn, c.FailOn)
			failed = true
		}
	}
	if c.SARIF {
		if err := writeSARIF(std.out, reports); err != nil {
			return err
		}
	}
	if failed {
		return errNamed
	}
	return nil
}

// tooSevere counts the findings that --fail-on is about.
func (c *checkCmd) tooSevere(r report) int {
	n := 0
	for _, f := range r.Findings {
		if c.FailOn != "" && f.Severity.AtLeast(element.Severity(c.FailOn)) {
			n++
		}
	}
	return n
}

func counted(n int) string {
	if n == 1 {
		return "1 finding"
	}
	return strconv.Itoa(n) + " findings"
}

func (c *checkCmd) print(std streams, r report) error {
	if c.JSON {
		return json.NewEncoder(std.out).Encode(r)
	}
	for _, f := range c.folded(r.Findings) {
		message := oneLine(f.Message)
		if f.Parts != nil {
			message += " (--severity info lists them)"
		}
		if _, err := fmt.Fprintf(std.out, "%s:%d:%d %s %s %s\n", r.File, f.Line, f.Column, f.Severity, f.ID, message); err != nil {
			return err
		}
	}
	return nil
}

// folded is what lines tell: everything by itself when a severity is asked for.
func (c *checkCmd) folded(list []element.Finding) []element.Fold {
	if c.Severity == "" {
		return element.FoldFindings(list)
	}
	all := make([]element.Fold, len(list))
	for i, f := range list {
		all[i].Finding = f
	}
	return all
}

// oneLine keeps names in a file from breaking the line that tells of them.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == '\u2028' || c == '\u2029' {
			return ' '
		}
		return c
	}, s)
}

// checkFile reads and parses one file. The report of a refused file comes
// with the error that refuses it.
func checkFile(file string) (report, error) {
	r := report{File: file, Findings: []element.Finding{}}
	data, err := readFile(file)
	if err != nil {
		return r.refused("unreadable", err)
	}
	if len(data) > connector.MaxSize {
		return r.refused("FL-05", fmt.Errorf("%s is larger than %d bytes, the most that a connector may have", file, connector.MaxSize))
	}
	r.source = data
	def, err := library.Parse(data, script.Check)
	if err != nil {
		r.Refused = true
		if e, ok := errors.AsType[*element.Error](err); ok {
			r.Findings = append(r.Findings, e.Findings...)
		}
		return r, fmt.Errorf("%s is refused: %s", file, strings.TrimSpace(sentence(err)))
	}
	r.Name, r.Version = def.Name, def.Version
	r.Findings = append(r.Findings, def.Findings...)
	return r, nil
}

// refused is the report of a file that was not looked into.
func (r report) refused(id string, why error) (report, error) {
	r.Refused = true
	r.Findings = append(r.Findings, element.Finding{ID: id, Severity: element.Critical, Line: 1, Column: 1, Message: why.Error()})
	return r, why
}

// readFile reads a file, or so much of it that it is seen to be too large: a
// pipe does not say its size.
func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, connector.MaxSize+1))
	return data, errors.Join(err, f.Close())
}
