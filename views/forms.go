package views

// The forms of the pages: what they post, where, and the structs that draw
// them again with their errors. Every form is application/x-www-form-urlencoded
// but the upload, and works without scripts: the answer is a redirect (303) or
// the same page again (422).
//
//	element    POST <base>/elements              (new)
//	           POST <base>/elements/{id}/edit
//	           name connector version reconnect start, and for each connection
//	           c{ID}.host c{ID}.port c{ID}.busAddress c{ID}.timeoutMs
//	           c{ID}.retries c{ID}.skipVerify c{ID}.pingMs c{ID}.slowAfter
//	           c{ID}.slowAfterMs c{ID}.slowPingMs c{ID}.retryMs
//	           c{ID}.retryMaxMs c{ID}.stopCodes c{ID}.commandWaitMs
//	           c{ID}.keepCookies c{ID}.minTLS c{ID}.oldCiphers
//	           c{ID}.commonName c{ID}.proxy
//	           c{ID}.serverName c{ID}.fingerprint c{ID}.caFile c{ID}.certFile
//	           c{ID}.keyFile. Check boxes send "true".
//	           GET <base>/elements/new?connector=NAME&version=VERSION draws the
//	           form of that connector; without the query the choice of one.
//	delete     POST <base>/elements/{id}/delete  confirm=yes
//	set        POST <base>/elements/{id}/parameters/{pid}
//	           value, and perhaps ifValue, page (slug of the connector's page
//	           to return to), confirm (the token of SetForm.Token), embed
//	cell       POST <base>/elements/{id}/tables/{table}/{key}/{column}
//	           value, and perhaps page, confirm, embed; column is the write
//	           parameter
//	menu       POST <base>/elements/{id}/tables/{table}/menu
//	           entry, a row for each selected row (its key), and perhaps a value
//	           for each prompt with asked=1, page, confirm, embed
//	           GET of a cell's address draws its editor open: the page, or the
//	           Drawn cell alone for a script (HX-Request: true)
//	columns    GET  <base>/elements/{id}/p/{page}?show=1003&show=1004 draws
//	           columns that the connector hides at first
//	sort       GET  <base>/elements/{id}/p/{page}?sort=1003&dir=desc draws the
//	           rows sorted by a column; forms pass show, sort and dir on, and
//	           the redirect keeps them
//	order      POST <base>/elements/{id}/{order} order: start stop pause
//	           restart reconnect; perhaps connection, page, embed
//	preview    GET  <base>/elements/{id}/handshake/{n}?show=sent
//	try        POST <base>/elements/{id}/handshake/{n}, no fields; the answer is
//	           the page with the outcome
//	upload     POST <base>/connectors            multipart, file; or text, with
//	           ends=lf before it when its lines ended with LF
//	version    POST <base>/elements/{id}/versions/{version}
//	           perhaps stop=yes (it may be stopped for it), start=true, and
//	           c{ID}.host of connections that come
//	back       POST <base>/elements/{id}/back    version, and perhaps stop, start
//	forget     POST <base>/elements/{id}/versions/{version}/forget, no fields
//	delete     POST <base>/connectors/{name}/{version}/delete  confirm=yes
//
// embed is "1" when the page without the shell posted it: the redirect goes
// back to <base>/embed/elements/{id}[/{page}].
//
// Posted by htmx (header HX-Request: true) set is answered with the
// Drawn row alone, 200, 422 or 409 (a question, SetForm.Question, comes as
// 422 too); an order with 204, since the news of it comes over the socket; what
// cannot be drawn in place with a Notice and the headers HX-Retarget: #notice,
// HX-Reswap: innerHTML. Without htmx a refused value is the Element page with
// ElementPage.Forms, a question the Confirm page.

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"fieldline/element"
)

