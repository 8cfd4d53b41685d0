import { signal, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { dropFirst } from "./first";
import { isOnline } from "./offline";
import { asFailure, type RequestFailed } from "./problem";
import { go, type Route, route } from "./router";
import { GuestScreen } from "./screens/guest";
import { MeScreen } from "./screens/me";
import { ReportScreen } from "./screens/report";
import { SharesScreen } from "./screens/shares";
import { SignIn } from "./screens/sign-in";
import { StudyScreen } from "./screens/study";
import { Worklist } from "./screens/worklist";
import { hasEnded, leave, loadSession, session } from "./session";
import type { Session } from "./types";
import { Banners } from "./ui/banners";
import { Failure } from "./ui/failure";
import { SkipLinks } from "./ui/skip-links";
import { Tabs } from "./ui/tabs";
import "./styles/frame.css";

const failure = signal<RequestFailed | null>(null);

function load(): void {
  failure.value = null;
  loadSession().catch((thrown) => {
    failure.value = asFailure(thrown);
  });
}

/** The app: the screen that the address names, under the sign-in where that is needed. */
export function App() {
  useEffect(load, []);
  useSignalEffect(() => {
    // The network came back before anything could be known.
    if (isOnline.value && failure.peek()) load();
  });
  const place = useRef<HTMLElement>(null);
  useScreenFocus(place);
  return (
    <>
      <main ref={place} tabIndex={-1}>
        {route.value.screen === "study" && <SkipLinks uid={route.value.uid} />}
        {failure.value ? <Failure failure={failure.value} retry={load} /> : <Screen />}
      </main>
      {hasEnded.value && <Ended />}
      <Banners />
    </>
  );
}

/** A new screen is where the keyboard and the screen reader go on. */
function useScreenFocus(place: RefObject<HTMLElement | null>): void {
  const { screen } = route.value;
  const before = useRef(screen);
  useEffect(() => {
    if (before.current === screen) return;
    before.current = screen;
    place.current?.focus({ preventScroll: true });
  }, [screen, place]);
}

function Screen() {
  const person = session.value;
  const here = route.value;
  if (here.screen === "guest") return <GuestScreen key={here.shareId} shareId={here.shareId} />;
  if (person === undefined) return null;
  if (person === null) return <AtTheDoor />;
  return person.share ? <GuestsOnly person={person} here={here} /> : <Everywhere here={here} />;
}

function AtTheDoor() {
  useEffect(dropFirst, []);
  return <SignIn isOver={false} />;
}

/** A guest sees one study and nothing else. */
function GuestsOnly({ person, here }: { person: Session; here: Route }) {
  const uid = person.share?.study_instance_uid ?? "";
  const isTheirs = (here.screen === "study" || here.screen === "report") && here.uid === uid;
  useEffect(() => {
    if (!isTheirs) go(`/studies/${uid}`, { replace: true });
  }, [isTheirs, uid]);
  if (!isTheirs) return null;
  return here.screen === "report" ? (
    <ReportScreen uid={uid} />
  ) : (
    <StudyScreen uid={uid} start={here.screen === "study" ? here.start : null} />
  );
}

function Everywhere({ here }: { here: Route }) {
  switch (here.screen) {
    case "study":
      return <StudyScreen uid={here.uid} start={here.start} />;
    case "report":
      return <ReportScreen uid={here.uid} />;
    default:
      return (
        <>
          <div class="beside-tabs">
            <Place here={here} />
          </div>
          <Tabs screen={here.screen === "sign-in" ? "worklist" : here.screen} />
        </>
      );
  }
}

function Place({ here }: { here: Route }) {
  useEffect(() => {
    if (here.screen === "sign-in") go("/", { replace: true });
  }, [here.screen]);
  useEffect(() => {
    if (here.screen !== "worklist" || !here.query.has("search")) return;
    document.querySelector<HTMLInputElement>("input[type=search]")?.focus();
    go("/", { replace: true });
  }, [here]);
  if (here.screen === "me") return <MeScreen />;
  if (here.screen === "shares") return <SharesScreen />;
  if (here.screen === "lost") return <Lost />;
  return (
    <div class="page">
      <Worklist />
    </div>
  );
}

function Lost() {
  return (
    <section class="notice page">
      <h1>There is nothing at this address</h1>
      <p class="soft">The link may be incomplete.</p>
      <a class="button" href="/">
        To the studies
      </a>
    </section>
  );
}

/** Over the screen whose session has ended; the screen stays as it is below. */
function Ended() {
  const place = useRef<HTMLDialogElement>(null);
  useEffect(() => place.current?.showModal(), []);
  return (
    <dialog ref={place} class="over" aria-label="Sign in again" onCancel={(event) => event.preventDefault()}>
      {session.value?.share ? <GuestEnded /> : <SignIn isOver={true} />}
    </dialog>
  );
}

function GuestEnded() {
  return (
    <div class="door">
      <section class="notice" role="alert">
        <h2>The link is over, or its time here has ended</h2>
        <p class="soft">Open the link again from the message. If it no longer opens, ask for a new one.</p>
        <button type="button" class="button" onClick={() => void leave()}>
          Leave
        </button>
      </section>
    </div>
  );
}
