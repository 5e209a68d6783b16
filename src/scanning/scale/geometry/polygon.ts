import type {Outline, Point} from '../../types.ts';

/** Twice the signed area; positive where the points go round clockwise as seen, y pointing down. */
export function signedArea(outline: Outline): number {
  let sum = 0;
  for (const [i, [x, y]] of outline.entries()) {
    const [nextX, nextY] = outline[(i + 1) % outline.length];
    sum += x * nextY - nextX * y;
  }
  return sum;
}

/** Whether a point lies in a convex outline, in whichever sense its points go round. */
export function convexContains(outline: Outline, [px, py]: Point): boolean {
  const sign = Math.sign(signedArea(outline));
  return outline.every(([x, y], i) => {
    const [nextX, nextY] = outline[(i + 1) % outline.length];
    return sign * ((nextX - x) * (py - y) - (nextY - y) * (px - x)) >= 0;
  });
}

/** Whether four or more points go round a convex outline, none of its corners flat. */
export function isConvex(outline: Outline): boolean {
  const turns = outline.map(([x, y], i) => {
    const [ax, ay] = outline[(i + 1) % outline.length];
    const [bx, by] = outline[(i + 2) % outline.length];
    const cross = (ax - x) * (by - ay) - (ay - y) * (bx - ax);
    return cross / (Math.hypot(ax - x, ay - y) * Math.hypot(bx - ax, by - ay) || 1);
  });
  return turns.every((turn) => turn > 0.1) || turns.every((turn) => turn < -0.1);
}

/** What of a convex outline lies in a picture (Sutherland and Hodgman); empty where nothing does. */
export function clipToPicture(outline: Outline, width: number, height: number): Outline {
  const sides: ((point: Point) => number)[] = [([x]) => x, ([, y]) => y, ([x]) => width - x, ([, y]) => height - y];
  let points: Point[] = [...outline];
  for (const inside of sides) {
    points = points.flatMap((point, i) => {
      const next = points[(i + 1) % points.length];
      const [here, there] = [inside(point), inside(next)];
      const crossing = (): Point => {
        const t = here / (here - there);
        return [point[0] + t * (next[0] - point[0]), point[1] + t * (next[1] - point[1])];
      };
      const kept: Point[] = here >= 0 ? [point] : [];
      return here >= 0 !== there >= 0 ? [...kept, crossing()] : kept;
    });
  }
  return points;
}

/** The box that holds an outline. */
export function boxOf(outline: Outline): {x: number; y: number; width: number; height: number} {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return {x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y};
}
