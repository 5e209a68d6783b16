/** The effect of another light or camera. */
export interface Recoloring {
  /** Factors of red, green and blue. */
  gains: readonly number[];
  /** Exponent of the tone curve; black and white do not change. */
  gamma: number;
  /** Whether all channels are then replaced by the luma. */
  grey: boolean;
}

/** Recolors RGB pixels in place: gains, clipped at white, then the tone curve. */
export function recolor(pixels: Uint8Array, {gains, gamma, grey}: Recoloring): void {
  const [red, green, blue] = gains.map((gain) => toneCurve(gain, gamma));
  for (let i = 0; i < pixels.length; i += 3) {
    // Most of a window is background, which stays black.
    if ((pixels[i] | pixels[i + 1] | pixels[i + 2]) === 0) continue;
    const r = red[pixels[i]];
    const g = green[pixels[i + 1]];
    const b = blue[pixels[i + 2]];
    if (grey) {
      // Rec. 601 luma in 16-bit fixed point, as in JPEG.
      pixels[i] = pixels[i + 1] = pixels[i + 2] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
    } else {
      pixels[i] = r;
      pixels[i + 1] = g;
      pixels[i + 2] = b;
    }
  }
}

/** What becomes of each level. */
function toneCurve(gain: number, gamma: number): Uint8Array {
  const curve = new Uint8Array(256);
  for (let value = 0; value < 256; value++) curve[value] = Math.round(255 * Math.min(1, (value * gain) / 255) ** gamma);
  return curve;
}

/**
 * Lights RGB pixels from one side, in place: pixels half a window's width from the middle towards the light are multiplied
 * by `1 + slope`, those as far on the other side by `1 - slope`, clipped at white.
 *
 * @param width width of the picture in pixels
 * @param angle direction of the light in radians, from the x axis towards the y axis
 */
export function shade(pixels: Uint8Array, width: number, slope: number, angle: number): void {
  const height = pixels.length / (3 * width);
  const [byColumn, byRow] = [Math.cos(angle), Math.sin(angle)].map((part) => (2 * slope * part) / width);
  for (let row = 0, i = 0; row < height; row++) {
    const along = 1 + byRow * (row - (height - 1) / 2);
    for (let column = 0; column < width; column++, i += 3) {
      if ((pixels[i] | pixels[i + 1] | pixels[i + 2]) === 0) continue;
      const light = along + byColumn * (column - (width - 1) / 2);
      for (let c = i; c < i + 3; c++) pixels[c] = Math.min(255, pixels[c] * light + 0.5);
    }
  }
}

/** A bright spot, such as a lamp makes on a smooth grain. */
export interface Highlight {
  /** Its center in pixels from the top left. */
  x: number;
  y: number;
  /** Its standard deviation in pixels. */
  radius: number;
  /** The share of the way to white at its center. */
  strength: number;
}

/** Adds a bright spot to RGB pixels in place; the background stays black. */
export function addHighlight(pixels: Uint8Array, width: number, {x, y, radius, strength}: Highlight): void {
  const height = pixels.length / (3 * width);
  const reach = 3 * radius;
  const [left, right] = [Math.max(0, Math.floor(x - reach)), Math.min(width, Math.ceil(x + reach))];
  for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(height, Math.ceil(y + reach)); row++) {
    for (let column = left; column < right; column++) {
      const i = 3 * (row * width + column);
      if ((pixels[i] | pixels[i + 1] | pixels[i + 2]) === 0) continue;
      const distance = ((column - x) ** 2 + (row - y) ** 2) / (2 * radius * radius);
      const share = strength * Math.exp(-distance);
      for (let c = i; c < i + 3; c++) pixels[c] += share * (255 - pixels[c]) + 0.5;
    }
  }
}
