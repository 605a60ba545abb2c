package views

// cut reports whether the row, its editor included, has the beginning of its
// value and no more; the script brings the whole when the editor is opened.
func (r row) cut() bool {
	return r.readable() && r.canSet && !r.form.open() && r.shown.Cut != ""
}

// readable reports whether the row's value may be a text to be read.
func (r row) readable() bool {
	return r.hasRead && r.cellAt == nil && !r.instant() && !r.read.IsNumber && !r.read.Password && len(r.chooses().Discreets) == 0
}
