import { opening } from "../open-study";

/** For keyboard and screen reader: the study in words, without a way through the pictures. */
export function SkipLinks({ uid }: { uid: string }) {
  const here = opening.value;
  if (here?.uid !== uid || !here.detail) return null;
  return (
    <nav class="skip-links" aria-label="Skip">
      {here.report && <SkipLink target="report-title">To the report</SkipLink>}
      <SkipLink target="series-title">To the series</SkipLink>
    </nav>
  );
}

function SkipLink({ target, children }: { target: string; children: string }) {
  // The address stays the study's own: a fragment would be one more page to go back through.
  const skip = (event: Event) => {
    event.preventDefault();
    const place = document.getElementById(target);
    if (!place) return;
    place.tabIndex = -1;
    place.focus();
    place.scrollIntoView({ block: "center" });
  };
  return (
    <a class="button" href={`#${target}`} onClick={skip}>
      {children}
    </a>
  );
}
