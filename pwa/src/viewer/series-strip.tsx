import { count } from "../moment";
import { Thumbnail } from "../ui/thumbnail";
import { seriesWords } from "./corners";
import type { Scene } from "./scene";

/** The study's stacks to choose from. */
export function SeriesStrip({ scene, chosen }: { scene: Scene; chosen: () => void }) {
  const current = scene.series.value;
  return (
    <ul class="series-strip">
      {scene.stacks.map((series) => (
        <li key={series.series_instance_uid}>
          <button
            type="button"
            aria-current={series === current ? "true" : undefined}
            onClick={() => {
              scene.openSeries(series);
              chosen();
            }}
          >
            <Thumbnail series={series} />
            <span class="series-words">
              <bdi>{seriesWords({ series })}</bdi>
              <span class="soft small">{count(series.frames.length, "image")}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
