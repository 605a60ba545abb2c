package web

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// connectorsAPI are the calls about connectors.
type connectorsAPI struct {
	links      *links
	connectors Connectors
	reports    Reports
	elements   Elements
}

func (a *connectorsAPI) getConnectors(c echo.Context) error {
	list, err := a.connectors.Connectors(c.Request().Context())
	if err != nil {
		return err
	}
	out := make([]element.ConnectorSummary, len(list))
	for i, sum := range list {
		sum.Findings = counted(sum.Findings)
		out[i] = sum
	}
	return answer(c, http.StatusOK, map[string]any{"connectors": out})
}

// counted has every severity, those without a finding too.
func counted(findings map[element.Severity]int) map[element.Severity]int {
	counts := map[element.Severity]int{}
	for _, sev := range element.Severities() {
		counts[sev] = findings[sev]
	}
	return counts
}

// uploaded answers an upload. OlderElements use an older version.
type uploaded struct {
	Name          string            `json:"name"`
	Version       string            `json:"version"`
	Findings      []element.Finding `json:"findings"`
	OlderElements []element.ID      `json:"olderElements,omitempty"`
}

func (a *connectorsAPI) postConnector(c echo.Context) error {
	xml, err := readBody(c, MaxConnector)
	if err != nil {
		return err
	}
	d, created, err := a.connectors.UploadConnector(c.Request().Context(), xml)
	if err != nil {
		return err
	}
	_, older, err := usersOf(c.Request().Context(), a.connectors, a.elements, d.Name, d.Version)
	if err != nil {
		return err
	}
	answered := uploaded{Name: d.Name, Version: d.Version, Findings: list(d.Findings)}
	for _, e := range older {
		answered.OlderElements = append(answered.OlderElements, e.ID)
	}
	c.Response().Header().Set(echo.HeaderLocation, a.links.of(c).API()+"connectors/"+url.PathEscape(d.Name)+"/"+url.PathEscape(d.Version))
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return answer(c, status, answered)
}

func (a *connectorsAPI) getConnector(c echo.Context) error {
	d, err := a.connectors.Connector(c.Request().Context(), param(c, "name"), param(c, "version"))
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Add(echo.HeaderVary, "Accept")
	if prefersXML(c.Request().Header.Values("Accept")) {
		// A browser would draw XHTML inside the file as a page of ours.
		h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": d.Name + " " + d.Version + ".xml"}))
		return c.Blob(http.StatusOK, echo.MIMEApplicationXML, d.XML)
	}
	d.Findings, d.Parameters, d.Connections = list(d.Findings), list(d.Parameters), list(d.Connections)
	return answer(c, http.StatusOK, d)
}

func (a *connectorsAPI) deleteConnector(c echo.Context) error {
	if err := a.connectors.DeleteConnector(c.Request().Context(), param(c, "name"), param(c, "version"), by(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (a *connectorsAPI) getReport(c echo.Context) error {
	r, err := a.reports.Report(param(c, "name"), param(c, "version"))
	if err != nil {
		return err
	}
	r.Lines = list(r.Lines)
	return answer(c, http.StatusOK, r)
}

// usersOf returns the elements of a connector; older are those that use a
// version before the given one.
func usersOf(ctx context.Context, connectors Connectors, elements Elements, name, version string) (all, older []element.Element, err error) {
	versions, err := connectors.Connectors(ctx)
	if err != nil {
		return nil, nil, err
	}
	users, _, err := elements.Elements(ctx)
	if err != nil {
		return nil, nil, err
	}
	// The newest version of a connector stands first.
	place := func(version string) int {
		return slices.IndexFunc(versions, func(x element.ConnectorSummary) bool { return x.Name == name && x.Version == version })
	}
	for _, e := range users {
		if e.Connector != name {
			continue
		}
		all = append(all, e)
		if place(e.Version) > place(version) {
			older = append(older, e)
		}
	}
	return all, older, nil
}

// list is s, and an empty list instead of JSON's null when there is none.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// prefersXML reports whether application/xml is wanted more than JSON (RFC
// 9110 §12.5.1).
func prefersXML(accept []string) bool {
	xml := max(quality(accept, "application", "xml"), quality(accept, "text", "xml"))
	return xml > quality(accept, "application", "json")
}

// quality is the weight of a media type in Accept fields: that of the most
// specific range that matches, 0 when none does.
func quality(accept []string, kind, subtype string) float64 {
	weight, best := 0.0, 0
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
			continue
		}
		specific := 0
		switch name {
		case kind + "/" + subtype:
			specific = 3
		case kind + "/*":
			specific = 2
		case "*/*":
			specific = 1
		}
		if specific <= best {
			continue
		}
		best, weight = specific, 1
		if q, given := params["q"]; given {
			w, err := strconv.ParseFloat(q, 64)
			if err != nil || !(w >= 0 && w <= 1) { // NaN is a number to ParseFloat
				w = 0
			}
			weight = w
		}
	}
	return weight
}
