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

// How large a text may get that is laid out; views/json.go has the same.
const TIMES = 3;
const EXTRA = 512;
const DEPTHS = [32, 16, 8, 4, 2, 1];

// layOut returns what is drawn, tokens and blanks, with lines down to a depth;
// null when it takes more than most characters. What lies deeper is one piece.
function layOut(tokens, deepest, most) {
  const out = [];
  let [depth, size] = [0, 0];
  const put = (kind, text) => {
    size += text.length;
    const of = depth > deepest ? "deep" : kind;
    if (of === "deep" && out.at(-1)?.kind === of) out.at(-1).text += text;
    else out.push({ kind: of, text });
  };
  const line = (at) => depth <= deepest && put("blank", `\n${"  ".repeat(Math.max(0, at))}`);
  for (let i = 0; i < tokens.length && size <= most; i++) {
    const { kind, text } = tokens[i];
    const next = tokens[i + 1]?.text;
    const opens = text === "{" || text === "[";
    const closes = text === "}" || text === "]";
    if (opens) depth += 1;
    if (closes && !"{[".includes(tokens[i - 1]?.text ?? "{")) line(depth - 1);
    put(kind === "string" && next === ":" ? "key" : kind, text);
    if (text === ":") put("blank", " ");
    if (closes) depth = Math.max(0, depth - 1);
    if (text === "," || (opens && next !== "}" && next !== "]" && next !== undefined)) line(depth);
  }
  return size <= most ? out : null;
}

// pieces are those of the deepest layout that is not too large: each level
// costs two blanks in every line below it.
function pieces(tokens) {
  const most = TIMES * tokens.reduce((n, t) => n + t.text.length, 0) + EXTRA;
  for (const depth of DEPTHS) {
    const out = layOut(tokens, depth, most);
    if (out) return out;
  }
  return tokens;
}

// What is told apart: all, or only some of it in a text of many small parts, so
// that the markup stays a few times what came in.
const COLOURS = [["key", "number", "word", "mark"], ["key", "number", "word"], ["key"], []];
const mostSpans = (size) => 128 + size / 16;

// runs joins pieces that look the same: kinds are those with a colour, and
// blanks have the one of what stands before them.
function runs(list, kinds) {
  const out = [];
  for (const { kind, text } of list) {
    const last = out.at(-1);
    const of = kinds.includes(kind) ? kind : "";
    if (last && (kind === "blank" || last.kind === of)) last.text += text;
    else out.push({ kind: of, text });
  }
  return out;
}

function coloured(list) {
  const most = mostSpans(list.reduce((n, { text }) => n + text.length, 0));
  for (const kinds of COLOURS) {
    const out = runs(list, kinds);
    if (kinds.length === 0 || out.filter((r) => r.kind).length <= most) return out;
  }
}

/** Draws a text into pre: JSON indented and coloured, anything else as it came. */
export function paint(pre, text, cut) {
  const tokens = tokensOf(text, cut);
  if (!tokens) {
    pre.textContent = text;
    return;
  }
  const out = document.createDocumentFragment();
  for (const { kind, text } of coloured(pieces(tokens))) {
    if (!kind) {
      out.append(text);
      continue;
    }
    const span = document.createElement("span");
    span.className = `j-${kind}`;
    span.textContent = text;
    out.append(span);
  }
  pre.replaceChildren(out);
}
