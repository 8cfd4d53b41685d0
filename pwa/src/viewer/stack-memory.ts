import { type Focus, isPreview, type PictureFacts } from "./renditions";

/** A picture that has arrived; `bitmap` is there while it is near enough to be drawn at once. */
export interface Loaded {
  n: number;
  rendition: string;
  blob: Blob;
  facts: PictureFacts;
  bitmap: ImageBitmap | null;
}

const MOST_BITMAP_BYTES = 72 * 2 ** 20;
const MOST_BLOB_BYTES = 48 * 2 ** 20;

/** What has to go so that memory stays bounded: bitmaps first, then compressed pictures, the farthest first, no previews. */
export function tooMuch(all: Loaded[], focus: Focus): { bitmaps: Loaded[]; blobs: Loaded[] } {
  let bitmapBytes = total(all, bytesOf);
  let blobBytes = total(all, (each) => each.blob.size);
  const bitmaps: Loaded[] = [];
  const blobs: Loaded[] = [];
  if (bitmapBytes <= MOST_BITMAP_BYTES && blobBytes <= MOST_BLOB_BYTES) return { bitmaps, blobs };
  const leastWorthFirst = [...all].sort((one, other) => worth(one, focus) - worth(other, focus));
  for (const each of leastWorthFirst.filter((one) => one.n !== focus.current)) {
    if (bitmapBytes > MOST_BITMAP_BYTES && each.bitmap) {
      bitmapBytes -= bytesOf(each);
      bitmaps.push(each);
    }
    if (blobBytes > MOST_BLOB_BYTES && !isPreview(each.rendition)) {
      blobBytes -= each.blob.size;
      blobs.push(each);
    }
  }
  return { bitmaps, blobs };
}

function worth(each: Loaded, focus: Focus): number {
  const isStale = !isPreview(each.rendition) && each.rendition !== focus.view + focus.state(each.n);
  return -Math.abs(each.n - focus.current) - (isStale ? 1000 : 0);
}

const bytesOf = (each: Loaded) => (each.bitmap ? each.bitmap.width * each.bitmap.height * 4 : 0);
const total = (all: Loaded[], of: (each: Loaded) => number) => all.reduce((sum, each) => sum + of(each), 0);
