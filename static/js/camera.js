// Scanning with the camera: what it reads goes through the same form as what is typed. Where it stays shut (plain http,
// not allowed, none there), photos take its place: photo_scan.js.
// The browser's own decoder where there is one for QR, else the vendored one, loaded only now.
const SAME_CODE_REST_MS = 1500;
const LOOK_EVERY_MS = 120;
let stream = null;
let detector = null;
let last = { code: "", at: 0 };
let sound = null;

const dialog = () => document.getElementById("camera");

function say(text, bad = false) {
  const line = dialog().querySelector(".camera-said");
  line.textContent = text;
  line.classList.toggle("bad", bad);
}

function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

async function makeDetector() {
  const native = globalThis.BarcodeDetector;
  if (native && (await native.getSupportedFormats()).includes("qr_code")) return new native({ formats: ["qr_code"] });
  await loadScript(dialog().dataset.ponyfill);
  const { BarcodeDetector, prepareZXingModule } = globalThis.BarcodeDetectionAPI;
  prepareZXingModule({ overrides: { locateFile: () => new URL(dialog().dataset.wasm, location.href).href } });
  return new BarcodeDetector({ formats: ["qr_code"] });
}

async function open() {
  const box = dialog();
  box.showModal();
  say("");
  sound ??= new AudioContext();
  import(box.dataset.photos);
  byPhotos(!navigator.mediaDevices?.getUserMedia);
  if (box.classList.contains("by-photos")) return;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (error) {
    byPhotos(true);
    return say(error.name === "NotAllowedError" ? box.dataset.denied : box.dataset.missing);
  }
  if (!box.open || box.classList.contains("by-photos")) return close();
  const video = box.querySelector("video");
  video.srcObject = stream;
  await video.play();
  const track = stream?.getVideoTracks()[0];
  if (!track) return; // put away meanwhile
  box.querySelector("[data-torch]").hidden = !track.getCapabilities?.().torch;
  detector ??= await makeDetector();
  last.at = Date.now(); // however long the camera took to start, the label of before may still be held there
  look(video);
}

function byPhotos(yes) {
  dialog().classList.toggle("by-photos", yes);
  if (yes) document.getElementById("photo").elements.photo.focus();
}

async function look(video) {
  while (stream && dialog()?.open) {
    try {
      const [found] = await detector.detect(video);
      if (found && stream) read(found.rawValue); // put away while it was read: nothing is meant any more
    } catch {
      // A frame that can't be read yet is no news: the next one comes.
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function read(code, chosen = false) {
  const form = document.getElementById("scan");
  if (form.dataset.pressed) return; // a new page is on its way: there it is read anew
  const now = Date.now();
  const again = code === last.code && now - last.at < SAME_CODE_REST_MS;
  last = { code, at: now };
  if (again && !chosen) return;
  beep();
  navigator.vibrate?.(60);
  if ("fills" in form.dataset) return fill(form, code);
  // Where the answer is a new page, the camera goes on there; not where one label was all that was asked for.
  if (!form.hasAttribute("hx-post") && !("once" in form.dataset)) sessionStorage.setItem("camera", JSON.stringify({ path: location.pathname, code }));
  form.querySelector("[name=code], [name=q]").value = code;
  form.requestSubmit();
}

// A form that asks for more than the code: it is filled in, and somebody goes on writing.
function fill(form, code) {
  form.elements.code.value = code.split("/").pop();
  dialog().close();
  form.elements.reason.focus();
}

function beep() {
  if (!sound) return;
  const tone = sound.createOscillator();
  const volume = sound.createGain();
  volume.gain.value = 0.08;
  tone.frequency.value = 1320;
  tone.connect(volume).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.09);
}

function close() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  last = { code: "", at: 0 };
  sessionStorage.removeItem("camera"); // put away while a page was on its way: there it stays away
}

// After a scan the dialog tells what went in, or why not.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.sourceElement === document.body) return; // what another device did
  const target = document.getElementById("scan")?.getAttribute("hx-target");
  if (!dialog()?.open || `#${event.detail.ctx.target?.id}` !== target) return;
  const refused = document.getElementById("refused");
  const basket = document.querySelector(".basket");
  const fresh = document.querySelector(".lines .fresh b, [data-scanned]");
  const told = document.querySelector("#said [data-tell]");
  const failed = event.detail.ctx.swap === "none"; // nothing came of it: why, a toast says, or the lost line
  if (failed) say("");
  else if (refused) say(refused.textContent.trim(), true);
  else if (told) say(told.dataset.tell, "bad" in told.dataset);
  else if (fresh) say(basket ? `${fresh.textContent} · ${basket.dataset.total}` : fresh.textContent);
  document.dispatchEvent(new CustomEvent("label-told", { detail: { bad: Boolean(failed || refused || (told && "bad" in told.dataset)) } }));
});

document.addEventListener("label-read", (event) => read(event.detail, true));
document.addEventListener("camera:say", (event) => say(event.detail.text, event.detail.bad));
// A toast would lie under the dialog.
document.addEventListener("toast", (event) => dialog()?.open && say(event.detail.text, true));

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-camera]")) open();
  if (event.target.closest("#photo label")) {
    close(); // the phone's own camera may find this one taken
    byPhotos(true);
  }
  const torch = event.target.closest("[data-torch]");
  if (torch && stream) {
    torch.ariaPressed = torch.ariaPressed === "true" ? "false" : "true";
    stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: torch.ariaPressed === "true" }] });
  }
});
const before = JSON.parse(sessionStorage.getItem("camera") ?? "{}");
sessionStorage.removeItem("camera");
if (dialog() && before.path === location.pathname) {
  last = { code: before.code, at: Date.now() }; // the label is still held there
  open();
  const wrong = document.querySelector("#scan .field.wrong .error");
  const put = document.querySelector(".picked b");
  if (wrong || put) say((wrong ?? put).textContent.trim(), Boolean(wrong));
}
document.addEventListener("close", (event) => event.target === dialog() && close(), true);
