import { useEffect, useRef, useState } from "preact/hooks";
import { count } from "../moment";
import { asFailure, type RequestFailed } from "../problem";
import { leave, session, signIn } from "../session";
import { site } from "../site";
import "../styles/sign-in.css";

/** Name and password; alone on the screen, or over the one whose session has ended. */
export function SignIn({ isOver }: { isOver: boolean }) {
  return (
    <div class="sign-in">
      <header>
        <img src="/icons/icon.svg" alt="" width="64" height="64" />
        <h1>{site.value?.name ?? "Lightbox"}</h1>
        {isOver && <p>Your session has ended. Sign in to go on where you were.</p>}
      </header>
      <Credentials name={isOver ? (session.value?.user.name ?? "") : ""} isOver={isOver} />
      {isOver && (
        <button type="button" class="button quiet" onClick={() => void leave()}>
          Leave this screen
        </button>
      )}
      <p class="review">{site.value?.review_notice ?? " "}</p>
    </div>
  );
}

function Credentials({ name, isOver }: { name: string; isOver: boolean }) {
  const [failure, setFailure] = useState<RequestFailed | null>(null);
  const [isBusy, setBusy] = useState(false);
  const wait = useWait(failure);
  const form = useRef<HTMLFormElement>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (!form.current || isBusy || wait > 0) return;
    const typed = new FormData(form.current);
    setBusy(true);
    setFailure(null);
    try {
      await signIn(String(typed.get("username")).trim(), String(typed.get("password")));
    } catch (thrown) {
      setFailure(asFailure(thrown));
      form.current.querySelector<HTMLInputElement>("[name=password]")?.select();
    } finally {
      setBusy(false);
    }
  };

  return (
    <form ref={form} onSubmit={submit}>
      <label class="field">
        <span>Name</span>
        <input
          name="username"
          autocomplete="username"
          autocapitalize="none"
          autocorrect="off"
          spellcheck={false}
          required
          maxLength={128}
          defaultValue={name}
        />
      </label>
      <label class="field">
        <span>Password</span>
        <input
          name="password"
          type="password"
          autocomplete="current-password"
          required
          maxLength={256}
          autofocus={isOver}
        />
      </label>
      <p class="complaint" role="alert">
        {failure && complaint(failure, wait)}
      </p>
      <button type="submit" class="button first" disabled={isBusy || wait > 0}>
        {isBusy ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}

function complaint(failure: RequestFailed, wait: number): string {
  if (failure.status === 429) {
    return wait > 0 ? `Too many tries. Try again in ${count(wait, "second")}.` : "You can try again now.";
  }
  return failure.message;
}

/** Seconds left of the time the server asks to wait, counting down. */
function useWait(failure: RequestFailed | null): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    setLeft(failure?.status === 429 ? (failure.retryAfter ?? 30) : 0);
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000);
    return () => clearInterval(timer);
  }, [failure]);
  return left;
}
