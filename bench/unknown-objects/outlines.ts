/**
 * Approximate signed distance of a point from a shape's outline, in pixels of the picture: positive inside, 0 on the outline,
 * negative outside. The origin is the middle of the object, its long side is along x. Only near the outline is it close to
 * a distance, which is enough for drawing.
 */
export type Outline = (x: number, y: number) => number;

export type Point = readonly [x: number, y: number];

/** The superellipse |x|^n + |y|^n = 1, scaled to its axes; n above 2 gives blunter ends. */
export function ellipse(length: number, width: number, bluntness = 2): Outline {
  const least = Math.min(length, width) / 2;
  return (x, y) => {
    const along = Math.abs((2 * x) / length) ** bluntness;
    const across = Math.abs((2 * y) / width) ** bluntness;
    return least * (1 - (along + across) ** (1 / bluntness));
  };
}

/** An ellipse that is narrower by `taper` (0 to 1) at its right end. */
export function egg(length: number, width: number, taper: number, bluntness = 2): Outline {
  const whole = ellipse(length, width, bluntness);
  return (x, y) => whole(x, y / (1 - (taper * clamp(1 + (2 * x) / length, 0, 2)) / 2));
}

/** A shape symmetric about the x axis. @param halfWidth in pixels, for positions from -1 to 1; 0 at both ends */
export function profiled(length: number, halfWidth: (position: number) => number): Outline {
  return (x, y) => {
    const position = (2 * x) / length;
    if (Math.abs(position) >= 1) return ((1 - Math.abs(position)) * length) / 2 - Math.abs(y);
    const half = halfWidth(position);
    return Math.abs(y) > half ? half - Math.abs(y) : half - y ** 2 / half;
  };
}

/** A star-shaped outline in polar coordinates. @param radius in pixels, for angles from -pi to pi */
export function radial(radius: (angle: number) => number): Outline {
  return (x, y) => radius(Math.atan2(y, x)) - Math.hypot(x, y);
}

/** A simple polygon. */
export function polygon(points: readonly Point[]): Outline {
  return (x, y) => {
    let inside = false;
    let nearest = Number.POSITIVE_INFINITY;
    points.forEach(([x1, y1], i) => {
      const [x2, y2] = points[(i + 1) % points.length];
      nearest = Math.min(nearest, distanceToSegment(x, y, x1, y1, x2, y2));
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
    });
    return inside ? nearest : -nearest;
  };
}

/** A line with round ends. */
export function stroke(points: readonly Point[], thickness: number): Outline {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return (x, y) => {
    const toBox = Math.max(left - x, x - right, top - y, y - bottom);
    if (toBox > thickness) return thickness / 2 - toBox;
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = 1; i < points.length; i++)
      nearest = Math.min(nearest, distanceToSegment(x, y, ...points[i - 1], ...points[i]));
    return thickness / 2 - nearest;
  };
}

/** Points on an arc, angles in radians. */
export function arc([x, y]: Point, radius: number, from: number, to: number): Point[] {
  const STEPS = 12;
  return Array.from({length: STEPS + 1}, (_, i) => {
    const angle = from + ((to - from) * i) / STEPS;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const;
  });
}

/** The half-plane bounded by a line through a point, in the direction of the angle. */
export function halfPlane([x0, y0]: Point, angle: number): Outline {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => (x - x0) * cos + (y - y0) * sin;
}

export function union(...outlines: Outline[]): Outline {
  return (x, y) => Math.max(...outlines.map((outline) => outline(x, y)));
}

export function intersection(...outlines: Outline[]): Outline {
  return (x, y) => Math.min(...outlines.map((outline) => outline(x, y)));
}

/** The difference of a shape and others. */
export function without(outline: Outline, ...holes: Outline[]): Outline {
  return intersection(
    outline,
    ...holes.map(
      (hole): Outline =>
        (x, y) =>
          -hole(x, y),
    ),
  );
}

export function moved(outline: Outline, dx: number, dy: number, angle = 0): Outline {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => outline((x - dx) * cos + (y - dy) * sin, (y - dy) * cos - (x - dx) * sin);
}

/** Bends the long axis into a parabola. @param sag how far its ends move, in pixels, at a distance of `reach` */
export function bent(outline: Outline, sag: number, reach: number): Outline {
  return (x, y) => outline(x, y - sag * (x / reach) ** 2);
}

/** Moves the outline in and out. @param shift in pixels */
export function rough(outline: Outline, shift: (x: number, y: number) => number): Outline {
  return (x, y) => {
    const depth = outline(x, y);
    return Math.abs(depth) > 20 ? depth : depth + shift(x, y);
  };
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function distanceToSegment(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const share = clamp(((x - x1) * dx + (y - y1) * dy) / (dx ** 2 + dy ** 2 || 1), 0, 1);
  return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
}
