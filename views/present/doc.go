// Package present says what pages show: a pure function for each thing returns
// its words, its shape and its flags. Package views draws them as HTML and the
// browser's socket carries them as JSON, so that a page that was loaded a moment
// ago and one that follows the news read the same. The scripts of package
// static put them in place; of their own they compute ages and what is under
// the pointer.
//
// Texts for people are marked (Visible) where they could be read as others;
// what forms post and scripts compare stays as it is.
//
// All functions may be called from any goroutine; what they are given is read
// only.
package present
