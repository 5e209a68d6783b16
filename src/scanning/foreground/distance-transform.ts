/**
 * Distance of each cell of a mask to the nearest cell outside of it, in cells: 1 for cells at the edge. By the chamfer (5, 7, 11)
 * of Borgefors 1986, within 2 % of the Euclidean distance. Beyond the grid counts as the mask's own, so that what the border cuts is
 * as wide as it is.
 */
export function distanceTransform(mask: Uint8Array, width: number, height: number): Float32Array {
  const far = 1e6;
  const out = new Float32Array(width * height);
  for (let i = 0; i < out.length; i++) out[i] = mask[i] ? far : 0;
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? far : out[y * width + x]);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (out[i] === 0) continue;
      let least = out[i];
      least = Math.min(least, at(x - 1, y) + 5, at(x, y - 1) + 5, at(x - 1, y - 1) + 7, at(x + 1, y - 1) + 7);
      least = Math.min(
        least,
        at(x - 2, y - 1) + 11,
        at(x + 2, y - 1) + 11,
        at(x - 1, y - 2) + 11,
        at(x + 1, y - 2) + 11,
      );
      out[i] = least;
    }
  for (let y = height - 1; y >= 0; y--)
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x;
      if (out[i] === 0) continue;
      let least = out[i];
      least = Math.min(least, at(x + 1, y) + 5, at(x, y + 1) + 5, at(x + 1, y + 1) + 7, at(x - 1, y + 1) + 7);
      least = Math.min(
        least,
        at(x + 2, y + 1) + 11,
        at(x - 2, y + 1) + 11,
        at(x + 1, y + 2) + 11,
        at(x - 1, y + 2) + 11,
      );
      out[i] = least;
    }
  for (let i = 0; i < out.length; i++) out[i] /= 5;
  return out;
}
