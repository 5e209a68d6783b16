type Size = {width: number; height: number};

/** Planes of numbers at another size: means of boxes where they become smaller, bilinear where they become larger. */
export function resizePlanes(from: Float32Array, size: Size, to: Size, planes: number): Float32Array {
  const across = weightsOf(size.width, to.width);
  const down = weightsOf(size.height, to.height);
  const out = new Float32Array(planes * to.width * to.height);
  const rows = new Float32Array(to.width * size.height);
  for (let plane = 0; plane < planes; plane++) {
    const start = plane * size.width * size.height;
    for (let y = 0; y < size.height; y++)
      for (let x = 0; x < to.width; x++) {
        let sum = 0;
        const {first, weights} = across[x];
        for (let k = 0; k < weights.length; k++) sum += weights[k] * from[start + y * size.width + first + k];
        rows[y * to.width + x] = sum;
      }
    for (let y = 0; y < to.height; y++) {
      const {first, weights} = down[y];
      for (let x = 0; x < to.width; x++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k] * rows[(first + k) * to.width + x];
        out[(plane * to.height + y) * to.width + x] = sum;
      }
    }
  }
  return out;
}

/** For each of `to` places, which of `from` it is made of, and how much of each. */
function weightsOf(from: number, to: number): {first: number; weights: number[]}[] {
  const scale = from / to;
  return Array.from({length: to}, (_, i) => {
    if (scale <= 1) {
      const at = Math.min(from - 1, Math.max(0, (i + 0.5) * scale - 0.5));
      const first = Math.min(from - 1, Math.floor(at));
      return first + 1 < from ? {first, weights: [1 - at + first, at - first]} : {first, weights: [1]};
    }
    const [left, right] = [i * scale, Math.min(from, (i + 1) * scale)];
    const first = Math.floor(left);
    const last = Math.min(from, Math.ceil(right - 1e-9));
    const weights = Array.from({length: Math.max(1, last - first)}, (_, k) => {
      return Math.max(0, Math.min(right, first + k + 1) - Math.max(left, first + k)) / (right - left);
    });
    return {first, weights};
  });
}
