import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import { localMoment, timeUntil } from "../moment";
import { asFailure, type RequestFailed } from "../problem";
import { go } from "../router";
import { enter, session } from "../session";
import { takeSecret } from "../share-secret";
import { site } from "../site";
import type { SharePreview } from "../types";
import { Waiting } from "../ui/waiting";
import "../styles/sign-in.css";

/** A shared link's front door: who shares and until when, one button, the passphrase where there is one. */
export function GuestScreen({ shareId }: { shareId: string }) {
  const [secret, setSecret] = useState(() => takeSecret(shareId));
  const [preview, setPreview] = useState<SharePreview | null>(null);
  const [failure, setFailure] = useState<RequestFailed | null>(null);
  useEffect(() => {
    if (!secret) return;
    setFailure(null);
    api.previewShare(shareId, secret).then(setPreview, (thrown) => setFailure(asFailure(thrown)));
  }, [shareId, secret]);

  return (
    <div class="door">
      <header>
        <img src="/icons/icon.svg" alt="" width="64" height="64" />
        <h1>{site.value?.name ?? "Lightbox"}</h1>
      </header>
      {failure ? (
        <Refused failure={failure} retry={() => setSecret("")} />
      ) : !secret ? (
        <CodeEntry onCode={setSecret} />
      ) : preview ? (
        <Invitation shareId={shareId} secret={secret} preview={preview} onRefused={setFailure} />
      ) : (
        <Waiting>
          <p class="soft">Looking up the link…</p>
        </Waiting>
      )}
      <p class="review">{site.value?.review_notice ?? " "}</p>
    </div>
  );
}

interface InvitationProps {
  shareId: string;
  secret: string;
  preview: SharePreview;
  onRefused: (failure: RequestFailed) => void;
}

function Invitation({ shareId, secret, preview, onRefused }: InvitationProps) {
  const [passphrase, setPassphrase] = useState("");
  const [complaint, setComplaint] = useState("");
  const [isBusy, setBusy] = useState(false);
  const open = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setComplaint("");
    try {
      const guest = await api.redeemShare(shareId, secret, passphrase || undefined);
      const address = `/studies/${guest.share?.study_instance_uid}`;
      // Nothing of whoever was signed in here before may stay in memory: then the page starts anew.
      if (session.value) return location.replace(address);
      enter(guest);
      go(address, { replace: true });
    } catch (thrown) {
      const failure = asFailure(thrown);
      setBusy(false);
      if (failure.status === 404 || failure.status === 410) onRefused(failure);
      else setComplaint(refusal(failure));
    }
  };
  const isSignedIn = session.value && !session.value.share;
  return (
    <form onSubmit={open}>
      <p class="shared-by">
        <strong>{preview.shared_by}</strong> shares a study with you.
      </p>
      <p class="soft small">
        Open until {localMoment(preview.expires_at)} ({timeUntil(preview.expires_at)}). Each opening is
        recorded.
      </p>
      {isSignedIn && (
        <p class="soft small">
          You are signed in: opening the link signs you out and shows this study alone.
        </p>
      )}
      {preview.needs_passphrase && (
        <label class="field">
          <span>Passphrase, as you were told</span>
          <input
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
            maxLength={128}
            value={passphrase}
            onInput={(event) => setPassphrase(event.currentTarget.value)}
          />
        </label>
      )}
      <p class="complaint" role="alert">
        {complaint}
      </p>
      <button type="submit" class="button first" disabled={isBusy}>
        {isBusy ? "Opening…" : "Open the study"}
      </button>
    </form>
  );
}

function refusal(failure: RequestFailed): string {
  if (failure.kind === "step-needed") return "The passphrase is not right. Mind capitals and spaces.";
  if (failure.status === 429) {
    return `Too many tries. Wait ${failure.retryAfter ?? 30} seconds, then try again.`;
  }
  return failure.message;
}

/** Mail programs eat what follows the # of a link: then the code can be typed. */
function CodeEntry({ onCode }: { onCode: (code: string) => void }) {
  const [code, setCode] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onCode(code.trim().split("#").pop() ?? "");
      }}
    >
      <p>The link arrived without its code, the part after the # sign.</p>
      <label class="field">
        <span>Code, or the whole link</span>
        <input
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          required
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button first">
        Continue
      </button>
    </form>
  );
}

function Refused({ failure, retry }: { failure: RequestFailed; retry: () => void }) {
  const isWrong = failure.status === 404;
  return (
    <section class="notice" role="alert">
      <h2>
        {isWrong ? "This link is not known" : failure.status === 410 ? "This link is over" : failure.title}
      </h2>
      <p class="soft">
        {isWrong
          ? "It may be incomplete. Open it again from the message, or type the code."
          : failure.message}
      </p>
      {failure.status === 410 && <p class="soft">Ask whoever sent it for a new one.</p>}
      {failure.status !== 410 && (
        <button type="button" class="button" onClick={retry}>
          Type the code
        </button>
      )}
    </section>
  );
}
