/** Linear light of an sRGB value from 0 to 255 (IEC 61966-2-1). */
const LINEAR = Float64Array.from({length: 256}, (_, value) => {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

/** White point D65 of the sRGB primaries. */
const WHITE = [0.95047, 1, 1.08883];

/** CIE 1976 L*a*b* (D65, 2 degrees) of an sRGB color with channels from 0 to 255; fractions are rounded. */
export function labOf(red: number, green: number, blue: number): {L: number; a: number; b: number} {
  const r = LINEAR[clamp(red)];
  const g = LINEAR[clamp(green)];
  const b = LINEAR[clamp(blue)];
  const x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE[0]);
  const y = curve((0.2126729 * r + 0.7151522 * g + 0.072175 * b) / WHITE[1]);
  const z = curve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / WHITE[2]);
  return {L: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z)};
}

function curve(value: number): number {
  return value > 216 / 24389 ? Math.cbrt(value) : (value * 24389) / 27 / 116 + 16 / 116;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
