import { useState } from "preact/hooks";
import { localMoment } from "../moment";
import { opening, retryReport } from "../open-study";
import { nameInOneLine } from "../person";
import { impressionOf, leadingSource, measured, pictureAddress, standingOf } from "../report-words";
import { go } from "../router";
import type { ImageReference, Report, ReportSection, ReportSource, StudyDetail } from "../types";
import { Failure } from "../ui/failure";
import { Icon } from "../ui/icon";
import { Waiting } from "../ui/waiting";
import "../styles/report.css";

interface ReportCardProps {
  study: StudyDetail;
  isBeside: boolean;
}

/** The report, impression first; where there is none, one line says so. */
export function ReportCard({ study, isBeside }: ReportCardProps) {
  const report = opening.value?.report;
  const failure = opening.value?.reportFailure;
  if (failure) return <Failure failure={failure} retry={() => void retryReport()} />;
  if (report === undefined) {
    return study.study.has_report ? (
      <div class="report-card">
        <Waiting>
          <div class="skeleton coming-report" aria-busy="true" />
        </Waiting>
      </div>
    ) : null;
  }
  const source = report && leadingSource(report);
  if (!report || !source) return <p class="report-card none soft">No report for this study.</p>;
  return <Summary report={report} source={source} uid={study.study.study_instance_uid} isBeside={isBeside} />;
}

interface SummaryProps {
  report: Report;
  source: ReportSource;
  uid: string;
  isBeside: boolean;
}

function Summary({ report, source, uid, isBeside }: SummaryProps) {
  const [isWhole, setWhole] = useState(isBeside);
  const impression = impressionOf(report);
  const others = source.sections.filter((section) => section.role !== "impression");
  return (
    <section class="report-card" aria-labelledby="report-title">
      <header>
        <h2 id="report-title">{impression.length ? "Impression" : source.title || "Report"}</h2>
        <StandingMark source={source} />
      </header>
      {impression.map((paragraph) => (
        <p key={paragraph} class="impression" dir="auto">
          {paragraph}
        </p>
      ))}
      <Author source={source} />
      {isWhole && <Sections sections={others} />}
      {isWhole && <Measurements source={source} />}
      <References uid={uid} references={source.references} isBeside={isBeside} />
      <p class="report-links">
        {others.length + source.measurements.length > 0 && (
          <button
            type="button"
            class="button quiet"
            aria-expanded={isWhole}
            onClick={() => setWhole(!isWhole)}
          >
            {isWhole ? "Less" : "Findings and more"}
          </button>
        )}
        <a class="button quiet" href={`/studies/${uid}/report`}>
          Full report{report.sources.length > 1 && ` (${report.sources.length})`}
        </a>
      </p>
    </section>
  );
}

/** Whether the report is settled or still open, as a word with its mark. */
export function StandingMark({ source }: { source: ReportSource }) {
  const { words, standing } = standingOf(source);
  return <span class={`standing ${standing}`}>{words}</span>;
}

/** Who reported, and when. */
export function Author({ source }: { source: ReportSource }) {
  const told = [source.author && nameInOneLine(source.author), localMoment(source.observed_at)].filter(
    Boolean,
  );
  return told.length ? <p class="soft small">{told.join(" · ")}</p> : null;
}

export function Sections({ sections }: { sections: ReportSection[] }) {
  return (
    <>
      {sections.map((section) => (
        <section key={section.title + section.paragraphs[0]} class="report-section">
          <h3 class="part">{section.title || section.role}</h3>
          {section.paragraphs.map((paragraph) => (
            <p key={paragraph} dir="auto">
              {paragraph}
            </p>
          ))}
        </section>
      ))}
    </>
  );
}

export function Measurements({ source }: { source: ReportSource }) {
  if (!source.measurements.length) return null;
  return (
    <section class="report-section">
      <h3 class="part">Measurements</h3>
      <dl class="measurements">
        {source.measurements.map((measurement, at) => (
          <div key={at} class="measured">
            <dt>
              {measurement.name}
              {measurement.finding && <span class="soft small"> {measurement.finding}</span>}
            </dt>
            <dd>{measured(measurement)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface ReferencesProps {
  uid: string;
  references: ImageReference[];
  isBeside: boolean;
}

/** The pictures that the report speaks of, each a tap away. */
export function References({ uid, references, isBeside }: ReferencesProps) {
  const shown = references.flatMap((reference) => {
    const address = pictureAddress(uid, reference);
    return address ? [{ address, reference }] : [];
  });
  if (!shown.length) return null;
  return (
    <ul class="references" aria-label="Images the report speaks of">
      {shown.slice(0, 12).map(({ address, reference }) => (
        <li key={address + reference.text}>
          <a
            class="button"
            href={address}
            onClick={(event) => {
              if (!isBeside) return;
              event.preventDefault();
              go(address, { replace: true });
            }}
          >
            <Icon name="picture" /> {reference.text || `Image ${reference.n}`}
          </a>
        </li>
      ))}
    </ul>
  );
}
