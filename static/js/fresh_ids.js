// A form whose answer opens in another tab stays where it is: the next press of it asks for something new.
import { newRequestId } from "./request_ids.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-fresh-id]");
  if (form) setTimeout(() => (form.elements.request_id.value = newRequestId()));
});
