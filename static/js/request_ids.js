// Each request that changes something carries an id of the client's making, so that the same request sent
// twice is done once. crypto.randomUUID is missing on plain http, getRandomValues is not.
export function newRequestId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

document.addEventListener("htmx:config:request", (event) => {
  const context = event.detail.ctx;
  const form = context.sourceElement.closest("form");
  const body = context.request.body;
  if (!form || form.dataset.requestId === "keep" || !(body instanceof FormData) || !body.has("request_id")) return;
  body.set("request_id", newRequestId());
});
