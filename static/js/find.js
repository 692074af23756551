// Finding from any page: F2 opens the search; a scanner that types a code while no field has the focus opens its piece.
// The address to go to stands on the link in the bar.
const KEYS_BETWEEN_MS = 60; // nobody types so fast; every scanner does
const CODE_LENGTH = 8;
let typed = "";
let last = 0;

const link = () => document.querySelector("[data-find]");
const resting = () => {
  const at = document.activeElement;
  return !at || at === document.body || !at.matches("input, select, textarea, [contenteditable]");
};

document.addEventListener("keydown", (event) => {
  if (!link() || document.getElementById("code")) return;
  if (event.key === "F2") {
    event.preventDefault();
    location.href = link().href;
    return;
  }
  if (!resting() || event.ctrlKey || event.altKey || event.metaKey) return;
  const fast = event.timeStamp - last < KEYS_BETWEEN_MS;
  last = event.timeStamp;
  if (event.key === "Enter") {
    if (fast && typed.length >= CODE_LENGTH) {
      event.preventDefault();
      location.href = `${link().href}?q=${encodeURIComponent(typed)}`;
    }
    typed = "";
  } else if (event.key.length === 1) {
    typed = fast ? typed + event.key : event.key;
  }
});
