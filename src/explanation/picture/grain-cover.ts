import type {WindowMap} from '../spread-map.ts';

/** From this share on, black is what lies around a grain that was cut out, not the picture itself. */
const MOSTLY_BLACK = 0.2;
/** How far around the grain, in pixels of the window, what a network sees is still the grain's outline. */
const MARGIN = 3;

/**
 * Which pixels of a window show the grain or its outline: 1, or 0. All of them in a window that shows a whole picture.
 *
 * @param window RGB interleaved, row-major
 */
export function grainCover(window: Uint8Array, {width, height}: Pick<WindowMap, 'width' | 'height'>): Uint8Array {
  const lit = new Uint8Array(width * height);
  let black = 0;
  for (let i = 0; i < lit.length; i++) {
    lit[i] = window[i * 3] | window[i * 3 + 1] | window[i * 3 + 2] ? 1 : 0;
    black += 1 - lit[i];
  }
  if (black < lit.length * MOSTLY_BLACK) return lit.fill(1);
  const cover = new Uint8Array(lit.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (lit[y * width + x] === 0) continue;
      for (let row = Math.max(0, y - MARGIN); row <= Math.min(height - 1, y + MARGIN); row++)
        cover.fill(1, row * width + Math.max(0, x - MARGIN), row * width + Math.min(width, x + MARGIN + 1));
    }
  return cover;
}
