import {type Components, RUN, type Runs} from './components.ts';

/** A grain without holes: the spans of its cells, and their bounding box with a margin. */
export interface SolidShape {
  /** Grid position of the box's top left cell. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** (row, start, end) within the box, sorted by row and start; `end` is exclusive. */
  spans: Runs;
  /** The same with its holes. */
  open: Runs;
}

/** Extracts the component `largest`, fills its holes, and adds an empty margin. */
export function solidShape(runs: Runs, {roots, largest}: Components, margin: number): SolidShape {
  const own: number[] = [];
  let left = Number.POSITIVE_INFINITY;
  let right = 0;
  for (let i = largest; i < roots.length; i++) {
    if (roots[i] !== largest) continue;
    own.push(i);
    left = Math.min(left, runs[i * RUN + 1]);
    right = Math.max(right, runs[i * RUN + 2]);
  }
  const top = runs[own[0] * RUN];
  const bottom = runs[own[own.length - 1] * RUN];
  const spans = new Int32Array(own.length * RUN);
  own.forEach((run, i) => {
    spans[i * RUN] = runs[run * RUN] - top + margin;
    spans[i * RUN + 1] = runs[run * RUN + 1] - left + margin;
    spans[i * RUN + 2] = runs[run * RUN + 2] - left + margin;
  });
  return {
    x: left - margin,
    y: top - margin,
    width: right - left + 2 * margin,
    height: bottom - top + 1 + 2 * margin,
    spans: fillHoles(spans),
    open: spans,
  };
}

/**
 * Whether a shape reaches the border of its grid.
 *
 * @param margin the margin of the shape's box
 * @param distance how many cells the shape may be away from the border
 */
export function reachesBorder(
  shape: SolidShape,
  grid: {width: number; height: number},
  margin: number,
  distance = 0,
): boolean {
  const inner = margin - distance;
  return (
    shape.x + inner <= 0 ||
    shape.y + inner <= 0 ||
    shape.x + shape.width - inner >= grid.width ||
    shape.y + shape.height - inner >= grid.height
  );
}

/** Cells between two spans of a row. */
interface Gap {
  /** The span before it. */
  span: number;
  row: number;
  start: number;
  end: number;
  open: boolean;
}

/** Fills every gap that is not connected to the outside. */
function fillHoles(spans: Runs): Runs {
  const gaps = gapsOf(spans);
  if (gaps.length === 0) return spans;
  const firstOf = firstSpans(spans);
  // `open` spreads through touching gaps until nothing changes.
  for (let changed = true; changed; ) {
    changed = false;
    for (const gap of gaps) {
      if (gap.open) continue;
      gap.open =
        opensTo(gap, gap.row - 1, spans, firstOf) ||
        opensTo(gap, gap.row + 1, spans, firstOf) ||
        gaps.some((other) => other.open && Math.abs(other.row - gap.row) === 1 && touches(gap, other));
      changed ||= gap.open;
    }
  }
  return fillGaps(spans, new Set(gaps.filter(({open}) => !open).map(({span}) => span)));
}

function gapsOf(spans: Runs): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 0; i + 1 < spans.length / RUN; i++) {
    const row = spans[i * RUN];
    if (spans[(i + 1) * RUN] === row)
      gaps.push({span: i, row, start: spans[i * RUN + 2], end: spans[(i + 1) * RUN + 1], open: false});
  }
  return gaps;
}

/** The first span of each row; a component has at least one in every row. */
function firstSpans(spans: Runs): Map<number, number> {
  const first = new Map<number, number>();
  for (let i = 0; i < spans.length / RUN; i++) if (!first.has(spans[i * RUN])) first.set(spans[i * RUN], i);
  return first;
}

/** Whether a gap reaches beyond the outermost spans of an adjacent row. */
function opensTo({start, end}: Gap, row: number, spans: Runs, firstOf: Map<number, number>): boolean {
  const first = firstOf.get(row);
  if (first === undefined) return true;
  const last = (firstOf.get(row + 1) ?? spans.length / RUN) - 1;
  return start < spans[first * RUN + 1] || end > spans[last * RUN + 2];
}

function touches(a: Gap, b: Gap): boolean {
  return a.start < b.end && b.start < a.end;
}

/** @param filled the spans followed by a gap to be filled */
function fillGaps(spans: Runs, filled: ReadonlySet<number>): Runs {
  const out: number[] = [];
  for (let i = 0; i < spans.length / RUN; i++) {
    if (filled.has(i - 1)) out[out.length - 1] = spans[i * RUN + 2];
    else out.push(spans[i * RUN], spans[i * RUN + 1], spans[i * RUN + 2]);
  }
  return Int32Array.from(out);
}
