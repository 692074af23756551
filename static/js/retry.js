// What never reached the server, or whose answer got lost, is sent again as it was, under the same request id, as soon
// as the line is back: so it is done once, whatever happened to the first. Forms say `data-retry`; it outlives a reload.
const KEY = "waiting";
const ANSWER_WITHIN = "15s";
// A payment that waited longer is no longer sent by itself: who knows whether the buyer is still there.
const AGE_MS_MAX = { pay: 2 * 60_000, other: 15 * 60_000 };
let waiting = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
let sending = null; // what is on its way again

function keep() {
  if (waiting.length) sessionStorage.setItem(KEY, JSON.stringify(waiting));
  else sessionStorage.removeItem(KEY);
  const told = document.querySelector("[data-waiting]");
  if (told) told.hidden = !waiting.length;
}

const here = (one) => one.page === location.pathname;
const young = (one) => Date.now() - one.at < (one.pay ? AGE_MS_MAX.pay : AGE_MS_MAX.other);

async function sendAgain() {
  if (sending) return;
  try {
    while (waiting.some(here) && !document.body.classList.contains("is-lost")) {
      sending = waiting.find(here);
      waiting.splice(waiting.indexOf(sending), 1);
      if (young(sending)) {
        // Lost once more, it comes back by the event below, as old as it is.
        const values = { ...sending.values, resent: "1" };
        await htmx.ajax("POST", sending.action, { source: "[data-waiting]", values, target: sending.target, swap: sending.swap });
      } else tooLate();
      keep();
    }
  } finally {
    sending = null;
    keep();
  }
}

function tooLate() {
  const text = document.querySelector("[data-waiting]")?.dataset.late;
  if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
}

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (sourceElement.closest?.("form[data-retry]")) request.timeout = ANSWER_WITHIN;
});

function keepLost(event) {
  const { lost, request, sourceElement, target, swap } = event.detail.ctx; // lost: so says connection.js
  const form = sourceElement.closest?.("form[data-retry]");
  const again = sourceElement.matches?.("[data-waiting]");
  if (!lost || !(form || again) || !request.body?.get?.("request_id")) return;
  const values = Object.fromEntries(request.body);
  const one = {
    page: location.pathname, action: request.action, values, target: `#${target.id}`, swap,
    at: again && sending ? sending.at : Date.now(), pay: "tender" in values,
  };
  const same = (other) => other.values.request_id === values.request_id;
  if (!waiting.some(same)) again ? waiting.unshift(one) : waiting.push(one);
  keep();
}

for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, keepLost);
document.addEventListener("connection", (event) => !event.detail.lost && sendAgain());
keep();
if (waiting.some(here)) sendAgain();
