import {emptyMask, type Mask, WORD} from './cell-mask.ts';

/** Erodes by a square of side 2 * radius + 1; cells beyond the grid count as unset. */
export function erode(mask: Mask, radius: number): Mask {
  return combineColumns(combineRows(mask, radius, true), radius, true);
}

/** Dilates by a square of side 2 * radius + 1. */
export function dilate(mask: Mask, radius: number): Mask {
  const wide = combineRows(mask, radius, false);
  clearPadding(wide);
  return combineColumns(wide, radius, false);
}

/** Closing: fills gaps thinner than 2 * radius + 1 cells. */
export function close(mask: Mask, radius: number): Mask {
  return radius === 0 ? mask : erode(dilate(mask, radius), radius);
}

/**
 * Opening that keeps corners: removes parts thinner than 2 * radius + 1 cells, then dilates the rest a little further than
 * it was eroded, within the mask.
 */
export function open(mask: Mask, radius: number): Mask {
  return intersection(dilate(erode(mask, radius), radius + 2), mask);
}

/** Intersection of two masks of the same size. */
export function intersection(a: Mask, b: Mask): Mask {
  const out = emptyMask(a.width, a.height);
  for (let i = 0; i < out.words.length; i++) out.words[i] = a.words[i] & b.words[i];
  return out;
}

/** Union of two masks of the same size. */
export function union(a: Mask, b: Mask): Mask {
  const out = emptyMask(a.width, a.height);
  for (let i = 0; i < out.words.length; i++) out.words[i] = a.words[i] | b.words[i];
  return out;
}

/**
 * Combines every cell with its neighbors within `radius` in its row: AND if `every`, else OR. A result for radius k can be
 * combined with itself shifted by up to k + 1 to either side without gaps, so the radius doubles in each round.
 */
function combineRows(mask: Mask, radius: number, every: boolean): Mask {
  const {width, height, stride} = mask;
  let from = mask;
  for (let done = 0, step = 0; done < radius; done += step) {
    step = Math.min(radius - done, done + 1, WORD - 1);
    const to = emptyMask(width, height);
    for (let row = 0; row < from.words.length; row += stride)
      for (let k = 0; k < stride; k++) {
        const own = from.words[row + k];
        const left = (own << step) | (k > 0 ? from.words[row + k - 1] >>> (WORD - step) : 0);
        const right = (own >>> step) | (k < stride - 1 ? from.words[row + k + 1] << (WORD - step) : 0);
        to.words[row + k] = every ? own & left & right : own | left | right;
      }
    from = to;
  }
  return from;
}

/** The same with the neighbors in the column. */
function combineColumns(mask: Mask, radius: number, every: boolean): Mask {
  const {width, height, stride} = mask;
  let from = mask;
  for (let done = 0, step = 0; done < radius; done += step) {
    step = Math.min(radius - done, done + 1);
    const to = emptyMask(width, height);
    const offset = step * stride;
    const count = to.words.length;
    for (let i = 0; i < count; i++) {
      const own = from.words[i];
      const above = i >= offset ? from.words[i - offset] : 0;
      const below = i + offset < count ? from.words[i + offset] : 0;
      to.words[i] = every ? own & above & below : own | above | below;
    }
    from = to;
  }
  return from;
}

/** Clears the padding bits after the last cell of each row. */
function clearPadding({width, stride, words}: Mask): void {
  const cells = width - (stride - 1) * WORD;
  const inside = -1 >>> (WORD - cells);
  for (let i = stride - 1; i < words.length; i += stride) words[i] &= inside;
}
