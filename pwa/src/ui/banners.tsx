import { installWay, isHintDue } from "../install";
import { agreeToUpdate, isOnline, isPutOff, newVersion } from "../offline";
import { route } from "../router";
import { session } from "../session";
import { announcement } from "./announce";
import { InstallHint } from "./install-hint";

/** Quiet bars above the thumb: no network, a new version, a word about what was just done. */
export function Banners() {
  return (
    <div class="banners" role="status" aria-live="polite">
      {!isOnline.value && (
        <div class="banner away">
          <p>No connection. What is on the screen stays.</p>
        </div>
      )}
      <Offers />
      {announcement.value && (
        <div class="banner">
          <p>{announcement.value}</p>
        </div>
      )}
    </div>
  );
}

/** One offer at a time, and none over a study. */
function Offers() {
  const { screen } = route.value;
  if (screen === "study" || screen === "report") return null;
  if (newVersion.value && !isPutOff.value) return <UpdateBar />;
  const isDue = screen === "worklist" && session.value && !session.value.share && isHintDue.value;
  return isDue && installWay.value && isOnline.value ? <InstallHint way={installWay.value} /> : null;
}

function UpdateBar() {
  const later = () => {
    isPutOff.value = true;
  };
  return (
    <div class="banner">
      <p>A new version is ready.</p>
      <button type="button" class="button quiet" onClick={later}>
        Later
      </button>
      <button type="button" class="button first" onClick={agreeToUpdate}>
        Update
      </button>
    </div>
  );
}
