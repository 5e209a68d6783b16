import type {Frame} from './frame.ts';

/** What surrounds the grain, judged by the pixels along the frame's border. Colours are 0..255. */
export interface Background {
  red: number;
  green: number;
  blue: number;
  /** 90th percentile of the border pixels' distance from the colour. */
  spread: number;
}

/** The colour as one number, 0xBBGGRR. */
export function colourNumber({red, green, blue}: Background): number {
  return red | (green << 8) | (blue << 16);
}

const SPREAD_QUANTILE = 0.9;
const counts = new Uint32Array(4 * 256);

/** Median colour of every `stride`th pixel of the border, and how far the border strays from it. */
export function estimateBackground(frame: Frame, stride: number): Background {
  counts.fill(0);
  let total = 0;
  eachBorderPixel(frame, stride, (red, green, blue) => {
    counts[red]++;
    counts[256 + green]++;
    counts[512 + blue]++;
    total++;
  });
  const red = quantile(0, total, 0.5);
  const green = quantile(256, total, 0.5);
  const blue = quantile(512, total, 0.5);
  eachBorderPixel(frame, stride, (r, g, b) => {
    counts[768 + Math.max(Math.abs(r - red), Math.abs(g - green), Math.abs(b - blue))]++;
  });
  return {red, green, blue, spread: quantile(768, total, SPREAD_QUANTILE)};
}

function eachBorderPixel(
  {data, width, height}: Frame,
  stride: number,
  visit: (red: number, green: number, blue: number) => void,
): void {
  const lastRow = (height - 1) * width * 3;
  for (let x = 0; x < width; x += stride) {
    const top = x * 3;
    visit(data[top], data[top + 1], data[top + 2]);
    visit(data[lastRow + top], data[lastRow + top + 1], data[lastRow + top + 2]);
  }
  for (let y = 0; y < height; y += stride) {
    const left = y * width * 3;
    const right = left + (width - 1) * 3;
    visit(data[left], data[left + 1], data[left + 2]);
    visit(data[right], data[right + 1], data[right + 2]);
  }
}

/** The smallest value of a 256-bin histogram at or under which the share of all entries lies. */
function quantile(offset: number, total: number, share: number): number {
  let seen = 0;
  for (let value = 0; value < 256; value++) {
    seen += counts[offset + value];
    if (seen >= total * share) return value;
  }
  return 255;
}
