import type {WindowSize} from '../../image/window/canvas.ts';

/**
 * How sharp the grain in a window is: the root mean square of the Laplacian over all lit pixels, as a share of their mean
 * level. J. L. Pech-Pacheco, G. Cristobal, J. Chamorro-Martinez, J. Fernandez-Valdivia, "Diatom autofocusing in brightfield
 * microscopy", ICPR 2000, take its variance; divided by the level it does not change with the light.
 *
 * @param window RGB interleaved, the grain on black
 */
export function sharpnessOf(window: Uint8Array, {width, height}: WindowSize): number {
  const gray = new Float32Array(width * height);
  for (let i = 0; i < gray.length; i++) gray[i] = (window[3 * i] + window[3 * i + 1] + window[3 * i + 2]) / 3;
  let [squares, levels, lit] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (gray[i] === 0) continue;
      squares += (gray[i - 1] + gray[i + 1] + gray[i - width] + gray[i + width] - 4 * gray[i]) ** 2;
      levels += gray[i];
      lit++;
    }
  return lit === 0 || levels === 0 ? 0 : Math.sqrt(squares / lit) / (levels / lit);
}
