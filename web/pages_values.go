package web

import (
	"errors"
	"net/http"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// valuePages are the forms of values.
type valuePages struct {
	*shell
	values Values
	writer *writer
	screen *elementScreen
}

// setParameter carries out the form of one parameter. What was typed and
// refused is drawn again where it was typed.
func (h *valuePages) setParameter(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	at, pid := posted(c, form), element.ParamID(number(c, "pid"))
	if pid == 0 {
		return noParameter(c)
	}
	req := element.SetRequest{Target: element.Target{Parameter: pid}, Raw: element.Text(form.Get(views.FieldValue)), By: by(c)}
	if form.Has(views.FieldIfValue) {
		v := element.Text(form.Get(views.FieldIfValue))
		req.IfValue = &v
	}
	if err = noValue(form); err == nil {
		_, err = h.writer.set(c.Request().Context(), at.id, req, form.Get(views.FieldConfirm))
	}
	if err != nil {
		return h.setAgain(c, at, req, err)
	}
	if isHTMX(c) {
		return h.drawRow(c, http.StatusOK, at, pid, views.SetForm{})
	}
	return goTo(c, at.url(h.links.of(c)))
}

// setAgain draws the editor of a value that was not set.
func (h *valuePages) setAgain(c echo.Context, at place, req element.SetRequest, err error) error {
	again := views.SetForm{Value: req.Raw.String()}
	if ask, ok := errors.AsType[*needsConfirm](err); ok {
		again.Question, again.Token = ask.question, ask.token
		return h.askSet(c, at, req, again)
	}
	code := element.CodeOf(err)
	if code != element.Invalid && code != element.Conflict {
		return err
	}
	again.Error = element.MessageOf(err)
	again.Conflict = code == element.Conflict && req.IfValue != nil
	if isHTMX(c) {
		return h.drawRow(c, statusOf(code), at, req.Parameter, again)
	}
	return h.screen.draw(c, statusOf(code), at, views.ElementPage{Forms: map[element.ParamID]views.SetForm{req.Parameter: again}})
}

func (h *valuePages) drawRow(c echo.Context, status int, at place, pid element.ParamID, form views.SetForm) error {
	v, err := h.values.View(c.Request().Context(), at.id)
	if err != nil {
		return err
	}
	l := at.layout(h.bareLayout(c, ""))
	return render(c, status, views.ParameterRow(views.RowFragment{Layout: l, View: v, Slug: at.slug, Parameter: pid, Form: form}))
}

// askSet asks the connector's question, in the row or on a page of its own.
func (h *valuePages) askSet(c echo.Context, at place, req element.SetRequest, form views.SetForm) error {
	if isHTMX(c) {
		return h.drawRow(c, http.StatusUnprocessableEntity, at, req.Parameter, form)
	}
	v, err := h.values.View(c.Request().Context(), at.id)
	if err != nil {
		return err
	}
	l, err := h.layout(c, "Set a value")
	if err != nil {
		return err
	}
	l = at.layout(l)
	info := v.Infos[req.Parameter]
	if info.WriteID != 0 {
		info = v.Infos[info.WriteID]
	}
	p := views.ConfirmPage{Layout: l, Element: v.Element, Info: info, Parameter: req.Parameter, Page: at.slug, Form: form}
	if req.IfValue != nil {
		text := req.IfValue.String()
		p.IfValue = &text
	}
	return render(c, http.StatusUnprocessableEntity, views.Confirm(p))
}
