package library

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/connector/lint"
)

// Storage keeps uploaded connectors. Errors are *element.Error.
type Storage interface {
	Connectors(ctx context.Context) ([]element.StoredConnector, error)
	SaveConnector(ctx context.Context, c element.StoredConnector) error
	// DeleteConnector refuses one that elements use or can go back to.
	DeleteConnector(ctx context.Context, name, version string) error
}

// Shipped is a connector that comes with the program. Name is that of the
// file, for the error when it cannot be read.
type Shipped struct {
	Name string
	XML  []byte
}

// The sources of a connector, as ConnectorSummary.Source tells them.
const (
	SourceShipped  = "shipped"
	SourceUploaded = "uploaded"
)

// parser is Parse with the checks of a library.
type parser func(xml []byte) (*connector.Definition, error)

// Library is the set of connectors. Make one with New.
type Library struct {
	storage Storage
	parse   parser
	upload  chan struct{}  // one token: uploads and deletions take turns
	shipped map[key]*entry // set before use

	mu      sync.RWMutex
	entries map[key]*entry
}

type key struct{ name, version string }

// entry is one connector; it never changes.
type entry struct {
	key
	source string
	xml    []byte
	read   func() (*connector.Definition, error) // parses at the first call
}

// New returns a library of the shipped and the stored connectors. A stored one
// wins over a shipped one of the same name and version: elements run it. An
// error says that storage cannot be read or that a shipped file is wrong.
// checks run on each connector after it was parsed.
func New(ctx context.Context, storage Storage, shipped []Shipped, checks ...Check) (*Library, error) {
	parse := func(xml []byte) (*connector.Definition, error) { return Parse(xml, checks...) }
	return newLibrary(ctx, storage, shipped, parse)
}

// Check looks at a connector that Parse has read and returns what it found.
type Check func(*connector.Definition) []element.Finding

// Parse reads a connector and judges it: connector.Parse, lint.Check, and checks
// that need more than the connector, such as compiling its scripts.
func Parse(xml []byte, checks ...Check) (*connector.Definition, error) {
	d, err := connector.Parse(xml)
	if err != nil {
		return nil, err
	}
	judgement := lint.Check(d)
	d.Judge(judgement.Findings, judgement.Unfilled)
	for _, check := range checks {
		d.Findings = append(d.Findings, check(d)...)
	}
	slices.SortStableFunc(d.Findings, func(a, b element.Finding) int { return cmp.Compare(a.Line, b.Line) })
	return d, nil
}

