// The till's hands: focus stays in the scan field, keys and quick amounts fill in the money, change is shown.
// Nothing here decides anything: the server reads the amount and works out the change again.
const field = () => document.getElementById("code");
const received = () => document.getElementById("received");
const digits = (text) => text.replace(/,(-|00)$/, "").replace(/\D/g, "");
const dotted = (text) => text.replace(/\B(?=(\d{3})+(?!\d))/g, ".");

function showChange() {
  const pay = document.getElementById("pay");
  if (!pay) return;
  const box = pay.querySelector(".change");
  const given = Number(digits(received().value) || 0);
  const rest = given - Number(pay.dataset.cash);
  const short = given > 0 && rest < 0;
  box.classList.toggle("short", short);
  box.firstElementChild.textContent = short ? box.dataset.short : box.dataset.change;
  box.lastElementChild.textContent = "Rp" + dotted(String(given ? Math.abs(rest) : 0));
  for (const button of pay.querySelectorAll("[data-amount]")) {
    button.classList.toggle("soft", given > 0 && Number(button.dataset.amount) === given);
  }
  guard();
}

// Several ways at once: what is still missing, or comes back in cash. What is paid in cash is rounded.
function showRest() {
  const pay = document.getElementById("pay");
  const line = pay?.querySelector("[data-left]");
  if (!line) return;
  const parts = [...pay.querySelectorAll("[data-part]")];
  const paid = parts.reduce((sum, part) => sum + Number(digits(part.value) || 0), 0);
  const cash = Number(digits(parts.find((part) => part.name === "amount_cash")?.value ?? "") || 0);
  const due = Number(pay.dataset.total) - (paid - cash);
  const step = Number(pay.dataset.step);
  const inCash = cash > 0 && due > 0 && step ? Math.floor((due + step / 2) / step) * step : due;
  const rest = inCash - cash;
  line.firstElementChild.textContent = rest < 0 ? line.dataset.change : line.dataset.rest;
  line.lastElementChild.textContent = "Rp" + dotted(String(Math.abs(rest)));
  const rounding = pay.querySelector(".mixed-rounding");
  if (!rounding) return;
  rounding.hidden = inCash === due;
  rounding.lastElementChild.textContent = (inCash < due ? "\u2212Rp" : "Rp") + dotted(String(Math.abs(inCash - due)));
}

function guard() {
  const pay = document.getElementById("pay");
  if (!pay) return;
  const tender = pay.querySelector("[name=tender]:checked")?.value;
  const seen = tender === "cash" || pay.querySelector("[name=seen]").checked;
  const empty = pay.dataset.pieces === "0";
  pay.querySelector(".finish").disabled = empty || !seen || document.body.classList.contains("is-lost");
}

function write(amount) {
  received().value = dotted(amount.replace(/^0+(?=\d)/, "").slice(0, 12));
  showChange();
}

function press(key) {
  const now = digits(received().value);
  write(key === "back" ? now.slice(0, -1) : now + key);
}

const wide = () => matchMedia("(min-width: 60rem)").matches;
// A selector that a browser doesn't know is an error, not nothing.
const OPENED = "popover" in HTMLElement.prototype ? "dialog[open], :popover-open" : "dialog[open]";
const resting = () => !document.querySelector(OPENED) && (document.activeElement === document.body || !document.activeElement);

document.addEventListener("click", (event) => {
  const amount = event.target.closest("[data-amount]");
  if (amount) write(amount.dataset.amount);
  const key = event.target.closest("[data-key]");
  if (key) press(key.dataset.key);
});

function forget() {
  document.getElementById("found").replaceChildren();
  document.getElementById("refused")?.remove();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "received") showChange();
  if (event.target.matches("[data-part]")) showRest();
  if (event.target.id === "code") {
    document.getElementById("refused")?.remove();
    if (!event.target.value) forget();
  }
});

// A search whose word was sent or taken back meanwhile has nothing more to say.
const unasked = (part) => part?.id === "code" && !field().value.trim();
document.addEventListener("htmx:config:request", (event) => {
  if (unasked(event.detail.ctx.sourceElement)) event.preventDefault();
});
document.addEventListener("htmx:before:swap", (event) => {
  if (unasked(event.detail.ctx.sourceElement)) event.preventDefault();
});
document.addEventListener("change", guard);
document.addEventListener("connection", guard);

document.addEventListener("keydown", (event) => {
  if (event.key === "F2") {
    event.preventDefault();
    field().focus();
    field().select();
  } else if (event.key === "Escape" && event.target.id === "code") {
    field().value = "";
    forget();
  } else if (event.key === "F4") {
    event.preventDefault();
    document.querySelector("[data-park]")?.click();
  }
});

// A scanner types the next code while the last one is still on its way: the field is emptied as soon as it is read.
document.addEventListener("htmx:config:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (form.id === "scan" || form.dataset?.clears) {
    field().value = "";
    document.getElementById("found").replaceChildren();
  }
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id !== "till") return;
  showChange();
  showRest();
  if (wide() && resting()) field().focus();
});

showChange();
showRest();
if (wide()) field().focus();
