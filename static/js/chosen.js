// What is ticked in a list of amounts: how many, and how much together. The server works it out again before it is
// written.
const dotted = (amount) => "Rp" + String(amount).replace(/\B(?=(\d{3})+(?!\d))/g, ".");

function showChosen() {
  const title = document.querySelector("[data-chosen]");
  if (!title) return;
  const boxes = [...document.querySelectorAll(".tick-box[data-amount]")];
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr").classList.toggle("chosen", box.checked);
  title.textContent = `${chosen.length} ${title.dataset.chosen}`;
  const total = chosen.reduce((sum, box) => sum + Number(box.dataset.amount), 0);
  const sum = document.querySelector("[data-sum]"); // not where nothing that is ticked has an amount
  if (sum) sum.textContent = dotted(total);
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".tick-box")) showChosen();
});
showChosen();
