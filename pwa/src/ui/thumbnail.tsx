import { useState } from "preact/hooks";
import { tileAddress } from "../api";
import type { Series } from "../types";
import { Icon } from "./icon";

/** The picture in the middle of a series, in a box whose size never changes. */
export function Thumbnail({ series }: { series: Series }) {
  const [hasFailed, setFailed] = useState(false);
  const middle = Math.ceil(series.frame_count / 2);
  return (
    <span class="thumbnail">
      {series.tiles && middle > 0 && !hasFailed ? (
        <img
          src={tileAddress(series.tiles, "p256", middle)}
          alt=""
          width="72"
          height="72"
          loading="lazy"
          decoding="async"
          onError={() => setFailed(true)}
        />
      ) : (
        <Icon name={series.kind === "document" ? "report" : "picture"} />
      )}
    </span>
  );
}
