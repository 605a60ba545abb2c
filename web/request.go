package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// readForm reads a posted form that says at most MaxBody bytes: what percent-encoding
// adds, up to two for each, does not count. Another body is refused: read as a form
// it would be one without fields.
func readForm(c echo.Context) (url.Values, error) {
	const encoded = 3
	b, err := readBody(c, encoded*MaxBody)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok || len(b)-(encoded-1)*bytes.Count(b, []byte("%")) > MaxBody {
		return nil, &http.MaxBytesError{Limit: MaxBody}
	}
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(b))
	kind, _, _ := strings.Cut(c.Request().Header.Get(echo.HeaderContentType), ";")
	if kind = strings.TrimSpace(kind); err != nil || kind != "" && !strings.EqualFold(kind, echo.MIMEApplicationForm) {
		return nil, badRequest("", "The form cannot be read: it is not urlencoded.")
	}
	return form, nil
}

// posted is the value of a field; it is not set when the field did not come:
// it was empty in the browser's eyes, as a list is of which nothing is chosen.
func posted(form url.Values, name string) element.Value {
	if !form.Has(name) {
		return element.Value{}
	}
	return element.Text(form.Get(name))
}

// param is a part of the path, decoded. Echo hands out the path as it was
// sent when that was not the plain encoding.
func param(c echo.Context, name string) string {
	s := c.Param(name)
	if c.Request().URL.RawPath == "" {
		return s
	}
	if decoded, err := url.PathUnescape(s); err == nil {
		return decoded
	}
	return s
}

// number is a part of the path that is a positive number, 0 when it is none:
// what has no such number is not found later.
func number(c echo.Context, name string) int {
	n, err := strconv.ParseUint(c.Param(name), 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

// target is the parameter or the cell that a path names.
func target(c echo.Context) (element.Target, error) {
	t := element.Target{Parameter: element.ParamID(number(c, "pid"))}
	if t.Parameter == 0 {
		return t, noParameter(c)
	}
	if c.Param("column") == "" {
		return t, nil
	}
	t = element.Target{Table: t.Parameter, Key: param(c, "key"), Parameter: element.ParamID(number(c, "column"))}
	if t.Parameter == 0 {
		return t, element.Errorf(element.NotFound, "The table has no column %s.", param(c, "column"))
	}
	return t, nil
}

// elementID is the element that a path names.
func elementID(c echo.Context) element.ID { return element.ID(param(c, "id")) }

// connectionID is the connection that a path names. Connections count from 0.
func connectionID(c echo.Context) (int, error) {
	n, err := strconv.ParseUint(c.Param("n"), 10, 31)
	if err != nil {
		return 0, element.Errorf(element.NotFound, "The element has no connection %s.", param(c, "n"))
	}
	return int(n), nil
}

// flag reads a field of the query that is true or false; false when absent.
func flag(c echo.Context, name string) (bool, error) {
	text := c.QueryParam(name)
	if text == "" {
		return false, nil
	}
	yes, err := strconv.ParseBool(text)
	if err != nil {
		return false, badRequest(name, "%q is neither true nor false.", text)
	}
	return yes, nil
}

func noParameter(c echo.Context) error {
	return element.Errorf(element.NotFound, "The connector has no parameter %s.", param(c, "pid"))
}
