/**
 * The usual way to separate what touches, to compare with: watershed on the distance to the ground (Vincent & Soille 1991), in which a
 * summit that rises less than `height` above its saddle is joined to the higher one.
 */
export function watershed(mask: Uint8Array, width: number, height: number, rise = 1): Int32Array {
  const distance = distances(mask, width, height);
  const order: number[] = [];
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) order.push(i);
  order.sort((a, b) => distance[b] - distance[a]);
  const label = new Int32Array(mask.length);
  const summits: number[] = [0];
  const parents: number[] = [0];
  const find = (basin: number): number => {
    let root = basin;
    while (parents[root] !== root) root = parents[root];
    return root;
  };
  for (const i of order) {
    const x = i % width;
    let own = 0;
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++) {
        const j = i + dy * width + dx;
        if (x + dx < 0 || x + dx >= width || j < 0 || j >= label.length || label[j] === 0) continue;
        const other = find(label[j]);
        if (own === 0 || other === own) {
          own = other;
          continue;
        }
        const [low, high] = summits[own] < summits[other] ? [own, other] : [other, own];
        if (summits[low] - distance[i] < rise) {
          parents[low] = high;
          own = high;
        } else if (other < own) own = other;
      }
    if (own === 0) {
      own = summits.push(distance[i]) - 1;
      parents.push(own);
    }
    label[i] = own;
  }
  const numbers = new Map<number, number>();
  for (let i = 0; i < label.length; i++) {
    if (label[i] === 0) continue;
    const root = find(label[i]);
    const number = numbers.get(root) ?? numbers.size + 1;
    numbers.set(root, number);
    label[i] = number;
  }
  return label;
}

/** Chamfer 3-4 distance to the nearest pixel outside of the mask; beyond the picture is outside. */
function distances(mask: Uint8Array, width: number, height: number): Float32Array {
  const distance = new Float32Array(mask.length);
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : distance[y * width + x]);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (mask[y * width + x] !== 0)
        distance[y * width + x] = Math.min(
          at(x - 1, y) + 1,
          at(x, y - 1) + 1,
          at(x - 1, y - 1) + 4 / 3,
          at(x + 1, y - 1) + 4 / 3,
        );
  for (let y = height - 1; y >= 0; y--)
    for (let x = width - 1; x >= 0; x--)
      if (mask[y * width + x] !== 0)
        distance[y * width + x] = Math.min(
          distance[y * width + x],
          at(x + 1, y) + 1,
          at(x, y + 1) + 1,
          at(x + 1, y + 1) + 4 / 3,
          at(x - 1, y + 1) + 4 / 3,
        );
  return distance;
}
