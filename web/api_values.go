package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// valuesAPI are the calls about what parameters and tables hold.
type valuesAPI struct {
	values Values
	writer *writer
}

func (a *valuesAPI) getParameters(c echo.Context) error {
	v, err := a.values.View(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	parameters := list(v.Parameters)
	switch excerpt := c.QueryParam("excerpt"); excerpt {
	case "", "false":
	case "true": // what the browser's socket would say
		parameters = slices.Clone(parameters)
		for i, p := range parameters {
			parameters[i] = p.Excerpt()
		}
	default:
		return badRequest("excerpt", "excerpt is %q; it must be true or false.", excerpt)
	}
	return answer(c, http.StatusOK, map[string]any{"parameters": parameters, "cursor": v.Cursor})
}

func (a *valuesAPI) getParameter(c echo.Context) error {
	v, err := a.values.View(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	p, ok := findParameter(v, number(c, "pid"))
	if !ok {
		return noParameter(c)
	}
	return answer(c, http.StatusOK, p)
}

func findParameter(v element.View, id int) (element.Parameter, bool) {
	i := slices.IndexFunc(v.Parameters, func(p element.Parameter) bool { return int(p.ID) == id })
	if i < 0 {
		return element.Parameter{}, false
	}
	return v.Parameters[i], true
}

// setBody is the body of a write. The values are read by hand: an ifValue of
// null means "never set", one that is absent means nothing.
type setBody struct {
	Value   json.RawMessage `json:"value"`
	IfValue json.RawMessage `json:"ifValue"`
	Confirm string          `json:"confirm"`
}

// request reads the body as a write.
func (b setBody) request(to element.Target, by string) (element.SetRequest, error) {
	req := element.SetRequest{Target: to, By: by}
	v, err := parseValue("value", b.Value)
	if err != nil {
		return req, err
	}
	if !v.IsSet() {
		return req, badRequest("value", "The field %q is null; a value that was set cannot be unset.", "value")
	}
	req.Raw = v
	if len(b.IfValue) > 0 {
		present, err := parseValue("ifValue", b.IfValue)
		if err != nil {
			return req, err
		}
		req.IfValue = &present
	}
	return req, nil
}

// putValue writes a parameter or a cell.
func (a *valuesAPI) putValue(c echo.Context) error {
	body, err := decodeBody[setBody](c, false)
	if err != nil {
		return err
	}
	to, err := target(c)
	if err != nil {
		return err
	}
	if to.IsCell() && len(body.IfValue) > 0 {
		return badRequest("ifValue", "A write of a cell takes no %q.", "ifValue")
	}
	req, err := body.request(to, by(c))
	if err != nil {
		return err
	}
	result, err := a.writer.set(c.Request().Context(), elementID(c), req, body.Confirm)
	if ask, ok := errors.AsType[*needsConfirm](err); ok {
		return ask.refusal()
	}
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, result.Write)
}

func (a *valuesAPI) getWrite(c echo.Context) error {
	w, err := a.values.Write(c.Request().Context(), elementID(c), param(c, "writeId"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, w)
}

func (a *valuesAPI) getTable(c echo.Context) error {
	pid := number(c, "pid")
	if pid == 0 {
		return noParameter(c)
	}
	t, err := a.values.Table(c.Request().Context(), elementID(c), element.ParamID(pid))
	if err != nil {
		return err
	}
	t.Columns, t.Rows = list(t.Columns), list(t.Rows)
	return answer(c, http.StatusOK, t)
}
