/** The API's words (docs/api.md), exactly. */

export type WindowFunction = "LINEAR" | "LINEAR_EXACT" | "SIGMOID";

export interface Site {
  name: string;
  version: string;
  demo: boolean;
  review_notice: string;
  /** The visitor's own session, null for nobody. */
  session: Session | null;
}

export interface GuestShare {
  id: string;
  study_instance_uid: string;
  shared_by: string;
  expires_at: string;
}

export interface Session {
  user: { name: string; display_name: string; role: string };
  scopes: string[];
  expires_at: string;
  share: GuestShare | null;
}

export interface Search {
  words?: string;
  patient_name?: string;
  patient_id?: string;
  accession_number?: string;
  modalities?: string[];
  date_from?: string;
  date_to?: string;
  show?: "urgent" | "new" | "recent";
  limit?: number;
  offset?: number;
}

export interface StudySummary {
  study_instance_uid: string;
  archive: string;
  patient_name: string;
  patient_id: string;
  patient_birth_date: string | null;
  patient_sex: string;
  patient_age: string;
  study_date: string | null;
  study_time: string | null;
  study_description: string;
  accession_number: string;
  referring_physician: string;
  modalities: string[];
  series_count: number;
  image_count: number;
  has_report: boolean;
  synthetic: boolean;
  /** `likely` is what rules guess where the archive says nothing. */
  urgency: "stat" | "high" | "likely" | null;
  urgency_reason: string;
  is_new: boolean;
}

export interface ArchiveState {
  name: string;
  state: string;
  detail: string;
}

export interface SearchResult {
  studies: StudySummary[];
  more: boolean;
  urgent_count: number;
  new_count: number;
  new_since: string;
  archives: ArchiveState[];
}

export interface WindowSetting {
  window_center: number;
  window_width: number;
  function: WindowFunction;
}

export interface Preset extends WindowSetting {
  name: string;
}

export interface EdgeLetters {
  left: string;
  right: string;
  top: string;
  bottom: string;
}

export interface Frame {
  /** Place in the series' stack, from 1. */
  n: number;
  sop_instance_uid: string;
  frame_number: number;
  rows: number;
  columns: number;
  /** Height of a pixel over its width. */
  pixel_aspect: number;
  /** Address of an IIIF Image 3 service where the frame is too large for `full` and for planes. */
  zoom: string | null;
  /** Bytes of the frame's pixels, uncompressed. */
  stored_bytes: number;
  /** Millimetres. */
  row_spacing: number | null;
  column_spacing: number | null;
  spacing_source: "pixel" | "imager" | null;
  letters: EdgeLetters | null;
  laterality: string;
  slice_location: number | null;
  window: WindowSetting | null;
  stored_lossy: { method: string; ratio: number | null } | null;
}

export type SeriesKind = "images" | "key-images" | "video" | "document" | "other";

/** A frame as a presentation state shows it. */
export interface StateFrame {
  /** The frame's place in the series' stack. */
  n: number;
  rows: number;
  columns: number;
  pixel_aspect: number;
  letters: EdgeLetters | null;
  row_spacing: number | null;
  column_spacing: number | null;
  window: WindowSetting | null;
}

/** A grayscale or colour softcopy presentation state of a series. */
export interface PresentationState {
  /** Its number in renditions' names: `-p2`. */
  n: number;
  label: string;
  description: string;
  created: string | null;
  frames: StateFrame[];
}

export interface Video {
  address: string;
  media_type: string;
  /** Frames a second. */
  rate: number;
  /** Whether browsers play it as it is stored. */
  playable: boolean;
}

export interface CineTiming {
  /** Frames a second. */
  rate: number;
  /** Milliseconds from each frame to the next, where they are uneven. */
  frame_times: number[] | null;
}

export interface Series {
  series_instance_uid: string;
  modality: string;
  series_number: number | null;
  series_description: string;
  body_part_examined: string;
  laterality: string;
  kind: SeriesKind;
  frame_count: number;
  frames: Frame[];
  /** Address template with {rendition} and {n}; null where there is no picture. */
  tiles: string | null;
  cine: CineTiming | null;
  states: PresentationState[];
  video: Video | null;
  presets: Preset[];
  color: boolean;
}

export interface StudyDetail {
  study: StudySummary;
  opened_at: string;
  review_notice: string;
  guest: boolean;
  series: Series[];
}

export type SectionRole =
  | "impression"
  | "findings"
  | "indication"
  | "comparison"
  | "recommendation"
  | "other";

export interface ReportSection {
  role: SectionRole;
  title: string;
  paragraphs: string[];
}

export interface Measurement {
  name: string;
  value: string | number;
  unit: string;
  finding: string | null;
}

export interface ImageReference {
  sop_instance_uid: string;
  series_instance_uid: string | null;
  n: number | null;
  frame_number: number | null;
  text: string;
}

export interface ReportNode {
  name: string;
  value: string;
  type: string;
  children: ReportNode[];
}

export interface ReportSource {
  sop_instance_uid: string;
  title: string;
  kind: string;
  status: { completion: string; verification: string };
  author: string;
  observed_at: string | null;
  sections: ReportSection[];
  measurements: Measurement[];
  references: ImageReference[];
  tree: ReportNode;
}

export interface Report {
  study_instance_uid: string;
  sources: ReportSource[];
  impression: string | null;
}

export interface NewShare {
  study_instance_uid: string;
  series_instance_uids?: string[];
  days?: number;
  max_opens?: number;
  passphrase?: string;
  with_report?: boolean;
  recipient?: string;
  purpose?: string;
}

export interface Share {
  id: string;
  study_instance_uid: string;
  created_at: string;
  expires_at: string;
  max_opens: number | null;
  opens: number;
  has_passphrase: boolean;
  recipient: string;
  purpose: string;
  state: "open" | "expired" | "used-up" | "revoked";
  trail: { at: string; what: "opened" | "refused"; device: string }[];
}

export interface CreatedShare extends Share {
  url: string;
  qr_svg: string;
}

export interface SharePreview {
  shared_by: string;
  expires_at: string;
  needs_passphrase: boolean;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
}
