// Package views draws the pages: page structs in, templ components out. It
// reads the vocabulary of package element and takes its addresses from URLs
// and its files from package static; it knows no HTTP and no storage.
//
// The pages carry no style attributes and no inline scripts, so they work under
// a content security policy of 'self' alone, and every one of them works without
// scripts. Regions that news is pushed into hold no form controls: the script
// of package static patches leaf cells (data-p, data-el, data-conn) and never
// what a person is editing.
//
// Components start no goroutine and may be rendered from any; what they are
// given is read only.
package views
