// What cannot be seen in a text from outside, as marks. The rules are those of
// views/marks.go; they are to be changed in both.

// Format characters that have a shape.
const SHAPED = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;
const SHAPELESS = /[\p{Cc}\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\uffa0\u{e0100}-\u{e01ef}]/u;
const SUSPECT = /[\p{Cc}\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\uffa0\u{e0100}-\u{e01ef}\ufe00-\ufe0f]/gu;
const GRAPHIC = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;

const shapeless = (c) => SHAPELESS.test(c) && !SHAPED.test(c);
const joins = (c) => c !== "" && c >= "\u0080" && c !== "\ufffd" && GRAPHIC.test(c) && !shapeless(c);

const before = (text, at) => {
  const low = text.charCodeAt(at - 1);
  return text.slice(at - (low >= 0xdc00 && low <= 0xdfff ? 2 : 1), at);
};
const after = (text, at) => (at < text.length ? String.fromCodePoint(text.codePointAt(at)) : "");

function invisible(c, text, at) {
  if (c === "\n" || c === "\t") return false;
  if (c === "\r") return text[at + 1] !== "\n";
  if (c === "\u200c" || c === "\u200d") return at === 0 || !joins(before(text, at)) || !joins(after(text, at + 1));
  if (c >= "\ufe00" && c <= "\ufe0f") {
    const b = at === 0 ? "" : before(text, at);
    return !GRAPHIC.test(b) || b === "\ufffd" || /\p{Variation_Selector}/u.test(b);
  }
  return !SHAPED.test(c);
}

function markOf(c) {
  const n = c.codePointAt(0);
  if (n < 32) return String.fromCharCode(0x2400 + n);
  return n === 127 ? "\u2421" : `[U+${n.toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** Shows control characters and others without a shape as marks. */
export const visible = (text) => text.replace(SUSPECT, (c, at) => (invisible(c, text, at) ? markOf(c) : c));
