// Forms: Enter applies, Esc reverts, leaving a field sends nothing. htmx posts
// them and puts the answered row in place.

import { bringWhole, redraw, revert, takeOffered } from "./rows.js";

const reason = "The server cannot be reached: nothing can be sent until it is back.";
let writable = true;
let frozen = false; // the device does not respond

// frozenWords say why nothing can be set; the server wrote them onto the page.
const frozenWords = () => document.querySelector("[data-frozen-words]")?.dataset.frozenWords ?? "";

/** Lets changes be sent, or says why not. */
export function setWritable(yes) {
  writable = yes;
  apply(document);
}

/** Switches off what cannot reach a device that does not respond; what mends its connection stays. */
export function setFrozen(yes) {
  if (frozen === yes) return;
  frozen = yes;
  apply(document);
}

function apply(root) {
  for (const b of root.querySelectorAll('form[data-write] button[type="submit"]')) {
    const ours = b.dataset.off || b.hasAttribute("data-frozen"); // what an entry's own condition switched off stays so
    const stuck = frozen && b.matches("form[data-set]:not([data-mends]) [data-apply]");
    if (!writable || stuck) {
      if (!ours && b.disabled) continue;
      b.dataset.off = "1";
      b.disabled = true;
      b.title = writable ? frozenWords() : reason;
    } else if (ours) {
      delete b.dataset.off;
      b.disabled = false;
      b.title = "";
    }
    b.removeAttribute("data-frozen");
  }
}

/** Readies what was put onto the page from the server. */
export function ready(node) {
  window.htmx?.process(node);
  apply(node);
}

/** Shows a sentence at the top of the page, as text. */
export function notice(text) {
  const p = document.createElement("p");
  p.className = "notice";
  p.setAttribute("role", "alert");
  p.textContent = text;
  document.getElementById("notice").replaceChildren(p);
}

function onClick(e) {
  const row = e.target.closest("[data-row]");
  const details = e.target.closest(".row-edit > summary")?.parentElement;
  if (details && !details.open) {
    e.preventDefault();
    openEditor(details);
  } else if (e.target.closest("[data-cancel]")) {
    revert(row);
  } else if (e.target.closest("[data-take]")) {
    takeOffered(row);
    row.querySelector(".row-edit [data-control]").focus();
  } else if (e.target.closest("[data-refuse]")) {
    e.target.closest(".row-question").remove();
    row.querySelector(".row-edit summary, .row-instant button")?.focus();
  } else if (e.target.closest("[data-dismiss]")) {
    e.target.closest("[data-receipt]").hidden = true;
  }
}

function onKey(e) {
  if (e.key !== "Escape") return;
  const details = e.target.closest?.(".row-edit[open]");
  if (details) {
    e.preventDefault();
    revert(details.closest("[data-row]"));
  }
}

// A field that was opened is ready to be typed in before the next keystroke:
// the toggle event would come too late for it.
function openEditor(details) {
  details.open = true;
  const control = details.querySelector("[data-control]");
  control?.focus();
  control?.select?.();
}

// A long value came cut: its editor needs the whole.
function onToggle(e) {
  if (e.target.matches?.(".row-edit") && e.target.open) {
    bringWhole(e.target.closest("[data-row]"));
  }
}

// An answer that is none of ours (a proxy's error page) must not take the place
// of a row.
function beforeResponse(e) {
  const { status, headers } = e.detail.ctx.response;
  if (status < 400 || status === 409 || status === 422 || headers.has("HX-Retarget")) return;
  e.preventDefault();
  notice(`The server could not do this (${status}). What you entered was not applied and is still in its field.`);
}

function afterSwap(e) {
  const id = e.detail?.ctx?.target?.id;
  const row = id ? document.getElementById(id) : null;
  if (!row?.matches("[data-row]")) return;
  redraw(row);
  apply(row);
  const next =
    row.querySelector('[aria-invalid="true"]') ??
    row.querySelector(".row-question button") ??
    row.querySelector(".row-edit summary, [data-edit-cell]");
  next?.focus();
}

// The choice of theme: as the system, light, dark.
function theme(button) {
  const order = ["system", "light", "dark"];
  const icons = { system: "monitor", light: "sun", dark: "moon" };
  let now = document.documentElement.dataset.theme ?? "system";
  const show = () => {
    button.querySelector("[data-theme-word]").textContent = `Theme: ${now}`;
    button.setAttribute("aria-label", `Theme: ${now}`);
    const use = button.querySelector("use");
    use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${icons[now]}`);
  };
  button.addEventListener("click", () => {
    now = order[(order.indexOf(now) + 1) % order.length];
    if (now === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
    try {
      localStorage.setItem("fieldline.theme", now);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    show();
  });
  show();
}

/** Wires all forms of the page, by delegation. */
export function wire() {
  frozen = document.querySelector("[data-frozen-page]") !== null;
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("toggle", onToggle, true);
  document.addEventListener("htmx:before:response", beforeResponse);
  document.addEventListener("htmx:after:swap", afterSwap);
  document.addEventListener("htmx:error", () => {
    notice("The server could not be reached. What you entered was not applied and is still in its field.");
  });
  document.querySelector("[data-focus]")?.focus();
  const button = document.querySelector("[data-theme-switch]");
  if (button) theme(button);
}
