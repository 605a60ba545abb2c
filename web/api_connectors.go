package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

func (s *Server) getOpenAPI(c echo.Context) error {
	doc, err := openAPI(s.links(c).Base(), s.version)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, doc)
}

func (s *Server) getConnectors(c echo.Context) error {
	list, err := s.service.Connectors(c.Request().Context())
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

func (s *Server) postConnector(c echo.Context) error {
	xml, err := readBody(c, MaxConnector)
	if err != nil {
		return err
	}
	d, created, err := s.service.UploadConnector(c.Request().Context(), xml)
	if err != nil {
		return err
	}
	_, older, err := s.usersOf(c, d.Name, d.Version)
	if err != nil {
		return err
	}
	answered := uploaded{Name: d.Name, Version: d.Version, Findings: list(d.Findings)}
	for _, e := range older {
		answered.OlderElements = append(answered.OlderElements, e.ID)
	}
	c.Response().Header().Set(echo.HeaderLocation, s.links(c).API()+"connectors/"+url.PathEscape(d.Name)+"/"+url.PathEscape(d.Version))
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return answer(c, status, answered)
}

func (s *Server) getConnector(c echo.Context) error {
	d, err := s.service.Connector(c.Request().Context(), param(c, "name"), param(c, "version"))
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
