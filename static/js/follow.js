// Two devices at one basket: asks often whether another changed it, and hears nothing as long as nothing did.
const EVERY_MS = 700;
let asking = false;

async function ask() {
  const mark = document.querySelector("[data-follow]");
  const busy = asking || document.hidden || document.body.classList.contains("is-lost");
  if (!mark || busy || document.querySelector("form.htmx-request")) return;
  asking = true;
  try {
    await htmx.ajax("GET", mark.dataset.follow, { target: mark.dataset.into, swap: "innerMorph" });
  } finally {
    asking = false;
  }
}

setInterval(ask, EVERY_MS);
document.addEventListener("visibilitychange", ask);
