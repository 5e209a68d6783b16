import {expect} from 'chai';
import type {Frame} from '../../../src/image/frame.ts';
import {distanceTransform} from '../../../src/scanning/foreground/distance-transform.ts';
import {estimateGround, groundAt, groundRow} from '../../../src/scanning/foreground/ground.ts';
import {labelRegions} from '../../../src/scanning/foreground/label-regions.ts';
import {resizePlanes} from '../../../src/scanning/foreground/network/resize-planes.ts';
import {randomNumbers} from '../../helpers/images.ts';

/** Regions by flood fill, as sorted areas. */
function floodAreas(mask: Uint8Array, width: number, height: number): number[] {
  const seen = new Uint8Array(mask.length);
  const areas: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const open = [start];
    seen[start] = 1;
    let area = 0;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      area++;
      const [x, y] = [at % width, Math.floor(at / width)];
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const next = v * width + u;
          if (mask[next] && !seen[next]) {
            seen[next] = 1;
            open.push(next);
          }
        }
    }
    areas.push(area);
  }
  return areas.sort((a, b) => a - b);
}

describe('regions of a mask', () => {
  it('are those of a flood fill, for masks of any density', () => {
    const random = randomNumbers(5);
    for (const density of [0.05, 0.3, 0.45, 0.6, 0.95]) {
      const [width, height] = [61, 47];
      const mask = Uint8Array.from({length: width * height}, () => (random() < density ? 1 : 0));
      const {labels, regions} = labelRegions(mask, width, height);
      expect(regions.map(({area}) => area).sort((a, b) => a - b)).to.deep.equal(floodAreas(mask, width, height));
      for (const {label, left, top, right, bottom, area} of regions) {
        const own = [...labels.keys()].filter((i) => labels[i] === label);
        expect(own.length).to.equal(area);
        expect(Math.min(...own.map((i) => i % width))).to.equal(left);
        expect(Math.max(...own.map((i) => i % width)) + 1).to.equal(right);
        expect(Math.floor(own[0] / width)).to.equal(top);
        expect(Math.floor(own.at(-1)! / width) + 1).to.equal(bottom);
      }
    }
  });
});

describe('the distance to the edge of a mask', () => {
  it('is within 3 % and a pixel of the Euclidean one', () => {
    const [width, height] = [80, 60];
    const mask = Uint8Array.from({length: width * height}, (_, i) => {
      return Math.hypot((i % width) - 40, (Math.floor(i / width) - 30) * 1.5) < 34 ? 1 : 0;
    });
    const outside = [...mask.keys()].filter((i) => !mask[i]);
    const found = distanceTransform(mask, width, height);
    for (let i = 0; i < mask.length; i += 37) {
      if (!mask[i]) continue;
      const exact = Math.min(
        ...outside.map((o) => Math.hypot((o % width) - (i % width), Math.floor(o / width) - Math.floor(i / width))),
      );
      expect(found[i]).to.be.closeTo(exact, 0.03 * exact + 0.15);
    }
  });
});

describe('the ground of a picture', () => {
  const [width, height] = [560, 420];
  const truth = (x: number, y: number) => [60 + 0.12 * x, 70 + 0.1 * y, 110 + 0.05 * (x + y)];

  function picture(paint: (x: number, y: number) => number[] | undefined): Frame {
    const random = randomNumbers(3);
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const color = paint(x, y) ?? truth(x, y);
        for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = color[c] + 8 * (random() - 0.5);
      }
    return {width, height, data};
  }

  function error(frame: Frame): number {
    const ground = estimateGround(frame);
    const row = new Float32Array(width * 3);
    let worst = 0;
    for (let y = 20; y < height - 20; y += 7) {
      groundRow(ground, y, width, row);
      for (let x = 20; x < width - 20; x += 7) {
        const [wanted, at] = [truth(x, y), groundAt(ground, x + 0.5, y + 0.5)];
        for (let c = 0; c < 3; c++) {
          worst = Math.max(worst, Math.abs(row[x * 3 + c] - wanted[c]));
          expect(at[c]).to.be.closeTo(row[x * 3 + c], 0.01);
        }
      }
    }
    return worst;
  }

  it('is known under light that changes by more than grains differ, though they cover half of a part', () => {
    const stripes = (x: number, y: number) =>
      x > 150 && x < 420 && y > 100 && y < 300 && x % 20 < 10 ? [220, 215, 200] : undefined;
    expect(error(picture(stripes))).to.be.below(5);
  });

  it('is interpolated under a coin', () => {
    const coin = (x: number, y: number) => (Math.hypot(x - 300, y - 200) < 60 ? [90, 60, 40] : undefined);
    expect(error(picture(coin))).to.be.below(8);
  });
});

describe('planes at another size', () => {
  it('keep a linear field, up and down', () => {
    const size = {width: 30, height: 20};
    const field = Float32Array.from({length: 600}, (_, i) => 2 * ((i % 30) + 0.5) + 3 * (Math.floor(i / 30) + 0.5));
    for (const factor of [0.5, 0.73, 1, 1.9]) {
      const to = {width: Math.round(30 * factor), height: Math.round(20 * factor)};
      const out = resizePlanes(field, size, to, 1);
      for (let y = 2; y < to.height - 2; y++)
        for (let x = 2; x < to.width - 2; x++) {
          const [u, v] = [((x + 0.5) * 30) / to.width, ((y + 0.5) * 20) / to.height];
          // Means of boxes that cut through pixels are exact to a part of a pixel only.
          expect(out[y * to.width + x]).to.be.closeTo(2 * u + 3 * v, factor === 0.73 ? 0.6 : 0.01);
        }
    }
  });
});