func newLibrary(ctx context.Context, storage Storage, shipped []Shipped, parse parser) (*Library, error) {
	l := &Library{storage: storage, parse: parse, upload: make(chan struct{}, 1), shipped: map[key]*entry{}, entries: map[key]*entry{}}
	for _, s := range shipped {
		d, err := parse(s.XML)
		if err != nil {
			return nil, fmt.Errorf("connector %s, which ships with the program: %w", s.Name, err)
		}
		k := key{d.Name, d.Version}
		l.shipped[k] = l.add(SourceShipped, k, s.XML, func() (*connector.Definition, error) { return d, nil })
	}
	stored, err := storage.Connectors(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range stored {
		l.add(SourceUploaded, key{c.Name, c.Version}, c.XML, sync.OnceValues(func() (*connector.Definition, error) { return parse(c.XML) }))
	}
	return l, nil
}

func (l *Library) add(source string, k key, xml []byte, read func() (*connector.Definition, error)) *entry {
	e := &entry{key: k, source: source, xml: xml, read: read}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries[k] = e
	return e
}

// find returns a connector; version "" is the newest.
func (l *Library) find(name, version string) (*entry, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if e := l.entries[key{name, version}]; e != nil && version != "" {
		return e, nil
	}
	var newest *entry
	for _, e := range l.entries {
		if e.name == name && (newest == nil || compareVersions(e.version, newest.version) > 0) {
			newest = e
		}
	}
	switch {
	case newest == nil:
		return nil, element.Errorf(element.NotFound, "There is no connector %q; upload it first.", name)
	case version != "":
		return nil, element.Errorf(element.NotFound, "Connector %q has no version %q; the newest is %q.", name, version, newest.version)
	}
	return newest, nil
}

// Definition returns a connector; version "" is the newest. NotFound when
// there is none, Conflict with its findings when it is stored and cannot be
// read any more.
func (l *Library) Definition(name, version string) (*connector.Definition, error) {
	e, err := l.find(name, version)
	if err != nil {
		return nil, err
	}
	d, err := e.read()
	if err != nil {
		return nil, &element.Error{
			Code: element.Conflict, Op: "library.Definition", Err: err, Findings: findingsOf(nil, err),
			Msg: fmt.Sprintf("Connector %q version %q is stored but this program cannot read it: %s Upload a corrected file under another version.", e.name, e.version, element.MessageOf(err)),
		}
	}
	return d, nil
}

// Upload stores a connector. created is false when the very same file is
// there. A file that is refused is the error of connector.Parse; one over
// connector.MaxSize is TooLarge; another file under an existing name and
// version is Conflict.
func (l *Library) Upload(ctx context.Context, xml []byte) (detail element.ConnectorDetail, created bool, err error) {
	const op = "library.Upload"
	if len(xml) > connector.MaxSize {
		return detail, false, &element.Error{
			Code: element.TooLarge, Op: op,
			Msg: fmt.Sprintf("The connector has %d bytes; at most %d are allowed.", len(xml), connector.MaxSize),
		}
	}
	if err := l.takeTurn(ctx); err != nil {
		return detail, false, &element.Error{Code: element.Unavailable, Op: op, Msg: "The upload was aborted; nothing was stored.", Err: err}
	}
	defer func() { <-l.upload }()
	xml = slices.Clone(xml) // the caller may use its buffer again
	d, err := l.parse(xml)
	if err != nil {
		return detail, false, err
	}
	k := key{d.Name, d.Version}
	l.mu.RLock()
	have := l.entries[k]
	l.mu.RUnlock()
	if have != nil {
		if !bytes.Equal(have.xml, xml) {
			return detail, false, &element.Error{
				Code: element.Conflict, Op: op,
				Msg: fmt.Sprintf("Connector %q version %q exists with another content. Raise Version in the file and upload it again.", d.Name, d.Version),
			}
		}
		return have.detail(), false, nil
	}
	if err := l.storage.SaveConnector(ctx, element.StoredConnector{Name: d.Name, Version: d.Version, XML: xml, At: time.Now()}); err != nil {
		return detail, false, err
	}
	e := l.add(SourceUploaded, k, xml, func() (*connector.Definition, error) { return d, nil })
	return e.detail(), true, nil
}

// takeTurn waits until nobody else changes the library; the caller gives its
// turn back by taking the token out of upload.
func (l *Library) takeTurn(ctx context.Context) error {
	select {
	case l.upload <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Delete forgets an uploaded connector; one that ships with the program under
// its name and version is there again then. NotFound when there is none,
// Conflict for one that came with the program and for one that is in use.
func (l *Library) Delete(ctx context.Context, name, version string) error {
	const op = "library.Delete"
	if err := l.takeTurn(ctx); err != nil {
		return &element.Error{Code: element.Unavailable, Op: op, Msg: "The deletion was aborted; nothing was deleted.", Err: err}
	}
	defer func() { <-l.upload }()
	k := key{name, version}
	l.mu.RLock()
	e := l.entries[k]
	l.mu.RUnlock()
	switch {
	case e == nil:
		return element.Errorf(element.NotFound, "There is no connector %q version %q.", name, version)
	case e.source == SourceShipped:
		return element.Errorf(element.Conflict, "Connector %q version %q came with the program and cannot be deleted.", name, version)
	}
	if err := l.storage.DeleteConnector(ctx, name, version); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.entries, k)
	if s := l.shipped[k]; s != nil {
		l.entries[k] = s
	}
	return nil
}
