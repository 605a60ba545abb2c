package views

import (
	"slices"
	"strconv"

	"fieldline/element"
	"fieldline/views/present"
)

// row is one line of a connector's page, worked out for drawing.
type row struct {
	layout  Layout
	id      element.ID // of the element
	slug    string     // of the page, to return to
	seq     uint64     // place in the stream that the row was drawn at
	param   element.Parameter
	shown   present.Cell // what it holds
	column  int          // of the page
	hasRead bool
	read    element.ParamInfo
	write   element.ParamInfo
	canSet  bool
	locked  bool // a cell that cannot be set while its row is as it is
	table   bool
	receipt *element.Write
	form    SetForm
	typed   *string // what stands in the field, of a form that is not the row's own
	pending bool    // the value waits for the next connect
	stopped bool
	pages   []element.Page
	of      element.Lookup // the other parameters; in a table its columns are those of the same row
	frozen  bool           // the device does not respond: what is set cannot reach it

	content  *element.Table // of a table that is on the page
	infos    map[element.ParamID]element.ParamInfo
	receipts []element.Write
	forms    map[element.Target]SetForm // of its cells
	cellAt   *cellPlace                 // of a cell of a table; nil for rows of the page
}

// rowsOf returns the rows of a page in its order.
func rowsOf(l Layout, v element.View, slug string, forms map[element.Target]SetForm) []row {
	var rows []row
	for _, pr := range pageOf(v, slug).Rows {
		r := newRow(l, v, slug, pr)
		if f, ok := forms[element.Target{Parameter: pr.Write}]; ok && pr.Write != 0 {
			r.form = f
		} else if f, ok := forms[element.Target{Parameter: pr.Read}]; ok && pr.Read != 0 {
			r.form = f
		}
		rows = append(rows, r)
	}
	return rows
}

// rowFor returns the row in which a parameter stands on a page, or one of its
// own when the page has none.
func rowFor(f Fragment) row {
	place := element.PageRow{Read: f.Target.Parameter}
	info := f.View.Infos[f.Target.Parameter]
	if info.Type == "write" {
		place = element.PageRow{Read: info.ReadID, Write: f.Target.Parameter}
	} else if info.WriteID != 0 {
		place.Write = info.WriteID
	}
	for _, pr := range pageOf(f.View, f.Slug).Rows {
		if f.Target.Parameter != 0 && (pr.Read == f.Target.Parameter || pr.Write == f.Target.Parameter) {
			place = pr
			break
		}
	}
	r := newRow(f.Layout, f.View, f.Slug, place)
	r.form = f.Form
	return r
}

func newRow(l Layout, v element.View, slug string, pr element.PageRow) row {
	r := row{
		of: v.Of, frozen: present.Frozen(v.Element),
		layout: l, id: v.Element.ID, slug: slug, seq: v.Cursor.Seq, column: pr.Column,
		hasRead: pr.Read != 0, read: v.Infos[pr.Read],
		canSet: pr.Write != 0, write: v.Infos[pr.Write],
		table: v.Tables[pr.Read], stopped: v.Element.State == element.Stopped, pages: v.Pages,
	}
	switch {
	case pr.Measurement == element.MeasureNone:
	case r.hasRead:
		r.read.Measurement = pr.Measurement
	default:
		r.write.Measurement = pr.Measurement
	}
	if !r.hasRead {
		r.read = r.write
	}
	r.param = v.Of(pr.Read)
	for i, w := range v.Receipts {
		if w.Parameter != 0 && w.Row == "" && (w.Parameter == pr.Read || w.Parameter == pr.Write) {
			r.receipt = &v.Receipts[i]
		}
	}
	feeds := r.feeds()
	r.frozen = r.frozen && !feeds.Any()
	for _, c := range v.Element.Connections {
		if c.Status == element.ConnOpen && slices.Contains(feeds.Connections, c.ID) && r.nextConnect() &&
			!r.param.ChangedAt.IsZero() && r.param.ChangedAt.After(c.Since.Time) {
			r.pending = true
		}
	}
	return r.holding(r.param)
}

