import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import { asFailure, type RequestFailed } from "../problem";
import type { Share } from "../types";
import { Failure } from "../ui/failure";
import { Waiting } from "../ui/waiting";
import { ShareTrail } from "./share-trail";
import "../styles/share.css";

/** All links that the person has given away, newest first. */
export function SharesScreen() {
  const [shares, setShares] = useState<Share[] | null>(null);
  const [failure, setFailure] = useState<RequestFailed | null>(null);
  const load = () => {
    setFailure(null);
    api.shares().then(setShares, (thrown) => setFailure(asFailure(thrown)));
  };
  useEffect(load, []);
  const revoked = (id: string) =>
    setShares(
      (all) => all?.map((share) => (share.id === id ? { ...share, state: "revoked" } : share)) ?? null,
    );

  return (
    <div class="page">
      <header class="bar">
        <h1>Shares</h1>
      </header>
      {failure && <Failure failure={failure} retry={load} />}
      {!shares && !failure && (
        <Waiting>
          <div class="skeleton coming-report" aria-busy="true" />
        </Waiting>
      )}
      {shares?.length === 0 && (
        <section class="notice">
          <h2>Nothing shared yet</h2>
          <p class="soft">
            Open a study and tap Share: whoever has the link sees that study and nothing else.
          </p>
        </section>
      )}
      <ul class="trails share-list">
        {shares?.map((share) => (
          <li key={share.id}>
            <ShareTrail share={share} onRevoked={() => revoked(share.id)} />
            {share.state === "open" && (
              <a class="button quiet" href={`/studies/${share.study_instance_uid}`}>
                Open the study
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
