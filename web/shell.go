package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/views"
	"fieldline/views/present"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// render draws a component into a buffer before the status line goes out, so
// that a component that fails is an error page and no torso.
func render(c echo.Context, status int, page templ.Component) error {
	var b bytes.Buffer
	// Nothing is waited for; and who sent too slowly is told so.
	if err := page.Render(context.WithoutCancel(c.Request().Context()), &b); err != nil {
		return &element.Error{Code: element.Internal, Op: "web.render", Err: err}
	}
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	return c.HTMLBlob(status, present.VisiblePage(b.Bytes()))
}

// renderLarge is render for pages that hold a whole file: compressed for those
// who take it. Such a page has no secret of ours beside what came from outside.
func renderLarge(c echo.Context, status int, page templ.Component) error {
	h := c.Response().Header()
	h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if !takesGzip(c.Request().Header.Get(echo.HeaderAcceptEncoding)) {
		return render(c, status, page)
	}
	var drawn, b bytes.Buffer
	if err := page.Render(c.Request().Context(), &drawn); err != nil {
		return &element.Error{Code: element.Internal, Op: "web.renderLarge", Err: err}
	}
	z := gzip.NewWriter(&b)
	_, err := z.Write(present.VisiblePage(drawn.Bytes()))
	if err := errors.Join(err, z.Close()); err != nil {
		return &element.Error{Code: element.Internal, Op: "web.renderLarge", Err: err}
	}
	h.Add(echo.HeaderVary, "HX-Request")
	h.Set(echo.HeaderContentEncoding, "gzip")
	return c.HTMLBlob(status, b.Bytes())
}

// isHTMX reports whether htmx asks for a fragment.
func isHTMX(c echo.Context) bool { return c.Request().Header.Get("HX-Request") == "true" }

// shell draws what stands around every page.
type shell struct {
	links    *links
	elements Elements
	version  string // of the program
	hostName string // of this machine
	faults   func() []element.Fault
	flashes  *flashes
}

// bareLayout is the shell without the list of elements: of pages that must
// come even when nothing else does.
func (s *shell) bareLayout(c echo.Context, title string) views.Layout {
	l := views.Layout{
		URLs: s.links.of(c), Title: title, Version: s.version, Host: s.hostName, Now: time.Now(), Section: "elements",
		Embed: s.links.isEmbed(c), Faults: s.faults(),
	}
	if strings.HasPrefix(c.Request().URL.Path, s.links.base+"/connectors") {
		l.Section = "connectors"
	}
	if token := c.QueryParam(fieldFlash); token != "" {
		l.Flash = s.flashes.take(token)
	}
	return l
}

// layout is the shell with the elements in the rail.
func (s *shell) layout(c echo.Context, title string) (views.Layout, error) {
	l := s.bareLayout(c, title)
	var err error
	l.Elements, l.Fleet, err = s.elements.Elements(c.Request().Context())
	l.Elements = list(l.Elements)
	return l, err
}

// layoutOf is the shell of a page of one element.
func (s *shell) layoutOf(c echo.Context, id element.ID, title string) (views.Layout, error) {
	l, err := s.layout(c, title)
	l.Current = id
	return l, err
}

// goTo answers a post that was carried out.
func goTo(c echo.Context, url string) error { return c.Redirect(http.StatusSeeOther, url) }

// flash answers a post that was carried out; the page it leads to says what
// was done. The address has no query yet.
func (s *shell) flash(c echo.Context, url, text string) error {
	return goTo(c, url+"?"+fieldFlash+"="+s.flashes.keep(text))
}