// twins are the parameter that is shown and the one that writes it.
func (r row) twins() present.Twins { return present.Twins{Read: r.read, Write: r.write} }

// holding is the row with another value.
func (r row) holding(p element.Parameter) row {
	r.param, r.shown = p, present.Cell{Reading: present.ReadingOf(r.twins(), p)}
	return r
}

// pageOf finds the page with a slug, the first page for "".
func pageOf(v element.View, slug string) element.Page {
	if slug == "" {
		slug = v.FirstPage()
	}
	for _, p := range v.Pages {
		if p.Slug == slug && !p.Separator {
			return p
		}
	}
	return element.Page{}
}

// key is the row's part of ids on the page: that of the read parameter, or of
// the write parameter that stands alone.
func (r row) key() string {
	if r.cellAt != nil {
		return r.cellAt.id(r.read.ID)
	}
	return strconv.Itoa(int(r.read.ID))
}

func (r row) label() string {
	if r.cellAt != nil {
		return r.name() + " of " + r.cellAt.name
	}
	return r.name()
}

func (r row) name() string {
	for _, s := range []string{r.read.Description, r.write.Description, r.read.Name} {
		if s != "" {
			return s
		}
	}
	return "Parameter " + strconv.Itoa(int(r.read.ID))
}

// target is a parameter in the place of the row: the cell of a column, in a
// table.
func (r row) target(id element.ParamID) element.Target {
	if c := r.cellAt; c != nil {
		return element.Target{Parameter: id, Table: c.table, Key: c.key}
	}
	return element.Target{Parameter: id}
}

// postTo is where the editor posts to.
func (r row) postTo() string { return r.layout.URLs.Set(r.id, r.target(r.write.ID)) }

// measure is how the editor looks.
func (r row) measure() element.Measurement { return r.write.Measurement }

func (r row) feeds() element.Feeds {
	if r.read.Feeds.Any() {
		return r.read.Feeds
	}
	return r.write.Feeds
}

// nextConnect reports whether a change waits for the next opening handshake.
func (r row) nextConnect() bool {
	f := r.feeds()
	return !f.Address && (f.Path || f.Header || f.Login)
}

// instant reports whether the editor is a set of buttons that apply at once.
func (r row) instant() bool {
	switch r.measure() {
	case element.MeasureButton:
		return true
	case element.MeasureToggleButton:
		return len(r.write.Discreets) > 0 && len(r.write.Discreets) <= maxSegments
	default:
		return false
	}
}

// maxSegments is how many entries of a toggle stand side by side; more are a
// list.
const maxSegments = 4

// meter returns the numbers of the thin bar beside a value in a range.
func (r row) meter() (low, high, value string, ok bool) {
	f, isNumber := r.param.Value.Float()
	i := r.read
	if i.Measurement == element.MeasureProgress && i.Low == nil && i.High == nil {
		i.Low, i.High = new(0.0), new(100.0)
	}
	if i.Low == nil || i.High == nil || *i.Low >= *i.High || !i.IsNumber ||
		i.Measurement != element.MeasureAnalog && i.Measurement != element.MeasureProgress {
		return "", "", "", false
	}
	if !isNumber {
		f = *i.Low // drawn empty until there is one
	}
	return element.FormatNumber(*i.Low), element.FormatNumber(*i.High), element.FormatNumber(f), true
}

// cut reports whether the row, its editor included, has the beginning of its
// value and no more; the script brings the whole when the editor is opened.
func (r row) cut() bool {
	return r.readable() && r.canSet && !r.form.open() && r.shown.Cut != ""
}

// readable reports whether the row's value may be a text to be read.
func (r row) readable() bool {
	return r.hasRead && r.cellAt == nil && !r.instant() && !r.read.IsNumber && !r.read.Password && len(r.chooses().Discreets) == 0
}
