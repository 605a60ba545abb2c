package web

import (
	"net/http"
	"strings"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// apiPrefix is where the API lives under the base path.
const apiPrefix = "/api/v1"

// route is one address. The path is relative to the base path; GET is HEAD too.
type route struct {
	method, path string
	handle       echo.HandlerFunc
}

// apiRoutes are the calls of openapi.json; a test compares the two.
func (s *Server) apiRoutes() []route {
	const element, connector = "/elements/:id", "/connectors/:name/:version"
	return []route{
		{http.MethodGet, "/openapi.json", s.getOpenAPI},
		{http.MethodGet, "/connectors", s.getConnectors},
		{http.MethodPost, "/connectors", s.postConnector},
		{http.MethodGet, connector, s.getConnector},
		{http.MethodDelete, connector, s.deleteConnector},
		{http.MethodGet, connector + "/report", s.getReport},
		{http.MethodGet, "/elements", s.getElements},
		{http.MethodPost, "/elements", s.postElement},
		{http.MethodGet, element, s.getElement},
		{http.MethodPatch, element, s.patchElement},
		{http.MethodDelete, element, s.deleteElement},
		{http.MethodPost, element + "/start", s.postOrder},
		{http.MethodPost, element + "/stop", s.postOrder},
		{http.MethodPost, element + "/pause", s.postOrder},
		{http.MethodPost, element + "/restart", s.postOrder},
		{http.MethodPost, element + "/reconnect", s.postOrder},
		{http.MethodGet, element + "/versions", s.getVersions},
		{http.MethodGet, element + "/versions/:version/changes", s.getChanges},
		{http.MethodDelete, element + "/versions/:version/values", s.deleteKept},
		{http.MethodPost, element + "/back", s.postBack},
		{http.MethodGet, element + "/parameters", s.getParameters},
		{http.MethodGet, element + "/parameters/:pid", s.getParameter},
		{http.MethodPut, element + "/parameters/:pid", s.putParameter},
		{http.MethodGet, element + "/parameters/:pid/value", s.getValue},
		{http.MethodGet, element + "/writes/:writeId", s.getWrite},
		{http.MethodGet, element + "/tables/:pid", s.getTable},
		{http.MethodPut, element + "/tables/:pid/:key/:column", s.putCell},
		{http.MethodGet, element + "/tables/:pid/:key/:column/value", s.getCellValue},
		{http.MethodGet, element + "/scripts", s.getScripts},
		{http.MethodGet, element + "/events", s.getEvents},
		{http.MethodGet, element + "/messages/:seq", s.getMessage},
		{http.MethodGet, element + "/connections/:n/handshake", s.getHandshake},
		{http.MethodGet, element + "/connections/:n/dry-run", s.getDryRun},
		{http.MethodPost, element + "/connections/:n/try", s.postTry},
	}
}

func (s *Server) pageRoutes() []route {
	const of = "/elements/:id"
	routes := []route{
		{http.MethodGet, "/", s.overviewPage},
		{http.MethodGet, "/elements/new", s.newElementPage},
		{http.MethodGet, "/elements", s.listElements},
		{http.MethodPost, "/elements", s.createElement},
		{http.MethodGet, of, s.elementPage},
		{http.MethodPost, of, s.editElement},
		{http.MethodGet, of + "/p/:slug", s.elementPage},
		{http.MethodGet, of + "/edit", s.editElementPage},
		{http.MethodPost, of + "/edit", s.editElement},
		{http.MethodGet, of + "/delete", s.deletePage},
		{http.MethodPost, of + "/delete", s.removeElement},
		{http.MethodGet, of + "/handshake/:n", s.handshakePage},
		{http.MethodPost, of + "/handshake/:n", s.tryHandshake},
		{http.MethodGet, of + "/versions", s.versionsPage},
		{http.MethodGet, of + "/versions/:version", s.changesPage},
		{http.MethodPost, of + "/versions/:version", s.tryVersion},
		{http.MethodPost, of + "/versions/:version/forget", s.forgetVersion},
		{http.MethodPost, of + "/back", s.goBack},
		{http.MethodPost, of + "/parameters/:pid", s.setParameter},
		{http.MethodPost, of + "/tables/:pid/menu", s.postMenu},
		{http.MethodPost, of + "/tables/:pid/:key/:column", s.postCell},
		{http.MethodGet, of + "/tables/:pid/:key/:column", s.editCell},
		{http.MethodGet, of + "/tables/:pid/:key/:column/value", s.getCellValue},
		{http.MethodGet, of + "/parameters/:pid/value", s.getValue},
		{http.MethodGet, of + "/messages/:seq", s.getMessage},
		{http.MethodGet, "/embed/elements/:id", s.elementPage},
		{http.MethodGet, "/embed/elements/:id/:slug", s.elementPage},
		{http.MethodGet, "/connectors", s.connectorsPage},
		{http.MethodPost, "/connectors", s.uploadConnector},
		{http.MethodGet, "/connectors/:name/:version", s.connectorPage},
		{http.MethodGet, "/connectors/:name/:version/delete", s.deleteConnectorPage},
		{http.MethodPost, "/connectors/:name/:version/delete", s.removeConnector},
	}
	for _, o := range orders() {
		routes = append(routes, route{http.MethodPost, of + "/" + string(o), s.order})
	}
	return routes
}

func (s *Server) otherRoutes() []route {
	return []route{
		{http.MethodGet, "/healthz", s.getHealth},
		{http.MethodGet, "/readyz", s.getReady},
		{http.MethodGet, "/metrics", s.getMetrics},
		{http.MethodGet, views.AssetPrefix + "*", s.getAsset},
	}
}

func orders() []element.Order {
	return []element.Order{element.Start, element.Stop, element.Pause, element.Restart, element.Reconnect}
}

func (s *Server) router() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Use(s.around)
	add := func(prefix string, routes []route) {
		for _, r := range routes {
			e.Add(r.method, prefix+r.path, r.handle)
			if r.method == http.MethodGet {
				e.Add(http.MethodHead, prefix+r.path, r.handle)
			}
		}
	}
	add(s.base+apiPrefix, s.apiRoutes())
	add(s.base, s.pageRoutes())
	add(s.base, s.otherRoutes())
	e.GET(s.base+"/live", s.live)
	if s.base != "" {
		add("", []route{{http.MethodGet, s.base, s.redirectHome}})
	}
	return e
}

// redirectHome leads from the base path without its slash to the overview.
func (s *Server) redirectHome(c echo.Context) error {
	to := s.links(c).Home()
	if q := c.Request().URL.RawQuery; q != "" {
		to += "?" + q
	}
	return c.Redirect(http.StatusPermanentRedirect, to)
}

// listElements leads to the overview, which lists them.
func (s *Server) listElements(c echo.Context) error { return goTo(c, s.links(c).Home()) }

// isAPI reports whether a request is answered with problem+json. Whoever asks
// an API beside the base path is a program too.
func (s *Server) isAPI(r *http.Request) bool {
	return isBelow(r.URL.Path, s.base+"/api") || isBelow(r.URL.Path, "/api")
}

// isBelow reports whether a path is folder or in it.
func isBelow(path, folder string) bool {
	rest, ok := strings.CutPrefix(path, folder)
	return ok && (rest == "" || rest[0] == '/')
}