// The names of form fields.
const (
	FieldName      = "name"
	FieldConnector = "connector"
	FieldVersion   = "version"
	FieldReconnect = "reconnect"
	FieldStart     = "start"

	FieldHost       = "host"
	FieldPort       = "port"
	FieldBusAddress = "busAddress"
	FieldTimeoutMs  = "timeoutMs"
	FieldRetries    = "retries"
	FieldSkipVerify = "skipVerify"

	FieldPingMs      = "pingMs"
	FieldSlowAfter   = "slowAfter"
	FieldSlowAfterMs = "slowAfterMs"
	FieldSlowPingMs  = "slowPingMs"
	FieldRetryMs     = "retryMs"
	FieldRetryMaxMs  = "retryMaxMs"
	FieldStopCodes   = "stopCodes"
	FieldCommandWait = "commandWaitMs"
	FieldKeepCookies = "keepCookies"
	FieldMinTLS      = "minTLS"
	FieldOldCiphers  = "oldCiphers"
	FieldCommonName  = "commonName"
	FieldProxy       = "proxy"
	FieldServerName  = "serverName"
	FieldFingerprint = "fingerprint"
	FieldCAFile      = "caFile"
	FieldCertFile    = "certFile"
	FieldKeyFile     = "keyFile"

	FieldValue      = "value"
	FieldIfValue    = "ifValue"
	FieldPage       = "page"
	FieldConfirm    = "confirm"
	FieldEmbed      = "embed"
	FieldConnection = "connection"
	FieldFile       = "file"
	FieldShow       = "show"
	FieldSort       = "sort"
	FieldDir        = "dir"
	FieldEntry      = "entry"
	FieldRow        = "row"
	FieldAsked      = "asked"
)

// ShowSent is the FieldShow that shows what would be sent.
const ShowSent = "sent"

// ConnectionField names a field of a connection in the element form: "c1.host".
func ConnectionField(id int, field string) string {
	return "c" + strconv.Itoa(id) + "." + field
}

// FormField translates the field that an element.Error names into the name of
// the form's field: "connections[0].host" is "c1.host" when the first
// connection has the id 1. Other names are returned as they are.
func FormField(field string, connectionIDs []int) string {
	rest, ok := strings.CutPrefix(field, "connections[")
	if !ok {
		return field
	}
	index, name, ok := strings.Cut(rest, "].")
	i, err := strconv.Atoi(index)
	if !ok || err != nil || i < 0 || i >= len(connectionIDs) {
		return field
	}
	return ConnectionField(connectionIDs[i], name)
}

// ElementForm is the form of a new or a present element: the texts as typed
// and what is wrong with them.
type ElementForm struct {
	ID          element.ID // "" for a new element
	Name        string
	Connector   string // "" lets the person choose one first
	Version     string
	Reconnect   string // element.Automatic when empty
	Start       bool   // of a new element: start it at once
	Connections []ConnectionForm
	Errors      map[string]string // by field name; "" is the form as a whole
}

// ConnectionForm is the block of one connection.
type ConnectionForm struct {
	ID          int
	Name        string
	Type        string // "websocket" or "http"
	Host        string
	Port        string
	BusAddress  string
	TimeoutMs   string
	Retries     string
	SkipVerify  bool
	PingMs      string
	Slow        *SlowForm // of the main connection; nil elsewhere
	Retry       RetryForm
	CommandWait string
	KeepCookies bool
	Proxy       string // its password masked
	TLS         TLSForm
	Locked      []string // names of fields that the connector fixes
}

// SlowForm are the fields of slow poll.
type SlowForm struct{ After, AfterMs, PingMs string }

func slowForm(s element.SlowPoll) *SlowForm {
	return &SlowForm{strconv.Itoa(s.After), strconv.Itoa(s.AfterMs), strconv.Itoa(s.PingMs)}
}

// RetryForm are the fields that say when a connection is tried again.
type RetryForm struct{ First, Longest, StopCodes string }

func retryForm(c element.ConnectionConfig) RetryForm {
	var codes []string
	for _, code := range c.StopCodes {
		codes = append(codes, strconv.Itoa(code))
	}
	return RetryForm{wholeMs(c.RetryFirst()), wholeMs(c.RetryLongest()), strings.Join(codes, ", ")}
}

