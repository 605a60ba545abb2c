package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
)

// sheet reads the Measurement option tab of a table:
// columns:1001|0-1002|1,lines:25,width:100-0,sort:STRING|ASC|0-INT.
func (r measurementReader) sheet(text string) *element.Sheet {
	s := &element.Sheet{}
	parts := map[string][]string{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		parts[name] = strings.Split(value, "-")
	}
	for i, column := range parts["columns"] {
		pid, _, _ := strings.Cut(column, "|")
		id, err := strconv.Atoi(strings.TrimSpace(pid))
		if err != nil || len(s.Columns) >= maxContent || !r.room() {
			continue
		}
		c := element.SheetColumn{Param: element.ParamID(id)}
		if widths := parts["width"]; i < len(widths) {
			width, err := strconv.Atoi(strings.TrimSpace(widths[i]))
			c.Hidden = err == nil && width == 0
			c.Width = min(max(width, 0), maxWidth)
		}
		if sorts := parts["sort"]; i < len(sorts) {
			c.Sort = sortOf(sorts[i])
		}
		s.Columns = append(s.Columns, c)
	}
	if lines := parts["lines"]; len(lines) == 1 {
		n, err := strconv.Atoi(strings.TrimSpace(lines[0]))
		if err == nil && n > 0 {
			s.Lines = min(n, maxLines)
		}
	}
	if filter := parts["filter"]; len(filter) == 1 {
		s.Filter = strings.TrimSpace(filter[0]) == "true"
	}
	return s
}

// sortOf reads STRING|DESC|0. Without a direction it says only how the column
// is compared.
func sortOf(text string) element.Sort {
	parts := strings.Split(strings.TrimSpace(text), "|")
	if len(parts) < 2 {
		return element.Sort{}
	}
	s := element.Sort{By: parts[0], Down: parts[1] == "desc"}
	if len(parts) > 2 {
		if n, err := strconv.Atoi(strings.TrimSpace(parts[2])); err == nil && n >= 0 && n < maxContent {
			s.Priority = n
		}
	}
	return s
}
