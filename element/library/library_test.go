package library

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"

	"github.com/google/go-cmp/cmp"
)

// disk is a Storage in memory.
type disk struct {
	mu     sync.Mutex
	stored []element.StoredConnector
	err    error
}

func (d *disk) Connectors(context.Context) ([]element.StoredConnector, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stored, d.err
}

func (d *disk) SaveConnector(_ context.Context, c element.StoredConnector) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.stored = append(d.stored, c)
	}
	return d.err
}

// file is a connector for simple: "name version" and its findings.
func file(name, version string, findings ...element.Severity) []byte {
	return fmt.Append(nil, name, " ", version, " ", findings)
}

// simple reads the files of the tests; "broken" is refused as Parse refuses.
func simple(xml []byte) (*connector.Definition, error) {
	fields := strings.Fields(strings.NewReplacer("[", "", "]", "").Replace(string(xml)))
	if len(fields) < 2 || fields[0] == "broken" {
		return nil, &element.Error{
			Code: element.Invalid, Msg: "The file is refused.",
			Findings: []element.Finding{{ID: "WS-01", Severity: element.Critical, Line: 3, Column: 1, Message: "m"}},
		}
	}
	d := &connector.Definition{Name: fields[0], Version: fields[1]}
	for i, f := range fields[2:] {
		d.Findings = append(d.Findings, element.Finding{Severity: element.Severity(f), Line: i + 1, Column: 1})
	}
	return d, nil
}

func open(t *testing.T, d *disk, shipped ...[]byte) *Library {
	t.Helper()
	var list []Shipped
	for i, xml := range shipped {
		list = append(list, Shipped{Name: fmt.Sprint(i, ".xml"), XML: xml})
	}
	l, err := newLibrary(t.Context(), d, list, simple)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func stored(name, version string, xml []byte) element.StoredConnector {
	return element.StoredConnector{Name: name, Version: version, XML: xml}
}

func TestConnectorsAreListedByNameNewestFirst(t *testing.T) {
	l := open(t, &disk{stored: []element.StoredConnector{
		stored("A", "1.0.0.10", file("A", "1.0.0.10", element.Major, element.Info, element.Info)),
		stored("B", "1.0.0.1", []byte("broken")),
	}}, file("A", "1.0.0.9"), file("a", "beta"))
	want := []element.ConnectorSummary{
		{Name: "A", Version: "1.0.0.10", Source: "uploaded", Findings: map[element.Severity]int{"critical": 0, "major": 1, "info": 2}},
		{Name: "A", Version: "1.0.0.9", Source: "shipped", Findings: map[element.Severity]int{"critical": 0, "major": 0}},
		{Name: "B", Version: "1.0.0.1", Source: "uploaded", Findings: map[element.Severity]int{"critical": 1, "major": 0}},
		{Name: "a", Version: "beta", Source: "shipped", Findings: map[element.Severity]int{"critical": 0, "major": 0}},
	}
	if diff := cmp.Diff(want, l.Connectors()); diff != "" {
		t.Error(diff)
	}
}

func TestDefinition(t *testing.T) {
	l := open(t, &disk{stored: []element.StoredConnector{stored("broken", "1", []byte("broken 1"))}},
		file("A", "1.0.0.9"), file("A", "1.0.0.10"), file("B", "x"))
	for _, tc := range []struct {
		name, version string
		want          string // version
		code          element.Code
		says          string
	}{
		{"A", "1.0.0.9", "1.0.0.9", "", ""},
		{"A", "", "1.0.0.10", "", ""},
		{"B", "", "x", "", ""},
		{"a", "", "", element.NotFound, `no connector "a"`},
		{"A", "2", "", element.NotFound, `no version "2"; the newest is "1.0.0.10"`},
		{"broken", "", "", element.Conflict, `"broken" version "1"`},
	} {
		d, err := l.Definition(tc.name, tc.version)
		if element.CodeOf(err) != tc.code || err != nil && !strings.Contains(element.MessageOf(err), tc.says) {
			t.Errorf("%s %s: %v", tc.name, tc.version, err)
		}
		if err == nil && d.Version != tc.want {
			t.Errorf("%s %q is version %s, want %s", tc.name, tc.version, d.Version, tc.want)
		}
	}
	_, err := l.Definition("broken", "1")
	if e, ok := errors.AsType[*element.Error](err); !ok || len(e.Findings) != 1 {
		t.Errorf("the findings are not told: %v", err)
	}
	detail, err := l.Detail("broken", "1")
	if err != nil || len(detail.Findings) != 1 || string(detail.XML) != "broken 1" || detail.Parameters == nil || detail.Connections == nil {
		t.Errorf("detail = %+v, %v", detail, err)
	}
}

func TestStoredFileWinsOverShippedOne(t *testing.T) {
	l := open(t, &disk{stored: []element.StoredConnector{stored("A", "1", file("A", "1", element.Minor))}}, file("A", "1"))
	detail, err := l.Detail("A", "1")
	if err != nil || detail.Source != SourceUploaded || len(detail.Findings) != 1 {
		t.Errorf("detail = %+v, %v", detail, err)
	}
}

func TestUpload(t *testing.T) {
	d := &disk{}
	l := open(t, d, file("S", "1"))
	full := &element.Error{Code: element.Unavailable, Msg: "The disk is full."}
	for _, tc := range []struct {
		name    string
		xml     []byte
		disk    error
		created bool
		code    element.Code
		says    string
	}{
		{"a new one", file("A", "1", element.Minor), nil, true, "", ""},
		{"the same file", file("A", "1", element.Minor), nil, false, "", ""},
		{"the same shipped file", file("S", "1"), nil, false, "", ""},
		{"another file", file("A", "1"), nil, false, element.Conflict, "Raise Version"},
		{"another file than shipped", file("S", "1", element.Minor), nil, false, element.Conflict, "Raise Version"},
		{"another version", file("A", "2"), nil, true, "", ""},
		{"refused", []byte("broken"), nil, false, element.Invalid, "refused"},
		{"too large", bytes.Repeat([]byte("x"), connector.MaxSize+1), nil, false, element.TooLarge, "16777217 bytes"},
		{"no room", file("A", "3"), full, false, element.Unavailable, "disk is full"},
		{"room again", file("A", "3"), nil, true, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d.err = tc.disk
			sent := bytes.Clone(tc.xml)
			detail, created, err := l.Upload(t.Context(), sent)
			clear(sent)
			if element.CodeOf(err) != tc.code || err != nil && !strings.Contains(element.MessageOf(err), tc.says) {
				t.Fatalf("error = %v", err)
			}
			if created != tc.created || err == nil && !bytes.Equal(detail.XML, tc.xml) {
				t.Errorf("created = %t, detail = %+v", created, detail)
			}
		})
	}
	// A restart finds what was stored.
	again := open(t, d, file("S", "1"))
	if diff := cmp.Diff(l.Connectors(), again.Connectors()); diff != "" {
		t.Error(diff)
	}
	if len(again.Connectors()) != 4 {
		t.Errorf("connectors = %v", again.Connectors())
	}
}

