/** A share's secret: taken out of the address before anything else runs, kept in memory alone. */

const held = new Map<string, string>();

/** Strips the fragment from a share's address at once, so that neither history nor a screenshot keeps it. */
export function stripSecret(): void {
  const shareId = /^\/s\/([^/]+)$/.exec(location.pathname)?.[1];
  if (!shareId || !location.hash) return;
  held.set(decodeURIComponent(shareId), location.hash.slice(1));
  history.replaceState(history.state, "", location.pathname);
}

/** The secret that came with the share's link, empty where the link arrived without. */
export const takeSecret = (shareId: string) => held.get(shareId) ?? "";
