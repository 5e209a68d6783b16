/** Surfaces and colors that rice does not have. */
import type {Random} from '../../random.ts';
import type {Extent} from './shape.ts';

/** Factors of red, green and blue, written in place because a window has thousands of points. */
export type Gains = Float64Array;

/** Writes the factors at a point of the canvas. */
export type Surface = (x: number, y: number, gains: Gains) => void;

/** The surface of the grain itself. */
export const PLAIN: Surface = (_x, _y, gains) => {
  setGains(gains, 1, 1, 1);
};

/** Waves of light and dark. */
export function striped({x: halfLength}: Extent, random: Random): Surface {
  const angle = random.uniform(0, Math.PI);
  const pitch = (2 * Math.PI * random.uniform(3, 10)) / (2 * halfLength);
  const u = pitch * Math.cos(angle);
  const v = pitch * Math.sin(angle);
  const depth = random.uniform(0.25, 0.6);
  return (x, y, gains) => {
    const gain = 1 - depth * (0.5 + 0.5 * Math.sin(u * x + v * y));
    setGains(gains, gain, gain, gain);
  };
}

/** A dark line along the middle. */
export function creased({y: halfWidth}: Extent, random: Random): Surface {
  const thickness = random.uniform(0.06, 0.25) * halfWidth;
  const tilt = random.uniform(-0.2, 0.2);
  const offset = random.uniform(-0.5, 0.5) * halfWidth;
  const [red, green, blue] = [0, 1, 2].map(() => random.uniform(0.15, 0.6));
  return (x, y, gains) => {
    if (Math.abs(y - offset - tilt * x) < thickness) setGains(gains, red, green, blue);
    else setGains(gains, 1, 1, 1);
  };
}

const BLOTCH_COLUMNS = 64;

/** Squares of random darkness. */
export function blotched({x: halfLength}: Extent, random: Random): Surface {
  const cell = (2 * halfLength) / random.uniform(6, 20);
  const darkness = new Float64Array(BLOTCH_COLUMNS * BLOTCH_COLUMNS);
  for (let i = 0; i < darkness.length; i++) darkness[i] = random.uniform(0.3, 1);
  return (x, y, gains) => {
    const column = Math.floor(x / cell) & (BLOTCH_COLUMNS - 1);
    const row = Math.floor(y / cell) & (BLOTCH_COLUMNS - 1);
    const gain = darkness[row * BLOTCH_COLUMNS + column];
    setGains(gains, gain, gain, gain);
  };
}

/** A surface multiplied by a color. */
export function tinted(surface: Surface, [red, green, blue]: readonly number[]): Surface {
  return (x, y, gains) => {
    surface(x, y, gains);
    setGains(gains, gains[0] * red, gains[1] * green, gains[2] * blue);
  };
}

/** A color that no lamp gives to a white object: its strongest channel is at least 1.9 times its weakest. */
export function drawTint(random: Random): number[] {
  const strongest = random.below(3);
  const weakest = (strongest + 1 + random.below(2)) % 3;
  const low = random.uniform(0.1, 0.52);
  const gains = [0, 0, 0].map(() => random.uniform(low, 1));
  gains[strongest] = 1;
  gains[weakest] = low;
  return gains;
}

function setGains(gains: Gains, red: number, green: number, blue: number): void {
  gains[0] = red;
  gains[1] = green;
  gains[2] = blue;
}
