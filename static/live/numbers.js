// Fields of numbers: the slider beside a field says what the field says, and
// the arrow keys go by the connector's step.

const fieldOf = (slider) => slider.closest(".edit-line").querySelector("[data-control]");

function onInput(e) {
  if (e.target.matches("[data-slider]")) {
    fieldOf(e.target).value = e.target.value;
    return;
  }
  const slider = e.target.closest(".edit-line")?.querySelector("[data-slider]");
  const n = Number(e.target.value.replace(",", "."));
  if (slider && e.target.value.trim() !== "" && !Number.isNaN(n)) slider.value = n;
}

function onKey(e) {
  if (e.key !== "ArrowUp" && e.key !== "ArrowDown") return;
  const field = e.target;
  if (!field.matches?.("input.number[data-step]") || field.list) return;
  const n = Number(field.value.replace(",", "."));
  const step = Number(field.dataset.step);
  if (Number.isNaN(n) || !(step > 0)) return;
  e.preventDefault();
  const slider = field.closest(".edit-line").querySelector("[data-slider]");
  let next = n + (e.key === "ArrowUp" ? step : -step);
  if (slider) next = Math.min(Math.max(next, Number(slider.min)), Number(slider.max));
  const digits = (field.dataset.step.split(".")[1] ?? "").length;
  field.value = String(Number(next.toFixed(Math.max(digits, (field.value.split(/[.,]/)[1] ?? "").length))));
  if (slider) slider.value = field.value;
}

/** Wires all fields, by delegation. */
export function wire() {
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
}
