// The page shown in the place of one that can't be reached: opens that one as soon as the server answers.
const EVERY_MS = 5000;

async function again() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout?.(4000) });
    if (answer.ok) location.reload();
  } catch {
    // Not yet.
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-again]")) again();
  if (event.target.closest("[data-back]")) history.back();
});
setInterval(again, EVERY_MS);
