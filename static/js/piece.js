// Shares a page's own address: by the phone's share sheet where there is one, else the address is copied.
for (const button of document.querySelectorAll("[data-share]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  const { share: url, title, done } = button.dataset;
  if (navigator.share) {
    try {
      await navigator.share({ title, url });
      return;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  if (await copied(url)) button.querySelector("span").textContent = done;
});

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard without HTTPS: the old way, by a field that is selected and gone again.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

// Photos of similar goods are fetched when somebody comes to them; until then, and without script, drawings stand there.
const coming = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    target.src = target.dataset.photo;
    coming.unobserve(target);
  }
});
for (const picture of document.querySelectorAll("[data-photo]")) coming.observe(picture);
