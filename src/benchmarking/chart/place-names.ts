/** A point with a name, in SVG units. */
export interface NamedPoint {
  x: number;
  y: number;
  name: string;
}

export interface PlacedName {
  x: number;
  y: number;
  anchor: 'start' | 'end';
}

const CHARACTER = 6.6;
const LINE = 14;
/** From a point to its name, across and up or down to the middle of the text. */
const ASIDE = 9;
const OFF = 10;

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A place beside each point in which its name covers neither another name nor a point, or the first one where there is none. */
export function placeNames(points: readonly NamedPoint[], width: number): PlacedName[] {
  const taken: Box[] = points.map(({x, y}) => ({left: x - 5, right: x + 5, top: y - 5, bottom: y + 5}));
  return points.map(({x, y, name}) => {
    const length = name.length * CHARACTER;
    const boxes = [1, 2, 3].flatMap((step) =>
      [-1, 1].flatMap((down) =>
        [1, -1].map((side) => {
          const middle = y + down * OFF * step;
          const start = side > 0 ? x + ASIDE : x - ASIDE - length;
          return {left: start, right: start + length, top: middle - LINE / 2, bottom: middle + LINE / 2, side};
        }),
      ),
    );
    const inside = boxes.filter(({left, right}) => left >= 0 && right <= width);
    const box = inside.find((each) => !taken.some((other) => overlap(each, other))) ?? inside[0] ?? boxes[0];
    taken.push(box);
    const {left, right, top, side} = box;
    return {x: side > 0 ? left : right, y: top + LINE / 2 + 4, anchor: side > 0 ? 'start' : 'end'};
  });
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