func TestUploadThatIsGivenUp(t *testing.T) {
	l := open(t, &disk{})
	l.upload <- struct{}{} // somebody else uploads
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := l.Upload(ctx, file("A", "1")); element.CodeOf(err) != element.Unavailable {
		t.Errorf("error = %v", err)
	}
	<-l.upload
}

func TestEachStoredConnectorIsParsedOnceWhenAskedFor(t *testing.T) {
	var parsed atomic.Int32
	d := &disk{stored: []element.StoredConnector{stored("A", "1", file("A", "1")), stored("B", "1", file("B", "1"))}}
	l, err := newLibrary(t.Context(), d, nil, func(xml []byte) (*connector.Definition, error) {
		parsed.Add(1)
		return simple(xml)
	})
	if err != nil || parsed.Load() != 0 {
		t.Fatalf("New parsed %d, %v", parsed.Load(), err)
	}
	var wg sync.WaitGroup
	definitions := make([]*connector.Definition, 8)
	for i := range definitions {
		wg.Go(func() { definitions[i], _ = l.Definition("A", "1") })
	}
	wg.Wait()
	for _, got := range definitions {
		if got == nil || got != definitions[0] {
			t.Errorf("definition = %p, want the one of all", got)
		}
	}
	if parsed.Load() != 1 {
		t.Errorf("parsed %d times", parsed.Load())
	}
}

func TestConcurrentUploadsOfOneFile(t *testing.T) {
	d := &disk{}
	l := open(t, d)
	var created atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, isNew, err := l.Upload(t.Context(), file("A", "1"))
			if err != nil {
				t.Error(err)
			}
			if isNew {
				created.Add(1)
			}
			l.Connectors()
		})
	}
	wg.Wait()
	if created.Load() != 1 || len(d.stored) != 1 {
		t.Errorf("created %d times, stored %d", created.Load(), len(d.stored))
	}
}

func TestNewFails(t *testing.T) {
	if _, err := newLibrary(t.Context(), &disk{}, []Shipped{{Name: "bad.xml", XML: []byte("broken")}}, simple); err == nil || !strings.Contains(err.Error(), "bad.xml") {
		t.Errorf("error = %v", err)
	}
	full := &element.Error{Code: element.Unavailable, Msg: "m"}
	if _, err := newLibrary(t.Context(), &disk{err: full}, nil, simple); !errors.Is(err, full) {
		t.Errorf("error = %v", err)
	}
}

func TestCompareVersions(t *testing.T) {
	ordered := []string{"", "1.", "a", "b", "v1", "0", "0.0", "0.9", "1", "1.0", "1.0.0.01", "1.0.0.1", "1.0.0.9", "1.0.0.10", "1.1", "18446744073709551616", "18446744073709551617"}
	for i, a := range ordered {
		for j, b := range ordered {
			got := compareVersions(a, b)
			switch {
			case i == j && got != 0, i < j && got >= 0, i > j && got <= 0:
				t.Errorf("%q to %q: %d", a, b, got)
			}
		}
	}
}

func TestChecksAddFindings(t *testing.T) {
	check := func(d *connector.Definition) []element.Finding {
		return []element.Finding{{ID: "3.4.1", Severity: element.Major, Line: 1, Column: 1, Message: d.Name}}
	}
	d, err := Parse([]byte(small), check)
	if err != nil || !slices.ContainsFunc(d.Findings, func(f element.Finding) bool { return f.ID == "3.4.1" }) {
		t.Fatalf("findings = %v, %v", d, err)
	}
	if !slices.IsSortedFunc(d.Findings, func(a, b element.Finding) int { return a.Line - b.Line }) {
		t.Errorf("findings are not by line: %v", d.Findings)
	}
	if _, err := Parse([]byte("broken"), check); element.CodeOf(err) != element.Invalid {
		t.Errorf("error = %v", err)
	}
	l, err := New(t.Context(), &disk{}, []Shipped{{Name: "small.xml", XML: []byte(small)}}, check)
	if err != nil {
		t.Fatal(err)
	}
	if all := l.Connectors(); len(all) != 1 || all[0].Findings[element.Major] == 0 {
		t.Errorf("connectors = %v", all)
	}
}
