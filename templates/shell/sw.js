// Keeps the shell, and a crafter's own last pages; never what the till shows, and nothing that is sent.
const SHELL = "shell-{{ mark }}";
const OWN = "own-pages";
const OFFLINE = {{ offline|tojson }};
const FILES = {{ files|tojson }};
const ANSWER_MS = 8000;

addEventListener("install", (event) => {
  const kept = async () => (await caches.open(SHELL)).addAll([OFFLINE, ...FILES]);
  event.waitUntil(kept().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name !== SHELL && name !== OWN) await caches.delete(name);
    await clients.claim();
  };
  event.waitUntil(old());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, address));
  else if (request.method === "GET" && address.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

const isOwn = (path) => path === "/my" || path.startsWith("/my/");
// A full or refused storage is no reason to show nothing.
const orNothing = (kept) => kept.catch(() => undefined);

// What is kept to stand in for a page. The app opens at "/", which leads a crafter to their own first page.
async function keptFor(request, path) {
  if (request.method !== "GET" || !(isOwn(path) || path === "/")) return undefined;
  return orNothing(caches.open(OWN).then((own) => own.match(path === "/" ? "/my" : request)));
}

async function page(request, address) {
  const known = await keptFor(request, address.pathname);
  const late = new AbortController();
  const timer = known && setTimeout(() => late.abort(), ANSWER_MS);
  try {
    const answer = await fetch(request, known ? { signal: late.signal } : {});
    if (request.method === "GET") await remember(request, address, answer.clone());
    return answer;
  } catch {
    return known ? asOld(known) : caches.match(OFFLINE);
  } finally {
    clearTimeout(timer);
  }
}

// A page that is not theirs any more (signed out, ended by the office, another person) takes the kept ones along. What
// any cache may keep is a visitor's page: nobody is signed in.
async function remember(request, address, answer) {
  const anybodys = (answer.headers.get("Cache-Control") ?? "").startsWith("public");
  if (address.pathname === "/sign-in" || address.pathname.toLowerCase().startsWith("/card/") || anybodys || answer.redirected) return orNothing(caches.delete(OWN));
  const whole = answer.ok && (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
  if (!isOwn(address.pathname) || !whole) return undefined;
  const body = await answer.text();
  const headers = { "Content-Type": "text/html; charset=utf-8", "X-Kept": new Date().toISOString() };
  for (const name of ["Content-Security-Policy", "Content-Language"]) if (answer.headers.has(name)) headers[name] = answer.headers.get(name);
  return orNothing(caches.open(OWN).then((own) => own.put(request, new Response(body, { headers }))));
}

async function asOld(known) {
  const language = (await known.clone().text()).match(/<html lang="(\w+)"/)?.[1] ?? "id";
  const at = new Date(known.headers.get("X-Kept"));
  const words = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Jakarta" }).format(at);
  const body = (await known.text()).replace('id="old" hidden', 'id="old"').replace("<span data-kept></span>", `<span data-kept>${words}</span>`);
  return new Response(body, { headers: known.headers });
}
