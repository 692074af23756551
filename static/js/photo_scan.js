// Scanning by a photo, where the live camera stays shut, and as a second way. The server reads the labels; each code
// then goes through the same form as one that the camera sees. Of several labels somebody chooses one, or all in turn.
const PIXELS_MAX = 12_600_000; // what the reading is made for; more only takes longer to send
const BYTES_MAX = 10_000_000;
const KINDS = ["image/jpeg", "image/png", "image/webp"];
const QUALITY = 0.85;
let smaller = null; // the photo to be sent in place of the one that was taken
let sending = ""; // the code that is on its way through the form
let rest = []; // those after it

const dialog = () => document.getElementById("camera");
const form = () => document.getElementById("photo");
const read = () => document.getElementById("labels-read");
const say = (text, bad = false) => document.dispatchEvent(new CustomEvent("camera:say", { detail: { text, bad } }));

// A photo of a large sensor is shrunk, and a kind that the server can't read (HEIC) redrawn; where the browser can't
// do it, the photo goes as it is, and the server says what it thinks of it.
async function fitted(file) {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, Math.sqrt(PIXELS_MAX / (image.width * image.height)));
    if (scale === 1 && file.size <= BYTES_MAX && KINDS.includes(file.type)) return null;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  } catch {
    return null;
  }
}

function show(file) {
  const picture = dialog().querySelector(".camera-photo");
  URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(file);
  picture.hidden = false;
  dialog().classList.add("seen", "busy");
}

function send(codes) {
  [sending = "", ...rest] = codes;
  if (!sending) return;
  // Where the answer is a new page, the choice goes on there.
  const scan = document.getElementById("scan");
  if (!scan.hasAttribute("hx-post") && !("fills" in scan.dataset)) {
    const left = { path: location.pathname, sending, rest, html: read().innerHTML };
    sessionStorage.setItem("labels-read", JSON.stringify(left));
  }
  document.dispatchEvent(new CustomEvent("label-read", { detail: sending }));
}

// One went in: its row is done, and the next one follows. One was refused: the reason is told, the rest stays to choose.
function told(bad) {
  const row = read().querySelector(`[data-code="${CSS.escape(sending)}"]`);
  if (row && !bad) row.disabled = true;
  const all = read().querySelector("[data-all]");
  const scan = document.getElementById("scan");
  if (all) all.hidden = scan.method === "get" || "fills" in scan.dataset || !read().querySelector("[data-code]:enabled");
  send(bad ? [] : rest);
}

document.addEventListener("change", async (event) => {
  const [file] = event.target === form()?.elements.photo ? event.target.files : [];
  if (!file) return;
  read().replaceChildren();
  show(file);
  say(form().dataset.reading);
  smaller = await fitted(file);
  if (dialog().open) form().requestSubmit();
});

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (sourceElement !== form()) return;
  if (smaller) request.body.set("photo", smaller, "label.jpg");
  event.target.reset(); // the same photo may be chosen once more
});

document.addEventListener("htmx:finally:request", (event) => {
  if (event.detail.ctx.sourceElement === form()) dialog().classList.remove("busy");
});

document.addEventListener("htmx:error", (event) => {
  const context = event.detail.ctx;
  if (context?.response) return;
  if (context?.sourceElement === form()) say(form().dataset.lost, true);
  else [sending, rest] = ["", []];
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target !== read()) return;
  if (!dialog().open) return read().replaceChildren(); // put away meanwhile: nothing goes in any more
  say("");
  const one = read().querySelector("[data-read]");
  if (one) return send([one.dataset.read]);
  told(true);
  read().querySelector("h2")?.focus({ preventScroll: true });
});

document.addEventListener("label-told", (event) => sending && told(event.detail.bad));

document.addEventListener("click", (event) => {
  const row = event.target.closest("#labels-read [data-code]");
  if (row && row.dataset.code !== sending) send([row.dataset.code]);
  if (event.target.closest("#labels-read [data-all]")) {
    send(Array.from(read().querySelectorAll("[data-code]:enabled"), (each) => each.dataset.code));
  }
});

document.addEventListener("close", (event) => {
  if (event.target !== dialog()) return;
  [sending, rest] = ["", []];
  read().replaceChildren();
  dialog().classList.remove("seen", "busy");
  dialog().querySelector(".camera-photo").hidden = true;
}, true);

const before = JSON.parse(sessionStorage.getItem("labels-read") ?? "{}");
sessionStorage.removeItem("labels-read");
if (dialog()?.open && before.path === location.pathname) {
  read().innerHTML = before.html;
  [sending, rest] = [before.sending, before.rest];
  told(Boolean(document.querySelector("#scan .field.wrong .error")));
}
