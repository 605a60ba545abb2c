// Package diff says what two versions of a connector differ in, and what
// becomes of the values that elements saved with the older one. It compares
// Definitions and changes neither; places in the file, comments and the order
// of items are no difference.
package diff
