/** Multiplies each channel of RGB pixels by its gain, in place; where `grey`, all channels then become the luma. */
export function recolour(pixels: Uint8Array, gains: number[], grey: boolean): void {
  const tables = gains.map((gain) => {
    return Uint8Array.from({length: 256}, (_, value) => Math.min(255, Math.round(value * gain)));
  });
  const [red, green, blue] = tables;
  for (let i = 0; i < pixels.length; i += 3) {
    // Most of a window is background, which stays black.
    if ((pixels[i] | pixels[i + 1] | pixels[i + 2]) === 0) continue;
    const r = red[pixels[i]];
    const g = green[pixels[i + 1]];
    const b = blue[pixels[i + 2]];
    if (grey) {
      // Rec. 601 luma in sixteen bits, as JPEG has it.
      pixels[i] = pixels[i + 1] = pixels[i + 2] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
    } else {
      pixels[i] = r;
      pixels[i + 1] = g;
      pixels[i + 2] = b;
    }
  }
}
