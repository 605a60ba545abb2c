package web

import (
	"errors"
	"log/slog"
	"net/http"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// statusOf is the one table from codes to HTTP statuses.
func statusOf(code element.Code) int {
	switch code {
	case element.Invalid:
		return http.StatusUnprocessableEntity
	case element.NotFound:
		return http.StatusNotFound
	case element.Conflict:
		return http.StatusConflict
	case element.Unavailable:
		return http.StatusServiceUnavailable
	case element.TooLarge:
		return http.StatusRequestEntityTooLarge
	case element.TooMany:
		return http.StatusTooManyRequests
	case element.Forbidden:
		return http.StatusForbidden
	case element.Internal:
	}
	return http.StatusInternalServerError
}

// refusal is an error with a status that the table does not give: what HTTP
// itself has to say.
type refusal struct {
	status  int
	err     *element.Error
	confirm string // the token that lets a write pass, "" when none
}

func (r *refusal) Error() string { return r.err.Error() }

func (r *refusal) Unwrap() error { return r.err }

// badRequest says that a request cannot be read; field may be "".
func badRequest(field, format string, args ...any) error {
	e := element.FieldErrorf(field, format, args...)
	return &refusal{status: http.StatusBadRequest, err: e}
}

// problem is the body of an error (RFC 9457), with what the API adds.
type problem struct {
	Type      string            `json:"type"`
	Title     string            `json:"title"`
	Status    int               `json:"status"`
	Code      element.Code      `json:"code"`
	Detail    string            `json:"detail"`
	Field     string            `json:"field,omitempty"`
	Findings  []element.Finding `json:"findings,omitempty"`
	Confirm   string            `json:"confirm,omitempty"` // put it into the body to say yes
	RequestID string            `json:"requestId"`
}

// problemOf describes an error to the one who asked.
func problemOf(err error, id string) problem {
	err = ours(err)
	p := problem{Type: "about:blank", Code: element.CodeOf(err), Detail: element.MessageOf(err), RequestID: id}
	p.Status = statusOf(p.Code)
	if e, ok := errors.AsType[*element.Error](err); ok && p.Code != element.Internal {
		p.Field, p.Findings = e.Field, e.Findings
	}
	if r, ok := errors.AsType[*refusal](err); ok {
		p.Status, p.Confirm = r.status, r.confirm
	}
	p.Title = http.StatusText(p.Status)
	return p
}

// ours translates the errors of Echo and net/http.
func ours(err error) error {
	if e, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return element.Errorf(element.TooLarge, "The body is larger than %d KiB, the most that this address accepts.", e.Limit>>10)
	}
	he, ok := errors.AsType[*echo.HTTPError](err)
	if !ok {
		return err
	}
	switch he.Code {
	case http.StatusNotFound:
		return element.Errorf(element.NotFound, "There is nothing at this address.")
	case http.StatusMethodNotAllowed:
		return &refusal{status: he.Code, err: element.Errorf(element.Invalid, "This address does not accept this method; the Allow header lists those it accepts.")}
	}
	return err
}

// errorPages renders errors.
type errorPages struct {
	*shell
	log *slog.Logger
}

// answer is the one place that renders errors: as a problem for the API, as a
// notice for htmx, else as a page. What is our fault is logged here, once.
func (h *errorPages) answer(err error, c echo.Context) {
	r, p := c.Request(), problemOf(err, requestID(c))
	if clientLeft(c, err) {
		c.Response().Status = http.StatusServiceUnavailable
		return
	}
	if p.Code == element.Internal {
		h.log.LogAttrs(r.Context(), slog.LevelError, "request failed",
			slog.String("method", r.Method), slog.String("uri", maskURI(r.URL)), slog.Any("error", err), slog.String("request", p.RequestID))
	}
	if c.Response().Committed {
		return
	}
	if p.Status == http.StatusServiceUnavailable {
		c.Response().Header().Set("Retry-After", "2")
	}
	if h.links.isAPI(r) {
		err = writeJSON(c, p.Status, "application/problem+json", p)
	} else {
		err = h.page(c, p)
	}
	if err != nil {
		h.log.LogAttrs(r.Context(), slog.LevelDebug, "answer not sent", slog.Any("error", err), slog.String("request", p.RequestID))
	}
}

func (h *errorPages) page(c echo.Context, p problem) error {
	page := views.ErrorPage{
		Layout: h.bareLayout(c, headingOf(p)), Status: p.Status, Heading: headingOf(p),
		Message: p.Detail, Todo: todoOf(p), RequestID: p.RequestID,
	}
	if c.Request().Method == http.MethodPost && p.Code != element.Internal {
		page.Kept = "Nothing was changed."
	}
	if isHTMX(c) {
		header := c.Response().Header()
		header.Set("HX-Retarget", "#notice")
		header.Set("HX-Reswap", "innerHTML")
		return render(c, p.Status, views.Notice(page))
	}
	return render(c, p.Status, views.Error(page))
}

func headingOf(p problem) string {
	switch p.Status {
	case http.StatusMethodNotAllowed, http.StatusBadRequest, http.StatusUpgradeRequired, http.StatusRequestTimeout:
		return "This request cannot be processed"
	case http.StatusMisdirectedRequest:
		return "Unknown server name"
	}
	switch p.Code {
	case element.NotFound:
		return "Not found"
	case element.Conflict:
		return "Not possible right now"
	case element.Unavailable:
		return "Not available right now"
	case element.TooLarge, element.TooMany:
		return "Limit exceeded"
	case element.Forbidden:
		return "Not allowed"
	case element.Invalid:
		return "Not valid"
	case element.Internal:
	}
	return "Something went wrong on our side"
}

func todoOf(p problem) string {
	switch p.Code {
	case element.Unavailable:
		return "Try again in a moment."
	case element.Internal:
		return "Try again. If it keeps happening, give the request ID to the administrator of this server."
	default:
		return ""
	}
}
