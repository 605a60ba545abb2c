package web

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// maxUpload leaves room for what multipart adds to a connector.
const maxUpload = MaxConnector + 64<<10

// connectorPages list, show, take and delete connectors.
type connectorPages struct {
	*shell
	connectors Connectors
	reports    Reports
	elements   Elements
}

func (h *connectorPages) list(c echo.Context) error {
	return h.drawList(c, http.StatusOK, "")
}

func (h *connectorPages) drawList(c echo.Context, status int, wrong string) error {
	all, err := h.connectors.Connectors(c.Request().Context())
	if err != nil {
		return err
	}
	l, err := h.layout(c, "Connectors")
	if err != nil {
		return err
	}
	return render(c, status, views.Connectors(views.ConnectorsPage{Layout: l, Connectors: all, Error: wrong}))
}

func (h *connectorPages) show(c echo.Context) error {
	d, err := h.connectors.Connector(c.Request().Context(), param(c, "name"), param(c, "version"))
	if err != nil {
		return err
	}
	report, err := h.reports.Report(d.Name, d.Version)
	if err != nil {
		return err
	}
	users, older, err := usersOf(c.Request().Context(), h.connectors, h.elements, d.Name, d.Version)
	if err != nil {
		return err
	}
	l, err := h.layout(c, d.Name)
	if err != nil {
		return err
	}
	return renderLarge(c, http.StatusOK, views.Connector(views.ConnectorPage{Layout: l, Detail: d, Report: report, Users: users, Older: older, Least: leastSeverity(c)}))
}

// leastSeverity is the choice of findings in a query; one that does not exist
// is none.
func leastSeverity(c echo.Context) element.Severity {
	if s := element.Severity(c.QueryParam(views.FieldSeverity)); slices.Contains(element.Severities(), s) {
		return s
	}
	return ""
}

func (h *connectorPages) askDelete(c echo.Context) error {
	return h.drawDelete(c, http.StatusOK, "")
}

func (h *connectorPages) drawDelete(c echo.Context, status int, wrong string) error {
	d, err := h.connectors.Connector(c.Request().Context(), param(c, "name"), param(c, "version"))
	if err != nil {
		return err
	}
	l, err := h.layout(c, "Delete "+d.Name+" "+d.Version)
	if err != nil {
		return err
	}
	return render(c, status, views.DeleteConnector(views.DeleteConnectorPage{Layout: l, Detail: d, Error: wrong}))
}

func (h *connectorPages) delete(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if form.Get(views.FieldConfirm) != "yes" {
		return h.drawDelete(c, http.StatusUnprocessableEntity, "Confirm that you are sure: this cannot be undone.")
	}
	name, version := param(c, "name"), param(c, "version")
	err = h.connectors.DeleteConnector(c.Request().Context(), name, version, by(c))
	if element.CodeOf(err) == element.Conflict {
		return h.drawDelete(c, http.StatusConflict, element.MessageOf(err))
	}
	if err != nil {
		return err
	}
	return h.flash(c, h.links.of(c).Connectors(), name+" "+version+" was deleted.")
}

func (h *connectorPages) upload(c echo.Context) error {
	name, xml, err := readUpload(c)
	if err != nil {
		p := problemOf(err, requestID(c))
		if p.Status == http.StatusRequestTimeout || p.Status == http.StatusServiceUnavailable {
			return err // what is left of the body has to come first
		}
		return h.drawList(c, p.Status, p.Detail)
	}
	d, created, err := h.connectors.UploadConnector(c.Request().Context(), xml)
	if err == nil && !created {
		return h.flash(c, h.links.of(c).Connector(d.Name, d.Version), "This exact file was already here; nothing was changed.")
	}
	if err == nil {
		return goTo(c, h.links.of(c).Connector(d.Name, d.Version))
	}
	e, ok := errors.AsType[*element.Error](err)
	if !ok || e.Code != element.Invalid && e.Code != element.Conflict && e.Code != element.TooLarge {
		return err
	}
	return h.refused(c, views.RefusedPage{FileName: name, Message: e.Msg, Source: xml}, statusOf(e.Code))
}

// refused draws why a connector was refused, beside its text.
func (h *connectorPages) refused(c echo.Context, p views.RefusedPage, status int) error {
	p.Report = h.reports.ReportText(p.Source)
	var err error
	if p.Layout, err = h.layout(c, "Connector refused"); err != nil {
		return err
	}
	return renderLarge(c, status, views.Refused(p))
}

// readUpload returns the file of a multipart form, or the text of one that was
// corrected on the page. It is read as it comes and
// never lies on the disk.
func readUpload(c echo.Context) (name string, body []byte, err error) {
	r := c.Request()
	all := r.Body
	if r.ContentLength > maxUpload {
		return "", nil, tooLarge(all, MaxConnector)
	}
	defer func() {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			err = tooLarge(all, MaxConnector)
		}
	}()
	r.Body = http.MaxBytesReader(c.Response(), all, maxUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, badRequest(views.FieldFile, "Choose a connector file (protocol.xml) to upload.")
	}
	lf := false
	for {
		part, err := parts.NextPart()
		if err != nil {
			return "", nil, uploadError(err)
		}
		switch part.FormName() {
		case views.FieldEnds:
			lf = true
		case views.FieldFile:
			return readFile(part)
		case views.FieldText:
			_, body, err := readFile(part)
			if lf {
				body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
			}
			return "corrected text", body, err
		}
	}
}

func readFile(part *multipart.Part) (string, []byte, error) {
	body, err := io.ReadAll(io.LimitReader(part, MaxConnector+1))
	switch {
	case err != nil:
		return "", nil, uploadError(err)
	case len(body) > MaxConnector:
		return "", nil, &http.MaxBytesError{Limit: MaxConnector}
	case len(body) == 0:
		return "", nil, uploadError(io.EOF)
	}
	return part.FileName(), body, nil
}

func uploadError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &http.MaxBytesError{Limit: MaxConnector}
	}
	if _, ok := errors.AsType[*element.Error](err); ok { // of the intake
		return err
	}
	return badRequest(views.FieldFile, "Choose a connector file (protocol.xml) to upload; none was sent.")
}
