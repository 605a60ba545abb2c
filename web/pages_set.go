package web

import (
	"errors"
	"net/http"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// setParameter carries out the form of one parameter. What was typed and
// refused is drawn again where it was typed.
func (s *Server) setParameter(c echo.Context) error {
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
		_, err = s.set(c.Request().Context(), at.id, req, form.Get(views.FieldConfirm))
	}
	if err != nil {
		return s.setAgain(c, at, req, err)
	}
	if isHTMX(c) {
		return s.drawRow(c, http.StatusOK, at, pid, views.SetForm{})
	}
	return goTo(c, s.url(c, at))
}

// setAgain draws the editor of a value that was not set.
func (s *Server) setAgain(c echo.Context, at place, req element.SetRequest, err error) error {
	again := views.SetForm{Value: req.Raw.String()}
	if ask, ok := errors.AsType[*needsConfirm](err); ok {
		again.Question, again.Token = ask.question, ask.token
		return s.askSet(c, at, req, again)
	}
	code := element.CodeOf(err)
	if code != element.Invalid && code != element.Conflict {
		return err
	}
	again.Error = element.MessageOf(err)
	again.Conflict = code == element.Conflict && req.IfValue != nil
	if isHTMX(c) {
		return s.drawRow(c, statusOf(code), at, req.Parameter, again)
	}
	return s.drawElement(c, statusOf(code), at, map[element.ParamID]views.SetForm{req.Parameter: again})
}

func (s *Server) drawRow(c echo.Context, status int, at place, pid element.ParamID, form views.SetForm) error {
	v, err := s.service.View(c.Request().Context(), at.id)
	if err != nil {
		return err
	}
	l := laidOut(s.bareLayout(c, ""), at)
	return s.render(c, status, views.ParameterRow(views.RowFragment{Layout: l, View: v, Slug: at.slug, Parameter: pid, Form: form}))
}

// askSet asks the connector's question, in the row or on a page of its own.
func (s *Server) askSet(c echo.Context, at place, req element.SetRequest, form views.SetForm) error {
	if isHTMX(c) {
		return s.drawRow(c, http.StatusUnprocessableEntity, at, req.Parameter, form)
	}
	v, err := s.service.View(c.Request().Context(), at.id)
	if err != nil {
		return err
	}
	l, err := s.layout(c, "Set a value")
	if err != nil {
		return err
	}
	l = laidOut(l, at)
	info := v.Infos[req.Parameter]
	if info.WriteID != 0 {
		info = v.Infos[info.WriteID]
	}
	p := views.ConfirmPage{Layout: l, Element: v.Element, Info: info, Parameter: req.Parameter, Page: at.slug, Form: form}
	if req.IfValue != nil {
		text := req.IfValue.String()
		p.IfValue = &text
	}
	return s.render(c, http.StatusUnprocessableEntity, views.Confirm(p))
}
