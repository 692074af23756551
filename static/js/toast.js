// Short messages at the foot of the screen: the server names them in HX-Trigger.
const SHOWN_MS = 6000;

document.addEventListener("toast", (event) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = event.detail.text;
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), SHOWN_MS);
});
