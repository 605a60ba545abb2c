// Package lint judges a connector that was read: Check says, with line and
// column, what is wrong with it, what DataMiner recommends otherwise, and which
// parameters on pages nothing that runs here fills. What only a reader of the
// text can see, such as tags that nobody reads, package connector has said
// before.
//
// The rules are those of connector.Rules (docs/findings.md). Check looks at the
// Definition alone and changes nothing of it.
package lint
