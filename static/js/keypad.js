// A PIN by thumb: keys on the page instead of the phone's own keyboard, six dots that fill, and the sixth sends.
// What is typed on a keyboard goes the same way. Without this script the fields and their button do it all.
const LENGTH = 6;

const fields = (form) => [...form.querySelectorAll("[data-pin]")];
const current = (form) => fields(form).find((field) => field.value.length < LENGTH);

function show(form) {
  const active = current(form);
  for (const field of fields(form)) {
    const box = field.closest(".pin-field");
    box.classList.toggle("now", field === active);
    box.querySelectorAll(".dots i").forEach((dot, place) => dot.classList.toggle("on", place < field.value.length));
  }
}

function changed(form, field) {
  const count = form.querySelector("[data-count]");
  count.textContent = count.dataset.words.replace("#", field.value.length);
  form.querySelector(".pin-field.wrong")?.classList.remove("wrong");
  show(form);
  if (field.value.length < LENGTH) return;
  const next = current(form);
  if (next) next.focus({ preventScroll: true });
  else send(form);
}

function send(form) {
  if (form.dataset.sent) return;
  form.dataset.sent = "1";
  form.querySelector("[data-keys]").classList.add("resting");
  // The sixth dot is seen before the page goes.
  setTimeout(() => form.requestSubmit(), 80);
}

function prepare(form) {
  delete form.dataset.sent;
  form.classList.add("with-keys");
  const keys = form.querySelector("[data-keys]");
  keys.hidden = false;
  keys.classList.remove("resting");
  for (const field of fields(form)) {
    field.value = "";
    field.inputMode = "none";
  }
  show(form);
  fields(form)[0].focus({ preventScroll: true });
}

document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-pins] [data-pin]");
  if (!field) return;
  field.value = field.value.replace(/\D/g, "").slice(0, LENGTH);
  changed(field.form, field);
});

// The field keeps its focus while keys are touched.
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest("[data-keys] button")) event.preventDefault();
});
document.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-keys] button")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-digit], [data-erase]");
  const form = key?.closest("[data-pins]");
  if (!form || form.dataset.sent) return;
  if (key.dataset.digit) {
    const field = current(form);
    field.value += key.dataset.digit;
    changed(form, field);
  } else {
    const field = fields(form).reverse().find((one) => one.value) ?? fields(form)[0];
    field.value = field.value.slice(0, -1);
    field.focus({ preventScroll: true });
    changed(form, field);
  }
});

const prepareAll = () => document.querySelectorAll("[data-pins]").forEach(prepare);
prepareAll();
// Come back to by the browser's Back: nothing of what was typed is left.
window.addEventListener("pageshow", (event) => event.persisted && prepareAll());
