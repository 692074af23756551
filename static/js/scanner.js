// A phone that scans: the next code is typed while the last one is still on its way.
document.addEventListener("htmx:config:request", (event) => {
  if (event.detail.ctx.sourceElement.id === "scan") document.getElementById("code").value = "";
});
