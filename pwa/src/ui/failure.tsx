import type { RequestFailed } from "../problem";
import { Icon } from "./icon";

/** What went wrong, in words, and the way to try again. */
export function Failure({ failure, retry }: { failure: RequestFailed; retry?: () => void }) {
  return (
    <section class="notice failed" role="alert">
      <h2>{failure.title}</h2>
      <p class="soft">{failure.message}</p>
      {retry && (
        <button type="button" class="button" onClick={retry}>
          <Icon name="retry" /> Try again
        </button>
      )}
    </section>
  );
}
