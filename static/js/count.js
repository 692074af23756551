// Counting a drawer: each note's worth times its pieces, and the sum. The server counts again.
const dotted = (amount) => "Rp" + String(amount).replace(/\B(?=(\d{3})+(?!\d))/g, ".");

function showSum() {
  const box = document.querySelector("[data-count]");
  let total = 0;
  for (const field of box.querySelectorAll("[data-worth]")) {
    const amount = Number(field.dataset.worth) * Number(field.value.replace(/\D/g, ""));
    field.nextElementSibling.textContent = amount ? dotted(amount) : "";
    total += amount;
  }
  box.querySelector("[data-total]").textContent = dotted(total);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-worth]")) showSum();
});
showSum();
