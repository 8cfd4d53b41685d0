/** A bar of a round length; `pixels` is its length on the screen in device pixels. */
export interface ScaleBar {
  pixels: number;
  words: string;
}

/** The longest round bar that takes at most a quarter of the screen's width; null where nothing is calibrated. */
export function scaleBar(
  columnSpacing: number | null,
  source: "pixel" | "imager" | null,
  scale: number,
  screenWidth: number,
): ScaleBar | null {
  if (columnSpacing === null || !(columnSpacing > 0) || !source) return null;
  const pixelsPerMillimetre = scale / columnSpacing;
  const longest = screenWidth / 4 / pixelsPerMillimetre;
  const power = 10 ** Math.floor(Math.log10(longest));
  const length = ([5, 2, 1].find((digit) => digit * power <= longest) ?? 1) * power;
  const words = lengthWords(length);
  return {
    pixels: length * pixelsPerMillimetre,
    // Imager Pixel Spacing holds at the detector, not in the patient (PS3.3 C.8.11.4).
    words: source === "imager" ? `${words} at detector` : words,
  };
}

function lengthWords(millimetres: number): string {
  if (millimetres >= 10) return `${trim(millimetres / 10)} cm`;
  return millimetres >= 0.1 ? `${trim(millimetres)} mm` : `${trim(millimetres * 1000)} µm`;
}

const trim = (value: number) => String(Number(value.toPrecision(2)));
