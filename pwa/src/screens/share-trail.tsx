import { useState } from "preact/hooks";
import { api } from "../api";
import { count, localMoment, timeUntil } from "../moment";
import { asFailure } from "../problem";
import type { Share } from "../types";
import { announce } from "../ui/announce";

interface ShareTrailProps {
  share: Share;
  onRevoked: () => void;
}

/** One link that was given away: its state, who opened it and when, and the end of it in two taps. */
export function ShareTrail({ share, onRevoked }: ShareTrailProps) {
  return (
    <article class="trail">
      <header>
        <strong>{share.recipient || "Anyone with the link"}</strong>
        <State share={share} />
      </header>
      <p class="soft small">
        Made {localMoment(share.created_at)} · {opens(share)}
        {share.has_passphrase && " · passphrase"}
      </p>
      {share.trail.length > 0 && (
        <ol class="openings">
          {share.trail.map((entry) => (
            <li key={entry.at + entry.what} class="opening">
              <time>{localMoment(entry.at)}</time>
              <span class={entry.what}>{entry.what === "opened" ? "Opened" : "Refused"}</span>
              <span class="soft">{entry.device}</span>
            </li>
          ))}
        </ol>
      )}
      {share.state === "open" && <Revoke id={share.id} onRevoked={onRevoked} />}
    </article>
  );
}

function State({ share }: { share: Share }) {
  if (share.state === "open") return <span class="small">Open, {timeUntil(share.expires_at)} left</span>;
  const words = { expired: "Expired", "used-up": "Used up", revoked: "Revoked" }[share.state];
  return <span class="soft small">{words}</span>;
}

const opens = (share: Share) =>
  share.max_opens === null
    ? `opened ${count(share.opens, "time")}`
    : `opened ${share.opens} of ${count(share.max_opens, "time")}`;

function Revoke({ id, onRevoked }: { id: string; onRevoked: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const [complaint, setComplaint] = useState("");
  const revoke = async () => {
    try {
      await api.revokeShare(id);
      announce("The link is revoked");
      onRevoked();
    } catch (thrown) {
      setComplaint(asFailure(thrown).message);
      setAsking(false);
    }
  };
  return (
    <div class="revoke">
      {isAsking ? (
        <>
          <button type="button" class="button danger" onClick={() => void revoke()}>
            Revoke for good
          </button>
          <button type="button" class="button quiet" onClick={() => setAsking(false)}>
            Keep
          </button>
        </>
      ) : (
        <button type="button" class="button danger" onClick={() => setAsking(true)}>
          Revoke
        </button>
      )}
      {complaint && (
        <span class="small" role="alert">
          {complaint}
        </span>
      )}
    </div>
  );
}
