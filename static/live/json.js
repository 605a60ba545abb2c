// Tells the parts of JSON apart by their colours; the server laid it out.

const TOKEN = /("(?:[^"\\]|\\[^]?)*("|$))|(-?\d[\d.eE+-]*)|(true|false|null)|([{}[\],:])|(\s+)|([^])/gy;
const MAX = 1 << 16; // characters that are painted; more are shown as they came

/** The tokens of a JSON text, null when it is none. A text that was cut may end anywhere. */
export function tokensOf(text, cut) {
  if (text.length > MAX || !/^\s*[[{]/.test(text) || !(cut || isJSON(text))) return null;
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (let m = TOKEN.exec(text); m; m = TOKEN.exec(text)) {
    const [all, string, end, number, word, mark, space] = m;
    if (string && end === "" && !cut) return null;
    const kind = (space && "blank") || (string && "string") || (number && "number") || (word && "word") || (mark && "mark");
    if (!kind) {
      const rest = text.slice(m.index);
      if (!cut || rest.length >= 5) return null;
      tokens.push({ kind: "word", text: rest }); // the beginning of true, false or null
      break;
    }
    if (all === ":" && tokens.at(-1)?.kind === "string") tokens.at(-1).kind = "key";
    tokens.push({ kind, text: all });
  }
  return tokens;
}

function isJSON(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
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

/** Joins tokens to the pieces that get a colour, or none: {kind, text}. */
export function coloured(list) {
  const most = mostSpans(list.reduce((n, { text }) => n + text.length, 0));
  for (const kinds of COLOURS) {
    const out = runs(list, kinds);
    if (kinds.length === 0 || out.filter((r) => r.kind).length <= most) return out;
  }
}

/** Draws a text into pre: JSON coloured, anything else as it came. */
export function paint(pre, text, cut) {
  const tokens = tokensOf(text, cut);
  if (!tokens) {
    pre.textContent = text;
    return;
  }
  const out = document.createDocumentFragment();
  for (const { kind, text } of coloured(tokens)) {
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
