package web

import (
	"log/slog"
	"net/http"
	"strings"

	"fieldline/element"
	"fieldline/static"

	"github.com/labstack/echo/v4"
)

// operations are for those who run the program, and its files.
type operations struct {
	files   *static.Files
	faults  func() []element.Fault
	metrics *metrics
	log     *slog.Logger
}

// getHealth says that the program is alive: it answers.
func (o *operations) getHealth(c echo.Context) error { return c.String(http.StatusOK, "alive\n") }

// getReady says whether the program does all it is for: one line a fault when
// it does not, although it runs.
func (o *operations) getReady(c echo.Context) error {
	all := o.faults()
	if len(all) == 0 {
		return c.String(http.StatusOK, "ready\n")
	}
	var b strings.Builder
	for _, f := range all {
		b.WriteString(f.Name + ": " + f.Message + "\n")
	}
	return c.String(http.StatusServiceUnavailable, b.String())
}

func (o *operations) getMetrics(c echo.Context) error {
	o.metrics.handler(o.log).ServeHTTP(c.Response(), c.Request())
	return nil
}

// getAsset serves a file of package static under its hashed name: for ever,
// since another content has another name.
func (o *operations) getAsset(c echo.Context) error {
	f, ok := o.files.Open(c.Param("*"))
	if !ok {
		return element.Errorf(element.NotFound, "There is no such file; the page that names it may come from another version of the program. Load the page again.")
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add(echo.HeaderVary, "Accept-Encoding")
	body, etag := f.Body, f.ETag
	if f.Gzip != nil && takesGzip(c.Request().Header.Get("Accept-Encoding")) {
		body, etag = f.Gzip, strings.TrimSuffix(f.ETag, `"`)+`-gzip"`
		h.Set(echo.HeaderContentEncoding, "gzip")
	}
	h.Set("ETag", etag)
	if isKnown(c.Request().Header.Values("If-None-Match"), etag) {
		h.Del(echo.HeaderContentEncoding)
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, f.ContentType, body)
}

// isKnown reports whether If-None-Match names an entity tag; a proxy may have
// made it a weak one (RFC 9110 §13.1.2).
func isKnown(fields []string, etag string) bool {
	for tag := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}

// takesGzip reports whether gzip is among the accepted encodings and not
// weighed with 0.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == "gzip" {
			q = strings.ReplaceAll(q, " ", "")
			return strings.Trim(strings.TrimPrefix(q, "q="), "0.") != "" || q == ""
		}
	}
	return false
}
