import {expect} from 'chai';
import {cellsOf} from '../../../../../src/image/grain/background/cell-mask.ts';
import {closedPath} from '../../../../../src/image/grain/background/contour/closed-path.ts';
import {colorAxes, sharpStep} from '../../../../../src/image/grain/background/contour/color-axes.ts';
import {fillPolygon} from '../../../../../src/image/grain/background/contour/fill-polygon.ts';
import {raysAround} from '../../../../../src/image/grain/background/contour/rays.ts';
import {randomNumbers} from '../../../../helpers/images.ts';

const MOMENTS = {area: 0, x: 60, y: 50, length: 80, width: 30, angle: 0, cos: 0.8, sin: 0.6};

describe('image: an outline along edges', () => {
  it('finds the cheapest closed path, as trying all of them does', () => {
    const [rays, places, stiffness] = [6, 4, 0.1];
    const random = randomNumbers(5);
    for (let draw = 0; draw < 20; draw++) {
      // One low cost on each ray, so that the free path and the closed one agree where they begin.
      const costs = Float32Array.from({length: rays * places}, () => random());
      for (let ray = 0; ray < rays; ray++) costs[ray * places + Math.floor(places * random())] -= 3;
      const path = closedPath(costs, rays, places, stiffness);
      let best = Number.POSITIVE_INFINITY;
      for (let n = 0; n < places ** rays; n++) {
        const tried = Array.from({length: rays}, (_, ray) => Math.floor(n / places ** ray) % places);
        best = Math.min(best, costOf(tried, costs, places, stiffness));
      }
      expect(costOf([...path], costs, places, stiffness)).to.be.closeTo(best, 1e-5);
    }
  });

  it('ends where it begins', () => {
    // Cheap at place 0 on the first rays, at place 9 on the last: an open path would jump at its end.
    const costs = Float32Array.from({length: 40 * 10}, (_, i) => {
      const [ray, place] = [Math.floor(i / 10), i % 10];
      return Math.abs(place - (9 * ray) / 39);
    });
    const path = closedPath(costs, 40, 10, 0.05);
    for (let ray = 0; ray < 40; ray++) expect(Math.abs(path[ray] - path[(ray + 1) % 40])).to.be.at.most(4);
  });

  it('fills a polygon as the test of each point does', () => {
    const x = Float64Array.of(3.2, 20.7, 14.1, 17.9, 6.4);
    const y = Float64Array.of(2.5, 4.4, 9.3, 18.8, 15.2);
    const inside = (px: number, py: number) => {
      let turns = 0;
      for (let i = 0; i < x.length; i++) {
        const j = (i + 1) % x.length;
        const [a, b] = [Math.atan2(y[i] - py, x[i] - px), Math.atan2(y[j] - py, x[j] - px)];
        turns += Math.atan2(Math.sin(b - a), Math.cos(b - a));
      }
      return Math.abs(turns) > Math.PI;
    };
    const expected: number[] = [];
    for (let cell = 0; cell < 24 * 22; cell++) if (inside(cell % 24, Math.floor(cell / 24))) expected.push(cell);
    expect([...cellsOf(fillPolygon(x, y, 24, 22))]).to.deep.equal(expected);
  });

  for (const coarse of [false, true])
    it(`sends rays that go around once and never meet${coarse ? ', half as many' : ''}`, () => {
      const rays = raysAround(MOMENTS, 1, coarse);
      let turned = 0;
      for (let ray = 0; ray < rays.count; ray++) {
        const next = (ray + 1) % rays.count;
        expect(Math.hypot(rays.dx[ray], rays.dy[ray])).to.be.closeTo(1, 1e-12);
        const cross = rays.dx[ray] * rays.dy[next] - rays.dy[ray] * rays.dx[next];
        const dot = rays.dx[ray] * rays.dx[next] + rays.dy[ray] * rays.dy[next];
        expect(cross, 'to the other side').to.be.at.most(1e-12);
        turned += Math.atan2(cross, dot);
        // Their ends move on as they do.
        const far = (at: number) => [rays.x[at] + 50 * rays.dx[at], rays.y[at] + 50 * rays.dy[at]];
        const [[x0, y0], [x1, y1]] = [far(ray), far(next)];
        expect((x1 - x0) * rays.dy[ray] - (y1 - y0) * rays.dx[ray]).to.be.above(0);
      }
      expect(turned).to.be.closeTo(-2 * Math.PI, 1e-9);
    });

  it('measures hue at right angles to light', () => {
    for (const color of [
      [238, 236, 232],
      [160, 220, 150],
      [0, 0, 200],
    ] as [number, number, number][]) {
      const axes = colorAxes(...color);
      const dot = (a: number, b: number) => axes[a] * axes[b] + axes[a + 1] * axes[b + 1] + axes[a + 2] * axes[b + 2];
      for (const [a, b] of [
        [0, 3],
        [0, 6],
        [3, 6],
      ])
        expect(dot(a, b)).to.be.closeTo(0, 1e-12);
      for (const a of [0, 3, 6]) expect(dot(a, a)).to.be.closeTo(1, 1e-12);
      expect(axes[0] * color[0] + axes[1] * color[1] + axes[2] * color[2]).to.be.closeTo(Math.hypot(...color), 1e-9);
    }
  });

  it('sees a step, and no slope', () => {
    const slope = Float32Array.from({length: 13}, (_, i) => 3 * i);
    expect(sharpStep(slope, 6, 2, 6)).to.equal(0);
    expect(
      sharpStep(
        slope.map((value, i) => value + (i < 6 ? 20 : 0)),
        6,
        2,
        6,
      ),
    ).to.equal(20);
  });
});

function costOf(path: readonly number[], costs: Float32Array, places: number, stiffness: number): number {
  return path.reduce(
    (sum, place, ray) => sum + costs[ray * places + place] + stiffness * (place - path[(ray + 1) % path.length]) ** 2,
    0,
  );
}
