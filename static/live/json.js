// Shows JSON over several lines with its parts told apart. Every token stays as
// it came: numbers are not read, so none loses a digit.

const TOKEN = /("(?:[^"\\]|\\[^]?)*("|$))|(-?\d[\d.eE+-]*)|(true|false|null)|([{}[\],:])|(\s+)|([^])/gy;
const MAX = 1 << 16; // characters that are painted; more are shown as they came

// tokensOf returns the tokens of a JSON text, null when it is none. A text that
// was cut may end anywhere.
function tokensOf(text, cut) {
  if (text.length > MAX || !/^\s*[[{]/.test(text)) return null;
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (let m = TOKEN.exec(text); m; m = TOKEN.exec(text)) {
    const [all, string, end, number, word, mark, space] = m;
    if (space) continue;
    if (string && end === "" && !cut) return null;
    const kind = (string && "string") || (number && "number") || (word && "word") || (mark && "mark");
    if (!kind) {
      const rest = text.slice(m.index);
      if (!cut || rest.length >= 5) return null;
      tokens.push({ kind: "word", text: rest }); // the beginning of true, false or null
      break;
    }
    tokens.push({ kind, text: all });
  }
  if (!cut) {
    try {
      JSON.parse(text);
    } catch {
      return null;
    }
  }
  return tokens;
}

/** Draws a text into pre: JSON indented and coloured, anything else as it came. */
export function paint(pre, text, cut) {
  const tokens = tokensOf(text, cut);
  if (!tokens) {
    pre.textContent = text;
    return;
  }
  const out = document.createDocumentFragment();
  let depth = 0;
  const line = () => out.append(`\n${"  ".repeat(depth)}`);
  tokens.forEach((t, i) => {
    const next = tokens[i + 1]?.text;
    if (t.text === "}" || t.text === "]") {
      depth = Math.max(0, depth - 1);
      if (!"{[".includes(tokens[i - 1]?.text ?? "{")) line();
    }
    const span = document.createElement("span");
    span.className = `j-${t.kind === "string" && next === ":" ? "key" : t.kind}`;
    span.textContent = t.text;
    out.append(span);
    if (t.text === ":") out.append(" ");
    if (t.text === ",") line();
    if (t.text === "{" || t.text === "[") {
      depth += 1;
      if (next !== "}" && next !== "]" && next !== undefined) line();
    }
  });
  pre.replaceChildren(out);
}
