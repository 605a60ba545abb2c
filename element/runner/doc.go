// Package runner is the only home of an element's goroutines: Runner owns one
// element, Fleet owns all of them and is the element.Service of the program.
package runner
