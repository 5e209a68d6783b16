import type {MeasuredGrain, Outline, Point} from '../types.ts';
import {endWidths} from './end-width.ts';

/** How far from its tip an end reaches, as a share of the grain's width. */
const DEPTH = 0.3;
/** An end of which this share borders on another grain goes on below it, or may. */
const HIDDEN_FROM = 0.6;
/** What another grain cuts off is blunt; an end that is narrower is the grain's own, and only touches the other. */
const BLUNT = 0.84;
/** Outlines of neighbors are this far apart at most, as a share of the width, and in pixels. */
const CONTACT = 0.08;
const CONTACT_PIXELS = 2.5;

type Shape = Pick<MeasuredGrain, 'outline' | 'angle' | 'width'>;

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
  index: number;
}

/** Tells which grains have an end that another grain may cover. */
export class HiddenEnds {
  readonly #grains: readonly Shape[];
  /** By their left sides. */
  readonly #boxes: Box[];
  readonly #widest: number;

  constructor(grains: readonly Shape[]) {
    this.#grains = grains;
    this.#boxes = grains.flatMap(({outline}, index) => (outline.length < 3 ? [] : [boxOf(outline, index)]));
    this.#boxes.sort((a, b) => a.left - b.left);
    this.#widest = this.#boxes.reduce((most, {left, right}) => Math.max(most, right - left), 0);
  }

  /** Whether most of an end of grain `index` borders on other grains, so that its length is that of what is seen. */
  has(index: number): boolean {
    const {outline, angle, width} = this.#grains[index];
    if (outline.length < 3) return false;
    const reach = Math.max(CONTACT_PIXELS, CONTACT * width);
    const others = this.#neighbors(index, reach);
    if (others.length === 0) return false;
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const points = densely(outline, Math.max(1, width / 16));
    const widths = endWidths(this.#grains[index]);
    return [1, -1].some((side, i) => {
      if (widths && widths[i] < BLUNT) return false;
      const along = points.map(([x, y]) => side * (x * cos + y * sin));
      const tip = along.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
      const end = points.filter((_, i) => along[i] >= tip - DEPTH * width);
      return (
        end.filter((point) => others.some((other) => isNear(point, other, reach))).length >= HIDDEN_FROM * end.length
      );
    });
  }

  #neighbors(index: number, reach: number): Outline[] {
    const own = boxOf(this.#grains[index].outline, index);
    const found: Outline[] = [];
    for (let i = this.#firstFrom(own.left - reach - this.#widest); i < this.#boxes.length; i++) {
      const box = this.#boxes[i];
      if (box.left > own.right + reach) break;
      const apart = box.right < own.left - reach || box.top > own.bottom + reach || box.bottom < own.top - reach;
      if (box.index !== index && !apart) found.push(this.#grains[box.index].outline);
    }
    return found;
  }

  #firstFrom(left: number): number {
    let [low, high] = [0, this.#boxes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#boxes[middle].left < left) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function boxOf(outline: Outline, index: number): Box {
  const box = {left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity, index};
  for (const [x, y] of outline) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

/** Points along an outline, at most `step` apart. */
function densely(outline: Outline, step: number): Point[] {
  return outline.flatMap(([x, y], i) => {
    const [toX, toY] = outline[(i + 1) % outline.length];
    const count = Math.max(1, Math.ceil(Math.hypot(toX - x, toY - y) / step));
    return Array.from({length: count}, (_, k): Point => [x + ((toX - x) * k) / count, y + ((toY - y) * k) / count]);
  });
}

function isNear([x, y]: Point, outline: Outline, reach: number): boolean {
  return outline.some(([fromX, fromY], i) => {
    const [toX, toY] = outline[(i + 1) % outline.length];
    const [dx, dy] = [toX - fromX, toY - fromY];
    const square = dx * dx + dy * dy;
    const at = square > 0 ? Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / square)) : 0;
    return Math.hypot(x - fromX - at * dx, y - fromY - at * dy) <= reach;
  });
}
