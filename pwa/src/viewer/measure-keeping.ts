import { api } from "../api";
import { asFailure } from "../problem";
import type { Drawn } from "./measure";
import type { Measuring } from "./measuring";

const SAVED_AFTER_MS = 250;
const AGAIN_AFTER_MS = 5000;

/** Loads a study's measurements, and keeps them on the server after each change; returns what ends that. */
export function keepMeasurements(
  study: string,
  measuring: Measuring,
  say: (words: string) => void,
): () => void {
  const keeper = new Keeper(study, measuring, say);
  measuring.onChange = keeper.changed;
  void keeper.load();
  return () => keeper.dispose();
}

class Keeper {
  private version = 0;
  private isLoaded = false;
  private isSaving = false;
  private isChanged = false;
  private isOver = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly study: string,
    private readonly measuring: Measuring,
    private readonly say: (words: string) => void,
  ) {
    addEventListener("pagehide", this.flush);
    document.addEventListener("visibilitychange", this.hide);
  }

  /** Fetches what is kept; what has been drawn meanwhile stays. */
  async load(): Promise<void> {
    try {
      await this.fetch();
    } catch {
      if (this.isOver) return;
      this.say("Your measurements cannot be loaded now. They will be tried again.");
      this.timer = setTimeout(() => void this.load(), AGAIN_AFTER_MS);
    }
  }

  readonly changed = (): void => {
    this.isChanged = true;
    this.saveIn(SAVED_AFTER_MS);
  };

  dispose(): void {
    this.flush();
    this.isOver = true;
    clearTimeout(this.timer);
    removeEventListener("pagehide", this.flush);
    document.removeEventListener("visibilitychange", this.hide);
  }

  private readonly hide = () => {
    if (document.visibilityState === "hidden") this.flush();
  };

  /** Saves at once, also from a page that is going away. */
  private readonly flush = (): void => void this.save();

  private saveIn(milliseconds: number): void {
    if (!this.isLoaded || this.isOver) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.flush, milliseconds);
  }

  private async fetch(): Promise<void> {
    const { version, measurements } = await api.measurements(this.study);
    this.version = version;
    this.measuring.join(measurements);
    this.isLoaded = true;
    if (this.isChanged) this.saveIn(SAVED_AFTER_MS);
  }

  private async save(): Promise<void> {
    if (!this.isChanged || !this.isLoaded || this.isSaving) return;
    this.isSaving = true;
    this.isChanged = false;
    const drawn: Drawn[] = this.measuring.drawn.value;
    try {
      this.version = (await api.keepMeasurements(this.study, this.version, drawn)).version;
    } catch (thrown) {
      this.isChanged = true;
      await this.afterFailure(asFailure(thrown).status);
      this.isSaving = false;
      return;
    }
    this.isSaving = false;
    // Left in the meantime: there is nothing to wait for any more.
    if (this.isOver) this.flush();
    else if (this.isChanged) this.saveIn(SAVED_AFTER_MS);
  }

  /** Changed on another device: both are kept. Anything else: once more, later. */
  private async afterFailure(status: number): Promise<void> {
    if (this.isOver) return;
    if (status === 409) {
      await this.fetch().catch(() => this.saveIn(AGAIN_AFTER_MS));
      return;
    }
    if (status >= 400 && status < 500 && status !== 429) {
      // Asking the same again would be refused again; the next change asks anew.
      this.say("Your measurements were refused and are not saved. They stay here until you leave.");
      return;
    }
    this.say("Your measurements are not saved yet. They will be tried again.");
    this.saveIn(AGAIN_AFTER_MS);
  }
}
