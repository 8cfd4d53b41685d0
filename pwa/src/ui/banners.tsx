import { agreeToUpdate, isOnline, waitingUpdate } from "../offline";
import { announcement } from "./announce";

/** Quiet bars above the thumb: no network, a new version, a word about what was just done. */
export function Banners() {
  return (
    <div class="banners" role="status" aria-live="polite">
      {!isOnline.value && (
        <div class="banner away">
          <p>No connection. What is on the screen stays.</p>
        </div>
      )}
      {waitingUpdate.value && (
        <div class="banner">
          <p>A new version is ready.</p>
          <button
            type="button"
            class="button quiet"
            onClick={() => {
              waitingUpdate.value = null;
            }}
          >
            Later
          </button>
          <button type="button" class="button first" onClick={agreeToUpdate}>
            Update
          </button>
        </div>
      )}
      {announcement.value && (
        <div class="banner">
          <p>{announcement.value}</p>
        </div>
      )}
    </div>
  );
}
