import type { WindowFunction, WindowSetting } from "../types";

/** Grey 0 to 255 of a modality value under a window (PS3.3 C.11.2.1.2 and C.11.2.1.3). */
export function grey(window: WindowSetting, value: number): number {
  const { window_center: center, window_width: width } = window;
  switch (window.function) {
    case "SIGMOID":
      return rounded(1 / (1 + Math.exp((-4 * (value - center)) / width)));
    case "LINEAR_EXACT":
      return rounded((value - center) / width + 0.5);
    default:
      if (width <= 1) return value <= center - 0.5 ? 0 : 255;
      return rounded((value - (center - 0.5)) / (width - 1) + 0.5);
  }
}

const rounded = (share: number) => Math.floor(Math.min(Math.max(share, 0), 1) * 255 + 0.5);

/** The modality value that a grey of a rendered picture most likely had: the middle of its step. */
export function shadeValue(window: WindowSetting, shade: number): number {
  const { window_center: center, window_width: width } = window;
  const share = shade / 255;
  switch (window.function) {
    case "SIGMOID": {
      const inside = Math.min(Math.max(share, 0.5 / 255), 254.5 / 255);
      return center - (width / 4) * Math.log(1 / inside - 1);
    }
    case "LINEAR_EXACT":
      return center + (share - 0.5) * width;
    default:
      return center - 0.5 + (share - 0.5) * Math.max(width - 1, 0);
  }
}

/** How a plane's stored values are read (docs/api.md, X-Plane). */
export interface StoredScale {
  signed: boolean;
  slope: number;
  intercept: number;
  invert: boolean;
}

const opaque = (shade: number) => (0xff000000 | (shade << 16) | (shade << 8) | shade) >>> 0;

/** From every 16-bit stored value to an opaque grey pixel; `into` is filled between the plane's own bounds alone. */
export function storedTable(
  window: WindowSetting,
  scale: StoredScale,
  bounds: { least: number; most: number },
  into: Uint32Array,
  isInverted = false,
): void {
  const flips = scale.invert !== isInverted;
  for (let value = bounds.least; value <= bounds.most; value++) {
    const shade = grey(window, value * scale.slope + scale.intercept);
    into[value & 0xffff] = opaque(flips ? 255 - shade : shade);
  }
}

/** From the 256 greys of a picture windowed one way to an approximation of it windowed another way. */
export function approximateTable(
  from: WindowSetting,
  to: WindowSetting,
  isMonochrome1: boolean,
  isInverted: boolean,
): Uint32Array {
  const table = new Uint32Array(256);
  for (let seen = 0; seen < 256; seen++) {
    const shade = grey(to, shadeValue(from, isMonochrome1 ? 255 - seen : seen));
    table[seen] = opaque(isMonochrome1 !== isInverted ? 255 - shade : shade);
  }
  return table;
}

/** The window after a finger moved by CSS pixels: right widens, down raises the centre, both in proportion to the width. */
export function dragged(start: WindowSetting, by: { x: number; y: number }): WindowSetting {
  const width = start.window_width * Math.exp(by.x / 160);
  const center = start.window_center + (by.y * Math.max(start.window_width, 1)) / 250;
  return tidy({ window_center: center, window_width: width, function: start.function });
}

/** The window rounded as far as an eye can tell, so that the server is asked for few different ones. */
export function tidy(window: WindowSetting): WindowSetting {
  const least = window.function === "LINEAR" ? 1 : 0.001;
  const width = Math.min(Math.max(window.window_width, least), 1_000_000);
  const step = width >= 20 ? 1 : width >= 2 ? 0.1 : 0.001;
  const round = (value: number) => Number((Math.round(value / step) * step).toFixed(3));
  return {
    window_center: round(window.window_center),
    window_width: Math.max(round(width), least),
    function: window.function,
  };
}

const SUFFIX: Record<WindowFunction, string> = {
  LINEAR: "",
  LINEAR_EXACT: "-linear-exact",
  SIGMOID: "-sigmoid",
};

/** The part of a rendition's name that says the window: `-c40-w400`; empty for the object's own. */
export function renditionSuffix(window: WindowSetting | null): string {
  if (!window) return "";
  return `-c${window.window_center}-w${window.window_width}${SUFFIX[window.function]}`;
}

export const isSameWindow = (one: WindowSetting | null, other: WindowSetting | null) =>
  renditionSuffix(one) === renditionSuffix(other);

/** A window over the values between two percentiles of a plane, as Auto sets it. */
export function autoWindow(least: number, most: number): WindowSetting {
  const width = Math.max(most - least, 1);
  return tidy({ window_center: (least + most) / 2, window_width: width + 1, function: "LINEAR" });
}
