package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// Limits of what comes from outside.
const (
	MaxBody      = 1 << 20  // bytes of a JSON body or a form
	MaxConnector = 16 << 20 // bytes of an uploaded connector
	MaxSockets   = 2048     // browser sockets at a time, when Options says nothing; one address has at most half
	MaxPage      = 1000     // events in one answer
	DefaultPage  = 200      // events in one answer when limit is absent
)

// Options is what a Server is made of. Services are needed; the rest has a
// meaning when it is left zero.
type Options struct {
	Services

	BasePath       string // "", "/" or "/x/y": where everything is served
	ExternalURL    string // how people reach it through a proxy, "" when directly
	FrameAncestors string // who may frame it: "self https://portal.corp"; "" is none
	ListenAddr     string // host:port it listens on, for the check of Host
	// AllowRemote says that other machines may reach ListenAddr. With an
	// unspecified address (0.0.0.0, ::) any IP address is then a good Host.
	AllowRemote bool

	Logger    *slog.Logger           // nil is silence
	Version   string                 // of the program
	HostName  string                 // of this machine, for the line between a person and a device; "" when unknown
	TLSFolder string                 // where the PEM files lie that settings name, for the form; "" when unknown
	Faults    func() []element.Fault // what keeps it from doing all it is for; called at any time and often
	Gauges    []Gauge                // more numbers for /metrics

	// Bounds; 0 is the constant of the same name.
	MaxSockets  int
	PerAddress  int   // sockets of one address; 0 is half of MaxSockets
	MaxBodies   int64 // bytes of the bodies of all requests together
	MinBodyRate int64 // bytes a second

	// TrustedProxies are addresses and networks ("10.0.0.0/8") of proxies, beside
	// those on this machine, whose X-Forwarded-Prefix counts.
	TrustedProxies []string
}

// Server serves the pages, the API and the sockets. Make one with New.
type Server struct {
	links      *links
	middleware *middleware
	live       *live
	echo       *echo.Echo
}

// New checks the options and returns a Server that starts nothing yet. Errors
// are Invalid and name the option.
func New(o Options) (*Server, error) {
	if o.lacks() {
		return nil, errors.New("web: all services are needed")
	}
	base, err := ParseBasePath(o.BasePath)
	if err != nil {
		return nil, err
	}
	external, err := parseExternal(o.ExternalURL)
	if err != nil {
		return nil, err
	}
	headers, err := parseAncestors(o.FrameAncestors)
	if err != nil {
		return nil, err
	}
	trusted, err := parseProxies(o.TrustedProxies)
	if err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Faults == nil {
		o.Faults = func() []element.Fault { return nil }
	}
	metrics, err := newMetrics(o.Gauges)
	if err != nil {
		return nil, err
	}
	links := newLinks(base, trusted)
	shell := &shell{links: links, elements: o.Elements, version: o.Version, hostName: o.HostName, faults: o.Faults, flashes: newFlashes()}
	s := &Server{
		links: links,
		middleware: &middleware{
			links: links, headers: headers, guard: newGuard(o.ListenAddr, o.AllowRemote, external),
			intake: newIntake(o.MaxBodies, o.MinBodyRate), errors: &errorPages{shell, o.Logger}, metrics: metrics, log: o.Logger,
		},
		live: &live{
			news: o.News, snapshots: snapshots{o.Elements, o.Values, o.Diagnosis}, elements: o.Elements, faults: o.Faults, metrics: metrics, log: o.Logger,
			sockets: newSockets(cmp.Or(max(o.MaxSockets, 0), MaxSockets), o.PerAddress, metrics),
		},
	}
	s.echo = s.router(newHandlers(o, shell, metrics))
	return s, nil
}

// Handler returns the handler of everything. It may be used from any
// goroutine.
func (s *Server) Handler() http.Handler { return s.echo }

// Close tells every browser socket that the server stops (1012), refuses new
// ones and returns when their goroutines have ended, or with the error of ctx.
func (s *Server) Close(ctx context.Context) error { return s.live.sockets.close(ctx) }

func parseExternal(raw string) (*url.URL, error) {
	if raw == "" {
		return nil, nil //nolint:nilnil // there is none, and that is fine
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, element.FieldErrorf("external-url", "The external URL is %q; it should look like https://portal.corp/lab/.", raw)
	}
	return u, nil
}
