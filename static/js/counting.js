// Counting by scanning: the field is ready for the next label, a lot's number is asked for and then typed.
// Nothing here decides anything; what was scanned goes through the form, also without this script.
const field = () => document.getElementById("code");
const wide = () => matchMedia("(min-width: 60rem)").matches;

// A scanner types the next code while the last one is still on its way: the field is emptied as soon as it is read.
document.addEventListener("htmx:config:request", (event) => {
  if (event.detail.ctx.sourceElement.id === "scan") field().value = "";
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id !== "said") return;
  const pieces = document.getElementById("pieces");
  if (pieces) {
    document.getElementById("camera").close();
    pieces.focus();
  } else if (wide()) field().focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "F2") return;
  event.preventDefault();
  field().focus();
  field().select();
});

if (wide()) field().focus();
