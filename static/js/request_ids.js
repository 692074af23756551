// Each request that changes something carries an id of the client's making, so that the same request sent
// twice is done once. crypto.randomUUID is missing on plain http, getRandomValues is not.
// The time comes first: what is asked one after another lies side by side in the database.
const hex = (number, digits) => number.toString(16).padStart(digits, "0");
export function newRequestId() {
  return hex(Date.now(), 12) + Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => hex(byte, 2)).join("");
}

document.addEventListener("htmx:config:request", (event) => {
  const context = event.detail.ctx;
  const form = context.sourceElement.closest("form");
  const body = context.request.body;
  if (!form || form.dataset.requestId === "keep" || !(body instanceof FormData) || !body.has("request_id")) return;
  body.set("request_id", newRequestId());
});
