import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import { examined } from "../examined";
import { nameInOneLine } from "../person";
import { asFailure, type RequestFailed } from "../problem";
import type { CreatedShare, Share, StudyDetail } from "../types";
import { Sheet } from "../ui/sheet";
import { ShareForm } from "./share-form";
import { ShareLink } from "./share-link";
import { ShareTrail } from "./share-trail";
import "../styles/share.css";

interface ShareSheetProps {
  study: StudyDetail;
  onClose: () => void;
}

/** Makes a link to this study; below it what became of the links made before. */
export function ShareSheet({ study, onClose }: ShareSheetProps) {
  const uid = study.study.study_instance_uid;
  const [made, setMade] = useState<CreatedShare | null>(null);
  const [shares, setShares] = useState<Share[]>([]);
  const [failure, setFailure] = useState<RequestFailed | null>(null);
  useEffect(() => {
    const asking = new AbortController();
    api.shares(uid, asking.signal).then(setShares, (thrown) => {
      if (!asking.signal.aborted) setFailure(asFailure(thrown));
    });
    return () => asking.abort();
  }, [uid]);

  const changed = (share: Share) =>
    setShares((all) => [share, ...all.filter((each) => each.id !== share.id)].sort(newestFirst));
  return (
    <Sheet title={made ? "Link to this study" : "Share this study"} onClose={onClose}>
      <p class="small">
        <strong>{nameInOneLine(study.study.patient_name)}</strong>{" "}
        <span class="soft">{examined(study.study)}</span>
      </p>
      {made ? (
        <ShareLink share={made} />
      ) : (
        <ShareForm
          study={study}
          onMade={(share) => {
            setMade(share);
            changed(share);
          }}
        />
      )}
      {failure && (
        <p class="complaint" role="alert">
          {failure.message}
        </p>
      )}
      {shares.length > 0 && (
        <section>
          <h3 class="trail-title">Your links to this study</h3>
          <ul class="trails">
            {shares.map((share) => (
              <li key={share.id}>
                <ShareTrail share={share} onRevoked={() => changed({ ...share, state: "revoked" })} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </Sheet>
  );
}

const newestFirst = (one: Share, other: Share) => other.created_at.localeCompare(one.created_at);
