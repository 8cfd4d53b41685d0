import { count } from "../moment";
import { Icon } from "../ui/icon";
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
              <span class="key-name">
                {series.kind === "key-images" && <Icon name="key" />}
                <bdi>{seriesWords({ series })}</bdi>
              </span>
              <span class="soft small">
                {series.kind === "video" ? "Video" : count(series.frames.length, "image")}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
