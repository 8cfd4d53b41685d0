import { useLayoutEffect, useRef } from "preact/hooks";
import type { Frame } from "../types";
import { type Laying, pointOver } from "./measure-shape";
import { valueAt } from "./measure-statistics";
import { whole } from "./measure-words";
import type { Finger } from "./measuring";
import type { Planes } from "./planes";
import type { Scene } from "./scene";
import type { Point, Size } from "./viewport";

const SIZE = 112;
const TIMES = 3;
/** From the finger's middle to the magnifier's: a fingertip is some 40 px wide. */
const ASIDE = 112;
const EDGE = 4;

interface MagnifierProps {
  scene: Scene;
  /** The canvas that the picture is on. */
  picture: { current: HTMLCanvasElement | null };
}

/** The picture around the point that a finger sets or looks at, beside the finger; for a probe with the value. */
export function Magnifier({ scene, picture }: MagnifierProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const finger = scene.measuring.finger.value;
  const placed = scene.measuring.placed.value;
  useLayoutEffect(() => {
    if (!finger || !placed || !canvas.current || !picture.current) return;
    magnify(picture.current, canvas.current, pointOver(finger.place, placed.laying), placed.laying);
  }, [picture, finger, placed]);
  if (!finger || !placed) return null;
  const screen = cssSize(scene, placed.laying);
  const { x, y } = beside(finger.at, screen);
  return (
    <div class="magnifier" style={{ left: `${x - SIZE / 2}px`, top: `${y - SIZE / 2}px` }}>
      <canvas ref={canvas} width={SIZE * 2} height={SIZE * 2} />
      {finger.isProbing && <p>{probeWords(scene.exactPlanes(), placed.frame, finger)}</p>}
    </div>
  );
}

/** The middle of the magnifier: left of the finger and above, right where there is no room, always on the screen. */
export function beside(finger: Point, screen: Size): Point {
  const half = SIZE / 2 + EDGE;
  const left = finger.x - ASIDE;
  const right = finger.x + ASIDE;
  const y = within(finger.y - ASIDE * 0.7, half, screen.height - half);
  if (left >= half) return { x: left, y };
  if (right <= screen.width - half) return { x: right, y };
  // Too narrow for both sides: above the finger, below where there is no room either.
  const above = finger.y - ASIDE;
  return {
    x: within(finger.x, half, screen.width - half),
    y: above >= half ? above : finger.y + ASIDE,
  };
}

const within = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most));

const cssSize = (scene: Scene, { ratio }: Laying): Size => ({
  width: scene.camera.screen.width / ratio,
  height: scene.camera.screen.height / ratio,
});

function magnify(picture: HTMLCanvasElement, into: HTMLCanvasElement, point: Point, { ratio }: Laying): void {
  const context = into.getContext("2d");
  if (!context) return;
  const part = (SIZE / TIMES) * ratio;
  const [x, y] = [point.x * ratio - part / 2, point.y * ratio - part / 2];
  context.fillStyle = "#000";
  context.fillRect(0, 0, into.width, into.height);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, x, y, part, part, 0, 0, into.width, into.height);
}

/** The value under the finger in the plane's unit, and whether it is the exact one yet. */
function probeWords(planes: Planes | null, frame: Frame, { place }: Finger): string {
  if (!planes) return "No values here";
  const plane = planes.get(frame.n);
  if (!plane) return planes.hasGivenUp(frame.n) ? "Values cannot be had now" : "Waiting for the value";
  const value = valueAt(plane, frame, place);
  if (value === null) return "Outside the image";
  const words = `${whole(value)}${plane.unit ? ` ${plane.unit}` : ""}`;
  return plane.reduce === 1 ? words : `${words}, approximate`;
}
