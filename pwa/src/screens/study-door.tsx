import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { dropFirst, needsTap } from "../first";
import { opening, openStudy } from "../open-study";
import type { RequestFailed } from "../problem";
import { back } from "../router";
import { session } from "../session";
import { Failure } from "../ui/failure";
import { Icon } from "../ui/icon";
import { Waiting } from "../ui/waiting";

/** What stands before a study that is not open yet: the opening, a tap, a reason, or why it stays closed. */
export function StudyDoor({ uid, isBeside }: { uid: string; isBeside: boolean }) {
  const [mustTap, setMustTap] = useState(needsTap);
  useEffect(() => {
    if (!mustTap) void openStudy(uid);
  }, [uid, mustTap]);
  const failure = opening.value?.uid === uid ? opening.value.failure : null;
  useEffect(() => {
    if (failure) dropFirst();
  }, [failure]);

  if (mustTap) {
    const tapped = () => {
      dropFirst();
      setMustTap(false);
    };
    return (
      <Closed>
        <section class="notice">
          <h2>Open this study?</h2>
          <p class="soft">
            The link came from outside Lightbox. Opening a study is recorded under your name.
          </p>
          <button type="button" class="button first" onClick={tapped}>
            Open study
          </button>
        </section>
      </Closed>
    );
  }
  if (failure?.kind === "step-needed") {
    return (
      <Closed>
        <Reason uid={uid} sentence={failure.message} />
      </Closed>
    );
  }
  if (failure) {
    return (
      <Closed>
        <Refused uid={uid} failure={failure} />
      </Closed>
    );
  }
  return <Coming isBeside={isBeside} />;
}

function Closed({ children }: { children: ComponentChildren }) {
  return (
    <div class="page">
      <header class="bar">
        {!session.value?.share && (
          <button
            type="button"
            class="button square"
            aria-label="Back to the studies"
            onClick={() => back("/")}
          >
            <Icon name="back" />
          </button>
        )}
        <h1>Study</h1>
      </header>
      {children}
    </div>
  );
}

/** Why the study stays closed; trying again only where it may help. */
function Refused({ uid, failure }: { uid: string; failure: RequestFailed }) {
  if (failure.status !== 403 && failure.status !== 404) {
    return <Failure failure={failure} retry={() => void openStudy(uid)} />;
  }
  return (
    <>
      <Failure failure={failure} />
      {!session.value?.share && (
        <p class="notice">
          <a class="button" href="/">
            To the studies
          </a>
        </p>
      )}
    </>
  );
}

/** Restricted studies open with a reason, which the record keeps. */
function Reason({ uid, sentence }: { uid: string; sentence: string }) {
  const [reason, setReason] = useState("");
  return (
    <form
      class="notice reason"
      onSubmit={(event) => {
        event.preventDefault();
        void openStudy(uid, reason.trim());
      }}
    >
      <h2>A reason is needed</h2>
      <p class="soft">{sentence}</p>
      <label class="field">
        <span>Why you open this study</span>
        <input
          required
          maxLength={200}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button first" disabled={!reason.trim()}>
        Open study
      </button>
    </form>
  );
}

/** The study screen's own shape while the study comes, so that nothing moves when it is there. */
function Coming({ isBeside }: { isBeside: boolean }) {
  return (
    <Waiting>
      <div class={isBeside ? "study beside" : "page study"} aria-busy="true">
        <header class="patient">
          <div>
            <span class="skeleton coming-name" />
            <span class="skeleton coming-facts" />
          </div>
        </header>
        <div class="skeleton coming-report" />
        <ul class="series">
          {[0, 1, 2].map((at) => (
            <li key={at} class="skeleton coming-series" />
          ))}
        </ul>
      </div>
    </Waiting>
  );
}
