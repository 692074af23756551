// Plus and minus beside a number field; the field's own change is what gets saved.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const field = button.closest("[data-stepper]").querySelector("input");
  const now = Number.parseInt(field.value.replaceAll(".", ""), 10) || 0;
  field.value = String(Math.max(1, now + Number(button.dataset.step)));
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
