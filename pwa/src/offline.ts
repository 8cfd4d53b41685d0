import { signal } from "@preact/signals";
import { scriptAddress } from "./trusted";

/** Whether the browser believes it has a network. */
export const isOnline = signal(typeof navigator === "undefined" ? true : navigator.onLine !== false);

/** A newer version of the app that waits until the person agrees. */
export const waitingUpdate = signal<ServiceWorker | null>(null);

let hasAgreed = false;

/** Watches the network and registers the service worker; without one the app works all the same. */
export async function beginOffline(): Promise<void> {
  addEventListener("online", () => {
    isOnline.value = true;
  });
  addEventListener("offline", () => {
    isOnline.value = false;
  });
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (hasAgreed) location.reload();
  });
  try {
    watch(await navigator.serviceWorker.register(scriptAddress("/sw.js"), { scope: "/" }));
  } catch {
    // Storage may be denied or the worker not be reachable: the app itself does not depend on it.
  }
}

/** Takes the waiting version; the page reloads once it is in charge. */
export function agreeToUpdate(): void {
  hasAgreed = true;
  waitingUpdate.value?.postMessage("take over");
}

function watch(registration: ServiceWorkerRegistration): void {
  const offer = () => {
    // Without a controller this is the first installation, not an update.
    if (registration.waiting && navigator.serviceWorker.controller)
      waitingUpdate.value = registration.waiting;
  };
  offer();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
}
