import { useEffect, useState } from "preact/hooks";
import { localMoment } from "../moment";
import type { CreatedShare } from "../types";
import { announce } from "../ui/announce";
import { Icon } from "../ui/icon";

/** The new link, this once: to copy, to send, to scan. */
export function ShareLink({ share }: { share: CreatedShare }) {
  const drawing = useDrawing(share.qr_svg);
  const canSend = "share" in navigator;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(share.url);
      announce("Link copied");
    } catch {
      announce("The link could not be copied. Hold it to select it.");
    }
  };
  // Only the address leaves: a title or text could name the patient.
  const send = () => navigator.share({ url: share.url }).catch(() => undefined);

  return (
    <section class="share-link">
      {drawing && <img class="qr" src={drawing} alt="QR code of the link" width="220" height="220" />}
      <p class="link-text" id="share-url">
        {share.url}
      </p>
      <p class="soft small">
        Open until {localMoment(share.expires_at)}
        {share.has_passphrase && ", with the passphrase"}. The link is shown this once; make a new one if it
        is lost.
      </p>
      <div class="link-actions">
        <button type="button" class="button first" onClick={() => void copy()}>
          <Icon name="copy" /> Copy link
        </button>
        {canSend && (
          <button type="button" class="button" onClick={() => void send()}>
            <Icon name="share" /> Send
          </button>
        )}
      </div>
    </section>
  );
}

/** The drawing's address for an <img>, where no script in it could run. */
function useDrawing(svg: string): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return address;
}
