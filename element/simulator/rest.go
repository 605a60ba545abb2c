package simulator

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// DefaultRESTPath is the path of the list of a REST device.
const DefaultRESTPath = "/api/channels"

// Limits of a REST device.
const (
	MaxItems    = 1000    // things in its list; more are refused with 507
	MaxBody     = 1 << 20 // bytes of a request's body; more are refused with 413
	MaxRequests = 100     // in its record, the newest ones
)

// REST is a simulated mixer that is read and set over HTTP: a list of channels
// as JSON objects. GET of the path answers the list, GET of path/id one of it,
// PUT and PATCH of path/id change members, POST of the path adds one, DELETE
// of path/id removes it. All methods may be called from any goroutine.
type REST struct {
	// Set by NewREST.
	path    string
	log     *slog.Logger
	journal *requests

	mu             sync.Mutex // guards what follows
	items          []Item
	lastID         int
	status         int
	header         http.Header
	body           *string
	delay          time.Duration
	user, password string
	plain          bool
}

// Item is one thing of a REST device: the members of its JSON object. Member
// id is a whole number that the device gives.
type Item map[string]any

// DefaultItems returns believable channels.
func DefaultItems() []Item {
	return []Item{
		{"name": "Presenter", "level": -12.5, "mute": false, "route": map[string]any{"from": "Mic 1"}},
		{"name": "Guest", "level": -20, "mute": true, "route": map[string]any{"from": "Mic 2"}},
		{"name": "Jingles", "level": -6, "mute": false, "route": map[string]any{"from": "Player"}},
	}
}

// RESTOptions describe a REST device. The zero value is a well-behaved one
// with DefaultItems.
type RESTOptions struct {
	Path   string // of the list; DefaultRESTPath when ""
	Items  []Item // DefaultItems() when nil
	Logger *slog.Logger
}

// NewREST returns a device that is not yet served.
func NewREST(o RESTOptions) *REST {
	if o.Path == "" {
		o.Path = DefaultRESTPath
	}
	if o.Items == nil {
		o.Items = DefaultItems()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	d := &REST{path: "/" + strings.Trim(o.Path, "/"), log: o.Logger, journal: newRequests()}
	for _, item := range o.Items {
		d.add(item)
	}
	return d
}

// Refuse answers all requests with a status, headers and a body. Status 0
// answers them again.
func (d *REST) Refuse(status int, header http.Header, body string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.status, d.header, d.body = status, header.Clone(), &body
	if status == 0 {
		d.body = nil
	}
}

// Answer answers every GET with this body and status 200, whatever it is.
func (d *REST) Answer(body string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.status, d.header, d.body = 0, nil, &body
}

// Delay waits for t before it answers.
func (d *REST) Delay(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.delay = t
}

// Login asks for Basic credentials (RFC 7617); an empty user asks for none.
func (d *REST) Login(user, password string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.user, d.password = user, password
}

// Compress says whether answers are compressed with gzip for clients that take
// it; they are from the start.
func (d *REST) Compress(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.plain = !on
}

// Add adds an item to the list and returns its id.
func (d *REST) Add(item Item) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.add(item)
}

func (d *REST) add(item Item) int {
	d.lastID++
	item = maps.Clone(item)
	if item == nil {
		item = Item{}
	}
	item["id"] = d.lastID
	d.items = append(d.items, item)
	return d.lastID
}

// Set changes a member of an item and reports whether there is such an item.
func (d *REST) Set(id int, member string, value any) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.index(id)
	if at >= 0 {
		d.change(at, Item{member: value})
	}
	return at >= 0
}

// Remove takes an item out of the list and reports whether there was one.
func (d *REST) Remove(id int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.index(id)
	if at >= 0 {
		d.items = slices.Delete(d.items, at, at+1)
	}
	return at >= 0
}

func (d *REST) index(id int) int {
	return slices.IndexFunc(d.items, func(i Item) bool { return i["id"] == id })
}

// change merges members into an item; its id stays. An item is never changed
// in place, because an answer may be being written from it.
func (d *REST) change(at int, members Item) {
	item, id := maps.Clone(d.items[at]), d.items[at]["id"]
	maps.Copy(item, members)
	item["id"] = id
	d.items[at] = item
}

