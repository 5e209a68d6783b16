import type {WindowSize} from '../../image/window/canvas.ts';
import {Random} from '../../training/random.ts';
import type {Windows} from './windows.ts';

const COUNT = 64;

/**
 * Grains that are drawn, where there are no pictures: ellipses of many lengths, widths and colors on black, lit from one side, with
 * noise. They are no varieties, but take all ways through a network.
 */
export function drawnWindows(size: WindowSize): Windows {
  return {size, count: COUNT, window: (index) => drawGrain(size, new Random('drawn', index))};
}

function drawGrain({width, height}: WindowSize, random: Random): Uint8Array {
  const window = new Uint8Array(width * height * 3);
  const [along, across] = [random.uniform(0.15, 0.45) * width, random.uniform(0.15, 0.45) * height];
  const color = [random.uniform(80, 230), random.uniform(80, 230), random.uniform(60, 230)];
  const slope = random.uniform(-0.4, 0.4);
  const noise = random.uniform(0, 12);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x - width / 2) / along, (y - height / 2) / across];
      if (u * u + v * v > 1) continue;
      const light = 1 + slope * v;
      color.forEach((level, channel) => {
        window[(y * width + x) * 3 + channel] = Math.min(255, Math.max(0, level * light + noise * random.normal()));
      });
    }
  return window;
}
