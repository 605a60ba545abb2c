// Numbers of things, in the words that the server wrote beside them.

/** Writes the number of things that a node tells of. */
export function counted(node, n) {
  const { none, one, many } = node.dataset;
  const text = n === 0 ? none : n === 1 ? one : many.replaceAll("#", n);
  if (node.textContent !== text) node.textContent = text;
}
