/** The service worker: it keeps the app's shell, so that the app opens without a network, and nothing of a patient. */

declare const __SHELL__: string[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const shell = __SHELL__;
const version = shell.join();
const cacheName = `shell-${hash(version)}`;

/** Only a page that the server makes the same for everybody may be kept. */
const SHELL_PAGE = "/sign-in";

worker.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells());
});

worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(worker.skipWaiting());
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (event.request.mode === "navigate") {
    if (!isData(url.pathname)) event.respondWith(pageOrShell(event.request));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(keptOrFetched(event.request));
  }
});

/** Addresses that are never the app's pages. */
const isData = (path: string) => /^\/(api|tiles|dicom-web|iiif|fhir|metrics)(\/|$)/.test(path);

async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([...shell, new Request(SHELL_PAGE, { cache: "reload", credentials: "omit" })]);
}

/** The shell before this one stays: a window that is still open with it may yet ask for its viewer. */
async function dropOldShells(): Promise<void> {
  const older = (await caches.keys()).filter((name) => name !== cacheName);
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
}

/** The network's page, always, while there is a network; the shell when there is none. */
async function pageOrShell(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (thrown) {
    const kept = await (await caches.open(cacheName)).match(SHELL_PAGE);
    if (kept) return kept;
    throw thrown;
  }
}

async function keptOrFetched(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

function hash(text: string): string {
  let value = 5381;
  for (let at = 0; at < text.length; at++) value = (value * 33 + text.charCodeAt(at)) >>> 0;
  return value.toString(36);
}
