/** The streamed answer of all previews of a series (docs/api.md): number, length, JPEG, over and over. */

import { api } from "../api";

const HEAD_BYTES = 8;
/** Below this a few single requests are as quick. */
const WORTH_A_STREAM = 12;

/** Whether all previews of a stack of so many slices should come unasked: not where the line is to be spared. */
export function mayStream(count: number): boolean {
  const line = (globalThis.navigator as { connection?: { saveData?: boolean } } | undefined)?.connection;
  return count >= WORTH_A_STREAM && !line?.saveData;
}

/** Hands over each slice's preview as it arrives, from slice `from` outwards; null for one that cannot be shown. */
export async function streamPreviews(
  at: { study: string; series: string; from: number },
  signal: AbortSignal,
  onPreview: (n: number, body: Blob | null) => void,
): Promise<void> {
  const response = await api.previews(at.study, at.series, at.from, signal);
  const reader = response.body?.getReader();
  if (!reader) return;
  const pieces = new Pieces();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    pieces.add(value);
    for (let next = pieces.take(); next; next = pieces.take()) onPreview(next.n, next.body);
  }
}

/** Bytes as they come off the line, given out picture by picture. */
export class Pieces {
  private rest = new Uint8Array();

  add(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.rest.length + bytes.length);
    joined.set(this.rest);
    joined.set(bytes, this.rest.length);
    this.rest = joined;
  }

  /** The next whole picture, or null until more has come. */
  take(): { n: number; body: Blob | null } | null {
    if (this.rest.length < HEAD_BYTES) return null;
    const head = new DataView(this.rest.buffer, this.rest.byteOffset, HEAD_BYTES);
    const end = HEAD_BYTES + head.getUint32(4);
    if (this.rest.length < end) return null;
    const body = this.rest.slice(HEAD_BYTES, end);
    this.rest = this.rest.subarray(end);
    return { n: head.getUint32(0), body: body.length ? new Blob([body], { type: "image/jpeg" }) : null };
  }
}
