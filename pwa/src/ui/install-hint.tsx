import { useEffect } from "preact/hooks";
import { endHint, hintSeen, type InstallWay, install, installWay } from "../install";

const HOW_ON_IOS = "Tap Share, then Add to Home Screen.";

/** A quiet bar on the worklist, one time: the app can be installed. */
export function InstallHint({ way }: { way: InstallWay }) {
  useEffect(() => {
    hintSeen();
    return endHint;
  }, []);
  return (
    <div class="banner">
      <p>
        {way === "prompt" ? "Lightbox can be installed as an app." : `To install Lightbox: ${HOW_ON_IOS}`}
      </p>
      <button type="button" class="button quiet" onClick={endHint}>
        {way === "prompt" ? "No" : "OK"}
      </button>
      {way === "prompt" && (
        <button type="button" class="button first" onClick={() => void install()}>
          Install
        </button>
      )}
    </div>
  );
}

/** Where whoever said no to the hint finds it again. */
export function InstallOffer() {
  const way = installWay.value;
  if (!way) return null;
  return (
    <section class="notice">
      <h2>Install</h2>
      <p class="soft">As an app, Lightbox has its own icon and the whole screen.</p>
      {way === "prompt" ? (
        <button type="button" class="button" onClick={() => void install()}>
          Install Lightbox
        </button>
      ) : (
        <p>{HOW_ON_IOS}</p>
      )}
    </section>
  );
}
