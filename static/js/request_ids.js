// Each request that changes something carries an id of the client's making, so that the same request sent
// twice is done once. crypto.randomUUID is missing on plain http, getRandomValues is not.
// The time comes first: what is asked one after another lies side by side in the database.
const hex = (number, digits) => number.toString(16).padStart(digits, "0");
function newRequestId() {
  return hex(Date.now(), 12) + Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => hex(byte, 2)).join("");
}

// A second press of the same while the first is on its way would show the answer to the second: a code told once would
// be missed, and what opens in another tab be made twice.
const PRESSED_MS = 3000;
const pressed = (form, button) => {
  const values = new FormData(form);
  values.delete("request_id");
  if (button?.name) values.append(button.name, button.value);
  return new URLSearchParams(values).toString();
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.closest("[hx-post]")) return;
  const now = pressed(form, event.submitter);
  if (form.dataset.pressed === now) return event.preventDefault();
  form.dataset.pressed = now;
  setTimeout(() => delete form.dataset.pressed, PRESSED_MS);
  // Where the answer opens in another tab, the form stays: its next press asks for something new.
  if (form.target) setTimeout(() => (form.elements.request_id.value = newRequestId()));
});

document.addEventListener("htmx:config:request", (event) => {
  const context = event.detail.ctx;
  const form = context.sourceElement.closest("form");
  const body = context.request.body;
  if (!form || form.dataset.requestId === "keep" || !(body instanceof FormData) || !body.has("request_id")) return;
  body.set("request_id", newRequestId());
});
