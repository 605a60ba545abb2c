package element

// View is everything a page of one element shows, taken at one moment by the
// element's owner. Cursor is the place in its stream where the view was
// taken: news after it is not in the view, news before it is.
type View struct {
	Element          Element
	Config           Config
	Parameters       []Parameter // by id; all of the connector
	Infos            map[ParamID]ParamInfo
	Pages            []Page
	Default          string           // slug of the page to show first
	Receipts         []Write          // the last write of each parameter that still matters
	Tables           map[ParamID]bool // parameters that are tables
	Scripts          []Script         // QActions with what they cost; nil when the connector has none
	UnsupportedKinds []string         // of the connector's connections that do not run here: "SNMP", "serial"
	Cursor           Cursor
}
