const REST_MS = 140;

/** Whether slices or windows are flying past, and which way; comes to rest by itself. */
export class Motion {
  isMoving = false;
  direction: 1 | -1 = 1;
  private left = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly onRest: () => void) {}

  /** The whole slices in what was scrolled; what is left over counts for the next time. */
  whole(slices: number): number {
    this.left += slices;
    const whole = Math.trunc(this.left);
    this.left -= whole;
    return whole;
  }

  begin(): void {
    this.isMoving = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), REST_MS);
  }

  /** The hand is off the glass. */
  end(): void {
    this.left = 0;
    this.rest();
  }

  private rest(): void {
    this.stop();
    this.onRest();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.isMoving = false;
  }
}
