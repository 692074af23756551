// Finding from any page: F2 opens the search; a scanner that types a code while no field has the focus opens its piece.
// The address to go to stands on the link in the bar. A page that scans by itself keeps both for its own field, and what
// somebody is in the middle of writing stays: the search opens beside it.
const KEYS_BETWEEN_MS = 60; // nobody types so fast; every scanner does
const CODE_LENGTH = 8;
let typed = "";
let last = 0;

const link = () => document.querySelector("[data-find]");
const own = () => document.querySelector("#scan :is([name=code], [name=q])");
const changed = (field) =>
  field.value !== field.defaultValue || field.checked !== field.defaultChecked;
const chosen = (option) => option.selected !== option.defaultSelected && option.closest("select").querySelector("[selected]");
const written = () =>
  [...document.querySelectorAll("form[method=post] :is(input, textarea)")].some(changed) ||
  [...document.querySelectorAll("form[method=post] option")].some(chosen) ||
  document.querySelector("form[method=post] .wrong"); // refused: what was typed is what the form begins with
const resting = () => {
  const at = document.activeElement;
  return !at || at === document.body || !at.matches("input, select, textarea, [contenteditable]");
};

function find(code) {
  if (own()) {
    own().value = code;
    if ("fills" in own().form.dataset) own().form.elements.reason.focus();
    else own().form.requestSubmit();
  } else {
    go(`${link().href}?q=${encodeURIComponent(code)}`);
  }
}

function go(address) {
  if (written()) open(address, "_blank", "noopener");
  else location.href = address;
}

document.addEventListener("keydown", (event) => {
  if (!link() || document.getElementById("code")) return;
  if (event.key === "F2") {
    event.preventDefault();
    if (own()) own().select();
    else go(link().href);
    return;
  }
  if (!resting() || event.ctrlKey || event.altKey || event.metaKey) return;
  const fast = event.timeStamp - last < KEYS_BETWEEN_MS;
  last = event.timeStamp;
  if (event.key === "Enter") {
    if (fast && typed.length >= CODE_LENGTH) {
      event.preventDefault();
      find(typed);
    }
    typed = "";
  } else if (event.key.length === 1) {
    typed = fast ? typed + event.key : event.key;
  }
});
