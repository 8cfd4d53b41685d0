import { useState } from "preact/hooks";
import { api } from "../api";
import { count } from "../moment";
import { asFailure, type RequestFailed } from "../problem";
import type { CreatedShare, NewShare, StudyDetail } from "../types";
import { hasPictures, keyImagesFirst } from "../viewer/series";

/** What the person has chosen so far; `chosen` is null for the whole study. */
interface Wish {
  chosen: string[] | null;
  withReport: boolean;
  days: number;
  passphrase: string;
  maxOpens: string;
  recipient: string;
}

interface PartProps {
  wish: Wish;
  change: (news: Partial<Wish>) => void;
}

interface ShareFormProps {
  study: StudyDetail;
  onMade: (share: CreatedShare) => void;
}

/** What is shared, for how long, how protected: good defaults, one button. */
export function ShareForm({ study, onMade }: ShareFormProps) {
  const [wish, setWish] = useState<Wish>({
    chosen: null,
    withReport: true,
    days: 7,
    passphrase: "",
    maxOpens: "",
    recipient: "",
  });
  const [failure, setFailure] = useState<RequestFailed | null>(null);
  const [isBusy, setBusy] = useState(false);
  const change = (news: Partial<Wish>) => setWish((before) => ({ ...before, ...news }));

  const make = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      onMade(await api.createShare(asked(study.study.study_instance_uid, wish)));
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };

  return (
    <form class="share-form" onSubmit={make}>
      <What study={study} wish={wish} change={change} />
      <Lifetime wish={wish} change={change} />
      <Protection wish={wish} change={change} />
      <p class="complaint" role="alert">
        {failure?.message}
      </p>
      <button type="submit" class="button first" disabled={isBusy || wish.chosen?.length === 0}>
        {isBusy ? "Making the link…" : "Make link"}
      </button>
    </form>
  );
}

function asked(uid: string, wish: Wish): NewShare {
  const share: NewShare = { study_instance_uid: uid, days: wish.days, with_report: wish.withReport };
  if (wish.chosen) share.series_instance_uids = wish.chosen;
  if (wish.passphrase) share.passphrase = wish.passphrase;
  if (wish.maxOpens) share.max_opens = Number(wish.maxOpens);
  if (wish.recipient.trim()) share.recipient = wish.recipient.trim();
  return share;
}

function Chip({ label, isOn, onTap }: { label: string; isOn: boolean; onTap: () => void }) {
  return (
    <button type="button" class="chip" aria-pressed={isOn} onClick={onTap}>
      {label}
    </button>
  );
}

function What({ study, wish, change }: PartProps & { study: StudyDetail }) {
  const pictures = keyImagesFirst(study.series).filter(hasPictures);
  const all = pictures.map((series) => series.series_instance_uid);
  const chosen = wish.chosen;
  return (
    <fieldset>
      <legend>What</legend>
      <div class="chips">
        <Chip label="Whole study" isOn={!chosen} onTap={() => change({ chosen: null })} />
        {all.length > 1 && (
          <Chip
            label="Some series"
            isOn={!!chosen}
            onTap={() => change({ chosen: chosen ?? all.slice(0, 1) })}
          />
        )}
        {study.study.has_report && (
          <Chip
            label="With report"
            isOn={wish.withReport}
            onTap={() => change({ withReport: !wish.withReport })}
          />
        )}
      </div>
      {chosen && (
        <ul class="series-choice">
          {pictures.map(({ series_instance_uid: uid, series_description, modality, frame_count }) => (
            <li key={uid}>
              <label>
                <input
                  type="checkbox"
                  checked={chosen.includes(uid)}
                  onChange={() =>
                    change({
                      chosen: chosen.includes(uid) ? chosen.filter((each) => each !== uid) : [...chosen, uid],
                    })
                  }
                />
                <span>
                  {series_description || modality} <span class="soft">{frame_count}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}

function Lifetime({ wish, change }: PartProps) {
  return (
    <fieldset>
      <legend>For how long</legend>
      <div class="chips">
        {[1, 7, 30].map((days) => (
          <Chip
            key={days}
            label={count(days, "day")}
            isOn={wish.days === days}
            onTap={() => change({ days })}
          />
        ))}
      </div>
    </fieldset>
  );
}

function Protection({ wish, change }: PartProps) {
  return (
    <div class="protection">
      <label class="field wide">
        <span>Passphrase, told by another way (optional, 6 characters or more)</span>
        <input
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          minLength={6}
          maxLength={128}
          value={wish.passphrase}
          onInput={(event) => change({ passphrase: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>For whom (optional)</span>
        <input
          autocomplete="off"
          maxLength={200}
          value={wish.recipient}
          onInput={(event) => change({ recipient: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>Openings, at most</span>
        <input
          type="number"
          inputmode="numeric"
          min={1}
          max={1000}
          placeholder="No limit"
          value={wish.maxOpens}
          onInput={(event) => change({ maxOpens: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}
