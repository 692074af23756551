// A draft saves itself while somebody types. An answer to what has changed meanwhile is dropped: the change sends
// its own, and nothing typed is ever written over.
let sent = "";
const content = () => new URLSearchParams(new FormData(document.getElementById("draft"))).toString();

document.addEventListener("htmx:config:request", (event) => {
  if (event.detail.ctx.sourceElement.id === "draft") sent = content();
});
document.addEventListener("htmx:before:swap", (event) => {
  if (event.detail.ctx.target?.id === "draft" && content() !== sent) event.preventDefault();
});
