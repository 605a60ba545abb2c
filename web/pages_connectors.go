package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// maxUpload leaves room for what multipart adds to a connector.
const maxUpload = MaxConnector + 64<<10

func (s *Server) connectorsPage(c echo.Context) error {
	return s.drawConnectors(c, http.StatusOK, "")
}

func (s *Server) drawConnectors(c echo.Context, status int, wrong string) error {
	all, err := s.service.Connectors(c.Request().Context())
	if err != nil {
		return err
	}
	l, err := s.layout(c, "Connectors")
	if err != nil {
		return err
	}
	return s.render(c, status, views.Connectors(views.ConnectorsPage{Layout: l, Connectors: all, Error: wrong}))
}

func (s *Server) connectorPage(c echo.Context) error {
	d, err := s.service.Connector(c.Request().Context(), param(c, "name"), param(c, "version"))
	if err != nil {
		return err
	}
	l, err := s.layout(c, d.Name)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.Connector(views.ConnectorPage{Layout: l, Detail: d}))
}

func (s *Server) uploadConnector(c echo.Context) error {
	name, xml, err := readUpload(c)
	if err != nil {
		p := problemOf(err, requestID(c))
		return s.drawConnectors(c, p.Status, p.Detail)
	}
	d, _, err := s.service.UploadConnector(c.Request().Context(), xml)
	if err == nil {
		return goTo(c, s.urls.Connector(d.Name, d.Version))
	}
	e, ok := errors.AsType[*element.Error](err)
	if !ok || e.Code != element.Invalid && e.Code != element.Conflict && e.Code != element.TooLarge {
		return err
	}
	l, layoutErr := s.layout(c, "Connector refused")
	if layoutErr != nil {
		return layoutErr
	}
	return s.render(c, statusOf(e.Code), views.Refused(views.RefusedPage{
		Layout: l, FileName: name, Message: e.Msg, Findings: e.Findings, Source: xml,
	}))
}

// readUpload returns the file of a multipart form. It is read as it comes and
// never lies on the disk.
func readUpload(c echo.Context) (name string, body []byte, err error) {
	r := c.Request()
	if r.ContentLength > maxUpload {
		return "", nil, &http.MaxBytesError{Limit: MaxConnector}
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, badRequest(views.FieldFile, "Choose a connector file (protocol.xml) to upload.")
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return "", nil, uploadError(err)
		}
		if part.FormName() != views.FieldFile {
			continue
		}
		return readFile(part)
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
	return badRequest(views.FieldFile, "Choose a connector file (protocol.xml) to upload; none came.")
}
