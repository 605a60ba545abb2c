package web

import (
	"net/http"
	"time"

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

// handlers are all there are: one type for each group of users, and for each
// of the two ways they come.
type handlers struct {
	api        api
	pages      pages
	operations operations
}

// api are the handlers of the JSON API.
type api struct {
	description descriptionAPI
	connectors  connectorsAPI
	elements    elementsAPI
	values      valuesAPI
	versions    versionsAPI
	diagnosis   diagnosisAPI
}

// pages are the handlers of pages and forms.
type pages struct {
	connectors connectorPages
	elements   elementPages
	forms      elementForms
	values     valuePages
	menus      menuPages
	versions   versionPages
	handshakes handshakePages
}

func newHandlers(o Options, shell *shell, m *metrics) *handlers {
	writer := &writer{values: o.Values, confirms: newConfirms(time.Now)}
	screen := &elementScreen{shell: shell, values: o.Values, diagnosis: o.Diagnosis}
	return &handlers{
		api: api{
			description: descriptionAPI{shell.links, o.Version},
			connectors:  connectorsAPI{shell.links, o.Connectors, o.Reports, o.Elements},
			elements:    elementsAPI{shell.links, o.Elements, o.Settings},
			values:      valuesAPI{o.Values, writer},
			versions:    versionsAPI{o.Versions},
			diagnosis:   diagnosisAPI{o.Diagnosis, o.Values},
		},
		pages: pages{
			connectors: connectorPages{shell, o.Connectors, o.Reports, o.Elements},
			elements:   elementPages{shell, o.Elements, o.Values, screen},
			forms:      elementForms{shell, o.Settings, o.Connectors, o.Values, o.TLSFolder},
			values:     valuePages{shell, o.Values, writer, screen},
			menus:      menuPages{shell, o.Values, writer},
			versions:   versionPages{shell, o.Elements, o.Settings, o.Versions},
			handshakes: handshakePages{shell, o.Elements, o.Diagnosis},
		},
		operations: operations{shell.links.files, o.Faults, m, o.Logger},
	}
}

// routes are the calls of openapi.json; a test compares the two.
func (a *api) routes() []route {
	const element, connector = "/elements/:id", "/connectors/:name/:version"
	return []route{
		{http.MethodGet, "/openapi.json", a.description.getOpenAPI},
		{http.MethodGet, "/connectors", a.connectors.getConnectors},
		{http.MethodPost, "/connectors", a.connectors.postConnector},
		{http.MethodGet, connector, a.connectors.getConnector},
		{http.MethodDelete, connector, a.connectors.deleteConnector},
		{http.MethodGet, connector + "/report", a.connectors.getReport},
		{http.MethodGet, "/elements", a.elements.getElements},
		{http.MethodPost, "/elements", a.elements.postElement},
		{http.MethodGet, element, a.elements.getElement},
		{http.MethodPatch, element, a.elements.patchElement},
		{http.MethodDelete, element, a.elements.deleteElement},
		{http.MethodPost, element + "/start", a.elements.postOrder},
		{http.MethodPost, element + "/stop", a.elements.postOrder},
		{http.MethodPost, element + "/pause", a.elements.postOrder},
		{http.MethodPost, element + "/restart", a.elements.postOrder},
		{http.MethodPost, element + "/reconnect", a.elements.postOrder},
		{http.MethodGet, element + "/versions", a.versions.getVersions},
		{http.MethodGet, element + "/versions/:version/changes", a.versions.getChanges},
		{http.MethodDelete, element + "/versions/:version/values", a.versions.deleteKept},
		{http.MethodPost, element + "/back", a.versions.postBack},
		{http.MethodGet, element + "/parameters", a.values.getParameters},
		{http.MethodGet, element + "/parameters/:pid", a.values.getParameter},
		{http.MethodPut, element + "/parameters/:pid", a.values.putValue},
		{http.MethodGet, element + "/parameters/:pid/value", a.values.getValue},
		{http.MethodGet, element + "/writes/:writeId", a.values.getWrite},
		{http.MethodGet, element + "/tables/:pid", a.values.getTable},
		{http.MethodPut, element + "/tables/:pid/:key/:column", a.values.putValue},
		{http.MethodGet, element + "/tables/:pid/:key/:column/value", a.values.getCellValue},
		{http.MethodGet, element + "/scripts", a.diagnosis.getScripts},
		{http.MethodGet, element + "/events", a.diagnosis.getEvents},
		{http.MethodGet, element + "/messages/:seq", a.diagnosis.getMessage},
		{http.MethodGet, element + "/connections/:n/handshake", a.diagnosis.getHandshake},
		{http.MethodGet, element + "/connections/:n/dry-run", a.diagnosis.getDryRun},
		{http.MethodPost, element + "/connections/:n/try", a.diagnosis.postTry},
	}
}

// routes are the addresses of pages; whole values are those of the API.
func (p *pages) routes(a *api) []route {
	const of = "/elements/:id"
	routes := []route{
		{http.MethodGet, "/", p.elements.overview},
		{http.MethodGet, "/elements/new", p.forms.chooseConnector},
		{http.MethodGet, "/elements", p.elements.goHome},
		{http.MethodPost, "/elements", p.forms.create},
		{http.MethodGet, of, p.elements.show},
		{http.MethodPost, of, p.forms.update},
		{http.MethodGet, of + "/p/:slug", p.elements.show},
		{http.MethodGet, of + "/edit", p.forms.edit},
		{http.MethodPost, of + "/edit", p.forms.update},
		{http.MethodGet, of + "/delete", p.elements.askDelete},
		{http.MethodPost, of + "/delete", p.elements.delete},
		{http.MethodGet, of + "/handshake/:n", p.handshakes.show},
		{http.MethodPost, of + "/handshake/:n", p.handshakes.try},
		{http.MethodGet, of + "/versions", p.versions.list},
		{http.MethodGet, of + "/versions/:version", p.versions.changes},
		{http.MethodPost, of + "/versions/:version", p.versions.use},
		{http.MethodPost, of + "/versions/:version/forget", p.versions.forget},
		{http.MethodPost, of + "/back", p.versions.back},
		{http.MethodPost, of + "/parameters/:pid", p.values.set},
		{http.MethodPost, of + "/tables/:pid/menu", p.menus.post},
		{http.MethodPost, of + "/tables/:pid/:key/:column", p.values.set},
		{http.MethodGet, of + "/tables/:pid/:key/:column", p.values.editCell},
		{http.MethodGet, of + "/tables/:pid/:key/:column/value", a.values.getCellValue},
		{http.MethodGet, of + "/parameters/:pid/value", a.values.getValue},
		{http.MethodGet, of + "/messages/:seq", a.diagnosis.getMessage},
		{http.MethodGet, "/embed/elements/:id", p.elements.show},
		{http.MethodGet, "/embed/elements/:id/:slug", p.elements.show},
		{http.MethodGet, "/connectors", p.connectors.list},
		{http.MethodPost, "/connectors", p.connectors.upload},
		{http.MethodGet, "/connectors/:name/:version", p.connectors.show},
		{http.MethodGet, "/connectors/:name/:version/delete", p.connectors.askDelete},
		{http.MethodPost, "/connectors/:name/:version/delete", p.connectors.delete},
	}
	for _, o := range element.Orders() {
		routes = append(routes, route{http.MethodPost, of + "/" + string(o), p.elements.order})
	}
	return routes
}

func (o *operations) routes() []route {
	return []route{
		{http.MethodGet, "/healthz", o.getHealth},
		{http.MethodGet, "/readyz", o.getReady},
		{http.MethodGet, "/metrics", o.getMetrics},
		{http.MethodGet, views.AssetPrefix + "*", o.getAsset},
	}
}

// router puts the middleware around every handler, and around what finds none.
func (s *Server) router(h *handlers) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.middleware.errors.answer
	e.Use(s.middleware.wrap)
	add := func(prefix string, routes []route) {
		for _, r := range routes {
			e.Add(r.method, prefix+r.path, r.handle)
			if r.method == http.MethodGet {
				e.Add(http.MethodHead, prefix+r.path, r.handle)
			}
		}
	}
	base := s.links.base
	add(base+apiPrefix, h.api.routes())
	add(base, h.pages.routes(&h.api))
	add(base, h.operations.routes())
	e.GET(base+"/live", s.live.serve)
	add(base, []route{{http.MethodGet, "/live/:stream", s.live.snapshots.get}})
	if base != "" {
		add("", []route{{http.MethodGet, base, s.links.redirectHome}})
	}
	return e
}
