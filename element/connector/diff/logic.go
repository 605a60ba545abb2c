package diff

import (
	"reflect"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// piece is an item of the logic as Compare sees it.
type piece struct {
	kind   string
	id     int
	name   string
	notRun string // why it does not run here, a sentence without its subject; "" when it runs
	body   any    // all of it but its place in the file
}

// logic compares what runs.
func (c *comparison) logic() {
	was, becomes := piecesOf(c.from), piecesOf(c.to)
	before, after := byKey(was), byKey(becomes)
	for _, p := range was {
		if after[connector.Item{Kind: p.kind, ID: p.id}] == nil {
			c.removed(p.subject(), notRunWords(" It did not run: it ", p.notRun))
		}
	}
	for _, q := range becomes {
		p := before[connector.Item{Kind: q.kind, ID: q.id}]
		s := q.subject()
		switch {
		case p == nil:
			c.add(s, element.ChangeAdded, "", "", "", s.words()+" is new."+notRunWords(" It does not run here: it ", q.notRun))
		case p.notRun != "" && q.notRun == "":
			c.add(s, element.ChangeRuns, "", "", "", s.words()+" did not run here and does now.")
		case p.notRun == "" && q.notRun != "":
			c.add(s, element.ChangeStops, "", "", "", s.words()+" ran and does not run any more: it "+q.notRun)
		case p.name != q.name:
			c.add(s, element.ChangeAltered, "name", p.name, q.name, s.words()+": name was "+orNone(connector.Shorten(p.name))+" and becomes "+orNone(connector.Shorten(q.name))+".")
			fallthrough
		default:
			if !reflect.DeepEqual(p.body, q.body) {
				c.add(s, element.ChangeAltered, "content", "", "", s.words()+" has changed.")
			}
		}
	}
}

func byKey(list []piece) map[connector.Item]*piece {
	at := make(map[connector.Item]*piece, len(list))
	for i := range list {
		at[connector.Item{Kind: list[i].kind, ID: list[i].id}] = &list[i]
	}
	return at
}

func notRunWords(before, why string) string {
	if why == "" {
		return ""
	}
	return before + why
}

func (p piece) subject() subject {
	return subject{area: element.AreaLogic, item: p.kind, id: p.id, name: p.name}
}

// piecesOf lists the items of the logic: those that are in the Definition, and
// those that were disabled while it was read.
func piecesOf(d *connector.Definition) []piece {
	var list []piece
	add := func(kind string, id int, name, notRun string, body any) {
		list = append(list, piece{kind, id, name, notRun, body})
	}
	for _, x := range d.Sessions {
		add("session", x.ID, x.Name, "", bare(x))
	}
	for _, x := range d.Commands {
		add("command", x.ID, x.Name, "", bare(x))
	}
	for _, x := range d.Responses {
		add("response", x.ID, x.Name, "", bare(x))
	}
	for _, x := range d.Pairs {
		add("pair", x.ID, x.Name, "", bare(x))
	}
	for _, x := range d.Groups {
		add("group", x.ID, x.Name, "", bare(x))
	}
	for _, x := range d.Timers {
		add("timer", x.ID, x.Name, "", bare(x))
	}
	for _, x := range d.Triggers {
		add("trigger", x.ID, x.Name, "", bare(x))
	}
	for _, x := range d.Actions {
		notRun := ""
		if !x.RunsHere() {
			notRun = "is " + x.Type + " on " + x.On + ", which this program does not run."
		}
		add("action", x.ID, x.Name, notRun, bare(x))
	}
	for _, x := range d.QActions {
		notRun := ""
		if !x.RunsHere() {
			notRun = "is written in " + orNone(connector.Shorten(x.Encoding)) + ", which this program does not run."
		}
		x.CodeLine, x.Code = 0, strings.TrimSpace(x.Code)
		add("QAction", x.ID, x.Name, notRun, bare(x))
	}
	for _, k := range d.Disabled {
		if k.Kind != "parameter" {
			add(k.Kind, k.ID, "", "is disabled by a finding.", nil)
		}
	}
	return list
}

// bare is a copy of an item without its name and its places in the file.
func bare(item any) any {
	v := reflect.New(reflect.TypeOf(item)).Elem()
	v.Set(reflect.ValueOf(item))
	if name := v.FieldByName("Name"); name.IsValid() {
		name.SetZero()
	}
	unplace(v)
	return v.Interface()
}

// unplace clears every Pos inside of a struct, copying the slices that it
// changes.
func unplace(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() || v.Type().Elem().Kind() != reflect.Struct {
			return
		}
		list := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(list, v)
		for i := range list.Len() {
			unplace(list.Index(i))
		}
		v.Set(list)
	case reflect.Struct:
		for _, field := range v.Fields() {
			if !field.CanSet() {
				continue
			}
			if field.Type() == reflect.TypeFor[connector.Pos]() {
				field.SetZero()
				continue
			}
			unplace(field)
		}
	}
}
