// Tells when the server can't be reached, keeps paying from being pressed meanwhile, and notices when it is back.
const TRY_MS = 5000;
let timer = 0;

function show(lost) {
  document.getElementById("lost").hidden = !lost;
  document.body.classList.toggle("is-lost", lost);
  const chip = document.getElementById("connection");
  if (chip) {
    chip.className = lost ? "chip bad" : "chip good";
    chip.lastElementChild.textContent = lost ? chip.dataset.off : chip.dataset.on;
  }
  document.dispatchEvent(new CustomEvent("connection", { detail: { lost } }));
}

async function tryAgain() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout?.(4000) });
    if (!answer.ok) throw new Error(String(answer.status));
  } catch {
    timer = setTimeout(tryAgain, TRY_MS);
    return;
  }
  timer = 0;
  show(false);
}

function lost() {
  show(true);
  if (!timer) timer = setTimeout(tryAgain, TRY_MS);
}

// Whether the shop itself answered: a proxy in front of it says 502 or 504, or 503 without words, while it is down.
function answered(response) {
  const down = [502, 503, 504].includes(response?.status) && !response.headers.has("HX-Trigger");
  return Boolean(response) && !down;
}

for (const name of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(name, (event) => {
    const context = event.detail.ctx;
    if (!context || answered(context.response)) return;
    context.lost = true;
    lost();
  });
}
window.addEventListener("offline", lost);
window.addEventListener("online", tryAgain);
