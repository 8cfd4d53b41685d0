import { useEffect, useState } from "preact/hooks";
import { examined } from "../examined";
import { dropFirst } from "../first";
import { count, studyMoment } from "../moment";
import { opening } from "../open-study";
import { back, go } from "../router";
import { may } from "../session";
import type { Series, StudyDetail } from "../types";
import { Icon } from "../ui/icon";
import { useKeptScroll } from "../ui/kept-scroll";
import { ageAndSex, PatientName, SyntheticLabel } from "../ui/patient";
import { Thumbnail } from "../ui/thumbnail";
import { preloadViewer } from "../ui/viewer-place";
import { useLate } from "../ui/waiting";
import { firstStack, hasPictures, keyImagesFirst, seriesName } from "../viewer/series";
import { ReportCard } from "./report-card";
import { ShareSheet } from "./share-sheet";

interface StudyPanelProps {
  study: StudyDetail;
  /** Beside the viewer: links move the viewer instead of leaving the screen. */
  isBeside: boolean;
}

/** Who, what was reported, which series there are; View and Share at the thumb. */
export function StudyPanel({ study: detail, isBeside }: StudyPanelProps) {
  const [isSharing, setSharing] = useState(false);
  useEffect(() => {
    // Beside the viewer the picture is the viewer's to take over.
    if (!isBeside) dropFirst();
    preloadViewer();
  }, [isBeside]);
  // The report stands first and its length is unknown: the series wait a moment for it instead of being pushed away.
  const { report, reportFailure } = opening.value ?? {};
  const isReportKnown = useLate(1000) || report !== undefined || !!reportFailure;
  useKeptScroll(!isBeside && isReportKnown);
  const first = firstStack(detail.series.filter(hasPictures));
  const canShare = may("share:create") && !detail.guest;
  return (
    <div class={isBeside ? "study beside" : "page study"}>
      <PatientHeader detail={detail} hasBack={!detail.guest} />
      <ReportCard study={detail} isBeside={isBeside} />
      {isReportKnown && <SeriesList detail={detail} isBeside={isBeside} />}
      {(!isBeside || canShare) && (
        <footer class="actions">
          {!isBeside && (
            <button
              type="button"
              class="button first"
              disabled={!first}
              onClick={() => first && go(seriesAddress(detail, first))}
            >
              {first ? "View" : "No images"}
            </button>
          )}
          {canShare && (
            <button type="button" class="button" onClick={() => setSharing(true)}>
              <Icon name="share" /> Share
            </button>
          )}
        </footer>
      )}
      {isSharing && <ShareSheet study={detail} onClose={() => setSharing(false)} />}
    </div>
  );
}

const seriesAddress = (detail: StudyDetail, series: Series) =>
  `/studies/${detail.study.study_instance_uid}?series=${series.series_instance_uid}`;

/** Name, number, birth date, sex and age: never hidden, whatever scrolls. */
export function PatientHeader({ detail, hasBack }: { detail: StudyDetail; hasBack: boolean }) {
  const { study } = detail;
  return (
    <header class="patient">
      {hasBack && (
        <button
          type="button"
          class="button square"
          aria-label="Back to the studies"
          onClick={() => back("/")}
        >
          <Icon name="back" />
        </button>
      )}
      <div>
        <h1>
          <PatientName name={study.patient_name} /> <span class="soft">{ageAndSex(study)}</span>
        </h1>
        <p class="soft small facts">
          <span>
            ID <bdi class="id">{study.patient_id || "unknown"}</bdi>
          </span>
          <span>born {study.patient_birth_date ?? "unknown"}</span>
          <SyntheticLabel study={study} />
        </p>
        <p class="small facts">
          <strong>
            <bdi>{examined(study)}</bdi>
          </strong>
          <time>{studyMoment(study.study_date, study.study_time)}</time>
        </p>
      </div>
    </header>
  );
}

function SeriesList({ detail, isBeside }: { detail: StudyDetail; isBeside: boolean }) {
  const shown = keyImagesFirst(detail.series).filter((series) => series.kind !== "other");
  // Presentation states are offered with the images that they shape.
  const others = detail.series.filter((each) => each.kind === "other" && each.modality !== "PR").length;
  return (
    <section aria-labelledby="series-title">
      <h2 id="series-title" class="part">
        Series
      </h2>
      <ul class="series">
        {shown.map((series) => (
          <li key={series.series_instance_uid}>
            <SeriesRow detail={detail} series={series} isBeside={isBeside} />
          </li>
        ))}
      </ul>
      {others > 0 && (
        <p class="soft small others">
          {count(others, "further series", "further series")} without a picture to show.
        </p>
      )}
      {detail.series.length === 0 && <p class="soft others">This study holds no series.</p>}
    </section>
  );
}

function SeriesRow({ detail, series, isBeside }: { detail: StudyDetail; series: Series; isBeside: boolean }) {
  const isDocument = series.kind === "document";
  const isKey = series.kind === "key-images";
  const address = isDocument
    ? `/studies/${detail.study.study_instance_uid}/report`
    : seriesAddress(detail, series);
  return (
    <a
      href={address}
      onClick={(event) => {
        if (!isBeside || isDocument) return;
        event.preventDefault();
        go(address, { replace: true });
      }}
    >
      <Thumbnail series={series} />
      <span class="named">
        <span class="key-name">
          {isKey && <Icon name="key" />}
          <bdi>{seriesName(series)}</bdi>
        </span>
        <span class="soft small">
          {[
            isKey ? "Key images" : series.modality,
            series.series_number !== null && `series ${series.series_number}`,
            series.laterality,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span class="soft amount">{amount(series)}</span>
    </a>
  );
}

function amount(series: Series): string {
  if (series.kind === "document") return "Report";
  return series.kind === "video" ? "Video" : series.frame_count.toLocaleString("en");
}