// Serve answers on l until ctx ends or l fails, and returns nil, or l's error,
// when all its goroutines have ended. It closes l.
func (d *REST) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	srv := &http.Server{
		Handler:           d,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    MaxHead,
		ErrorLog:          slog.NewLogLogger(d.log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() {
		failed <- srv.Serve(l)
		cancel()
	}()
	<-ctx.Done()
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer done()
	if srv.Shutdown(stop) != nil {
		_ = srv.Close() // a client that sends half a request is not waited for
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// ServeHTTP answers one request and records it.
func (d *REST) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	entry := d.journal.add(r, body)
	answer := answer{status: http.StatusRequestEntityTooLarge, body: problem("a body may be %d bytes", MaxBody)}
	if err == nil {
		d.mu.Lock()
		delay := d.delay
		d.mu.Unlock()
		if delay > 0 && !pause(r.Context(), r.Context(), delay) {
			panic(http.ErrAbortHandler) // net/http's way to give no answer
		}
		d.mu.Lock()
		answer = d.answer(r, body)
		answer.plain = d.plain
		d.mu.Unlock()
	}
	d.log.InfoContext(r.Context(), "a request", "method", r.Method, "path", r.URL.Path, "status", answer.status)
	d.journal.answered(entry, answer.status) // before the client can know of it
	answer.write(w, r)
}

// answer is what the device answers to a request.
type answer struct {
	status int
	header http.Header
	body   []byte
	plain  bool // never compressed
}

func (a answer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	maps.Copy(h, a.header)
	out := a.body
	if !a.plain && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && len(out) > 0 {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(out) // a buffer does not fail
		_ = z.Close()
		h.Set("Content-Encoding", "gzip")
		out = packed.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(out)))
	w.WriteHeader(a.status)
	_, _ = w.Write(out) // the client may be gone
}

// problem is the body of a refusal.
func problem(format string, args ...any) []byte {
	return encodeAny(map[string]string{"error": fmt.Sprintf(format, args...)})
}

// answer carries out a request; d.mu is held.
func (d *REST) answer(r *http.Request, body []byte) answer {
	user, password, _ := r.BasicAuth()
	switch {
	case d.status != 0:
		return answer{status: d.status, header: d.header.Clone(), body: []byte(*d.body)}
	case d.user != "" && (user != d.user || password != d.password):
		return answer{status: http.StatusUnauthorized, header: http.Header{"Www-Authenticate": {`Basic realm="simulated"`}}, body: problem("who are you?")}
	case d.body != nil && r.Method == http.MethodGet:
		return answer{status: http.StatusOK, body: []byte(*d.body)}
	case r.URL.Path == d.path:
		return d.whole(r.Method, body)
	}
	text, under := strings.CutPrefix(r.URL.Path, d.path+"/")
	id, err := strconv.Atoi(text)
	at := d.index(id)
	if !under || err != nil || at < 0 {
		return answer{status: http.StatusNotFound, body: problem("there is nothing at %s", r.URL.Path)}
	}
	return d.one(r.Method, at, body)
}

// whole is what can be done to the list.
func (d *REST) whole(method string, body []byte) answer {
	switch method {
	case http.MethodGet, http.MethodHead:
		return answer{status: http.StatusOK, body: encodeAny(d.items)}
	case http.MethodPost:
		var item Item
		if json.Unmarshal(body, &item) != nil || item == nil {
			return answer{status: http.StatusBadRequest, body: problem("the body is not a JSON object")}
		}
		if len(d.items) >= MaxItems {
			return answer{status: http.StatusInsufficientStorage, body: problem("there are %d items already", MaxItems)}
		}
		id := d.add(item)
		return answer{status: http.StatusCreated, body: encodeAny(map[string]int{"id": id})}
	}
	return answer{status: http.StatusMethodNotAllowed, header: http.Header{"Allow": {"GET, HEAD, POST"}}, body: problem("%s is not possible here", method)}
}

// one is what can be done to the item at a place of the list.
func (d *REST) one(method string, at int, body []byte) answer {
	switch method {
	case http.MethodGet, http.MethodHead:
		return answer{status: http.StatusOK, body: encodeAny(d.items[at])}
	case http.MethodDelete:
		d.items = slices.Delete(d.items, at, at+1)
		return answer{status: http.StatusNoContent}
	case http.MethodPut, http.MethodPatch:
		var members Item
		if json.Unmarshal(body, &members) != nil || members == nil {
			return answer{status: http.StatusBadRequest, body: problem("the body is not a JSON object")}
		}
		for name := range members {
			if _, ok := d.items[at][name]; !ok {
				return answer{status: http.StatusUnprocessableEntity, body: problem("there is no member %.60q", name)}
			}
		}
		d.change(at, members)
		return answer{status: http.StatusOK, body: encodeAny(d.items[at])}
	}
	return answer{status: http.StatusMethodNotAllowed, header: http.Header{"Allow": {"DELETE, GET, HEAD, PATCH, PUT"}}, body: problem("%s is not possible here", method)}
}
