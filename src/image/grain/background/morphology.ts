import {emptyMask, type Mask, WORD} from './cell-mask.ts';

/** Keeps cells all of whose neighbours within `radius` in rows and columns are set; beyond the grid nothing is. */
export function erode(mask: Mask, radius: number): Mask {
  return acrossRows(alongRows(mask, radius, true), radius, true);
}

/** Sets the cells that have a set one within `radius` in rows and columns. */
export function dilate(mask: Mask, radius: number): Mask {
  const wide = alongRows(mask, radius, false);
  cutEnds(wide);
  return acrossRows(wide, radius, false);
}

/** Fills what is thinner than 2 * radius + 1 cells. */
export function close(mask: Mask, radius: number): Mask {
  return radius === 0 ? mask : erode(dilate(mask, radius), radius);
}

/**
 * Takes away what is thinner than 2 * radius + 1 cells and gives the rest back its corners: an opening whose result may
 * grow back within the mask a little further than it was cut.
 */
export function open(mask: Mask, radius: number): Mask {
  return both(dilate(erode(mask, radius), radius + 2), mask);
}

/** What is set in two masks of the same grid. */
export function both(a: Mask, b: Mask): Mask {
  const out = emptyMask(a.width, a.height);
  for (let i = 0; i < out.words.length; i++) out.words[i] = a.words[i] & b.words[i];
  return out;
}

/** What is set in one of two masks of the same grid or in both. */
export function either(a: Mask, b: Mask): Mask {
  const out = emptyMask(a.width, a.height);
  for (let i = 0; i < out.words.length; i++) out.words[i] = a.words[i] | b.words[i];
  return out;
}

/**
 * Joins every cell with its neighbours within `radius` in its row: by `every` set where all of them are, else where any is.
 * What is joined within a radius of k and shifted by up to k + 1 leaves no cell out, not even at the ends, so few rounds go
 * far.
 */
function alongRows(mask: Mask, radius: number, every: boolean): Mask {
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

/** The same with the neighbours in the column. */
function acrossRows(mask: Mask, radius: number, every: boolean): Mask {
  const {width, height, stride} = mask;
  let from = mask;
  for (let done = 0, step = 0; done < radius; done += step) {
    step = Math.min(radius - done, done + 1);
    const to = emptyMask(width, height);
    const way = step * stride;
    const count = to.words.length;
    for (let i = 0; i < count; i++) {
      const own = from.words[i];
      const above = i >= way ? from.words[i - way] : 0;
      const below = i + way < count ? from.words[i + way] : 0;
      to.words[i] = every ? own & above & below : own | above | below;
    }
    from = to;
  }
  return from;
}

/** Clears the bits behind the last cell of each row. */
function cutEnds({width, stride, words}: Mask): void {
  const cells = width - (stride - 1) * WORD;
  const inside = -1 >>> (WORD - cells);
  for (let i = stride - 1; i < words.length; i += stride) words[i] &= inside;
}