func wholeMs(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// TLSForm are the fields for wss, but SkipVerify.
type TLSForm struct {
	ServerName, Fingerprint   string
	MinTLS                    string
	OldCiphers, CommonName    bool
	CAFile, CertFile, KeyFile string
}

// IDs returns the ids of the form's connections, in order, for FormField.
func (f ElementForm) IDs() []int {
	ids := make([]int, len(f.Connections))
	for i, c := range f.Connections {
		ids[i] = c.ID
	}
	return ids
}

// NewElementForm returns the form of a new element of a connector, with the
// connector's defaults.
func NewElementForm(d element.ConnectorDetail) ElementForm {
	f := ElementForm{
		Name: d.Name, Connector: d.Name, Version: d.Version,
		Reconnect: string(element.Automatic), Start: true,
	}
	for _, o := range d.Connections {
		f.Connections = append(f.Connections, ConnectionForm{
			ID: o.ID, Name: o.Name, Type: o.Type, Host: o.Host, Port: portText(o.Port), BusAddress: o.BusAddress,
			TimeoutMs: strconv.Itoa(o.TimeoutMs), Retries: strconv.Itoa(o.Retries), Locked: o.Locked,
			PingMs: strconv.Itoa(element.DefaultPingMs), Retry: retryForm(element.ConnectionConfig{}), TLS: TLSForm{MinTLS: element.DefaultMinTLS},
			CommandWait: strconv.Itoa(element.DefaultCommandWaitMs),
		})
	}
	if len(f.Connections) > 0 {
		f.Connections[0].Slow = slowForm(d.Connections[0].SlowPoll())
	}
	return f
}

// EditElementForm returns the form of an element as it is; options are the
// connector's connections, for their names and what is locked.
func EditElementForm(id element.ID, c element.Config, options []element.ConnectionOption) ElementForm {
	f := ElementForm{ID: id, Name: c.Name, Connector: c.Connector, Version: c.Version, Reconnect: string(c.Reconnect)}
	for _, cc := range c.Connections {
		cf := ConnectionForm{
			ID: cc.ID, Host: cc.Host, Port: portText(cc.Port), BusAddress: cc.BusAddress,
			TimeoutMs: strconv.Itoa(cc.TimeoutMs), Retries: strconv.Itoa(cc.Retries), SkipVerify: cc.SkipVerify,
			PingMs: wholeMs(cc.PingEvery()), Proxy: element.MaskProxy(cc.Proxy),
			Retry: retryForm(cc), CommandWait: wholeMs(cc.CommandWait()), KeepCookies: cc.KeepCookies,
			TLS: TLSForm{
				ServerName: cc.ServerName, Fingerprint: cc.Fingerprint,
				MinTLS: cmp.Or(cc.MinVersion, element.DefaultMinTLS), OldCiphers: cc.OldCiphers, CommonName: cc.CommonName,
				CAFile: cc.CAFile, CertFile: cc.CertFile, KeyFile: cc.KeyFile,
			},
		}
		var own element.ConnectionOption
		for _, o := range options {
			if o.ID == cc.ID {
				cf.Name, cf.Type, cf.Locked, own = o.Name, o.Type, o.Locked, o
			}
		}
		if len(f.Connections) == 0 {
			cf.Slow = slowForm(cc.SlowPoll(own.SlowPoll()))
		}
		f.Connections = append(f.Connections, cf)
	}
	return f
}

func portText(port int) string {
	if port == 0 {
		return ""
	}
	return strconv.Itoa(port)
}

// SetForm is the editor of one parameter after a post that was not carried
// out: what was typed and why not. The zero SetForm is the editor at rest.
type SetForm struct {
	Value    string // as typed
	Error    string // sentence; the editor is drawn open with it
	Conflict bool   // the value changed meanwhile: the present one is offered
	Question string // the connector's Message: asked before the value is set
	Token    string // posted as confirm when the person says yes
	Editing  bool   // of a cell: nothing was posted yet, the editor was asked for
}

// drawn reports whether the editor of a cell is on the page at all.
func (f SetForm) drawn() bool { return f.open() || f.Editing }

// open reports whether the editor must be drawn open.
func (f SetForm) open() bool { return f.Error != "" || f.Question != "" }
