// Scanning with the camera: what it reads goes through the same form as what is typed.
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
  if (!navigator.mediaDevices?.getUserMedia) return say(box.dataset.insecure, true);
  sound ??= new AudioContext();
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (error) {
    return say(error.name === "NotAllowedError" ? box.dataset.denied : box.dataset.missing, true);
  }
  if (!box.open) return close();
  const video = box.querySelector("video");
  video.srcObject = stream;
  await video.play();
  const track = stream?.getVideoTracks()[0];
  if (!track) return; // put away meanwhile
  box.querySelector("[data-torch]").hidden = !track.getCapabilities?.().torch;
  detector ??= await makeDetector();
  look(video);
}

async function look(video) {
  while (stream && dialog()?.open) {
    try {
      const [found] = await detector.detect(video);
      if (found) read(found.rawValue);
    } catch {
      // A frame that can't be read yet is no news: the next one comes.
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function read(code) {
  const now = Date.now();
  const again = code === last.code && now - last.at < SAME_CODE_REST_MS;
  last = { code, at: now };
  if (again) return;
  beep();
  navigator.vibrate?.(60);
  const form = document.getElementById("scan");
  // Where the answer is a new page, the camera goes on there.
  if (!form.hasAttribute("hx-post")) sessionStorage.setItem("camera", JSON.stringify({ path: location.pathname, code }));
  form.querySelector("[name=code], [name=q]").value = code;
  form.requestSubmit();
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
}

// After a scan the dialog tells what went in, or why not.
document.addEventListener("htmx:after:swap", () => {
  if (!dialog()?.open) return;
  const refused = document.getElementById("refused");
  const basket = document.querySelector(".basket");
  const fresh = document.querySelector(".lines .fresh b, [data-scanned]");
  const told = document.querySelector("#said [data-tell]");
  if (refused) say(refused.textContent.trim(), true);
  else if (told) say(told.dataset.tell, "bad" in told.dataset);
  else if (fresh) say(basket ? `${fresh.textContent} · ${basket.dataset.total}` : fresh.textContent);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-camera]")) open();
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
