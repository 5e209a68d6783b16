import {expect} from 'chai';
import {
  brokenFigures,
  countErrors,
  lengthFigures,
  lieFigures,
  maskFigures,
  namedFigures,
} from '../../bench/scan/figures.ts';
import {matchMasks, rasterize} from '../../bench/scan/match.ts';
import {measureScene} from '../../bench/scan/measure-scene.ts';
import {planScenes} from '../../bench/scan/scene-sets.ts';
import {composeScene} from '../../bench/scenes/compose.ts';
import {GrainPictures} from '../../bench/scenes/grain-pictures.ts';
import type {Scene, SceneGrain} from '../../bench/scenes/types.ts';
import type {Scanner} from '../../src/scanning/scanner.ts';
import type {Outline, Point, ScannedGrain, ScannedPicture} from '../../src/scanning/types.ts';
import {Random} from '../../src/training/random.ts';
import {drawGrain} from '../helpers/images.ts';

const PICTURES = GrainPictures.fromFrames([
  {label: 'Long', file: 'long.jpg', frame: drawGrain({size: 250, length: 180, width: 50})},
  {label: 'Round', file: 'round.jpg', frame: drawGrain({size: 250, length: 110, width: 70, angle: 30})},
]);

function makeScene(): Scene {
  return composeScene(
    {width: 800, height: 700, ground: 'blue', grains: 24, scale: 0.5, overlap: 0.1, joined: 0.4, broken: 0.3},
    new Random(3, 'measured'),
    PICTURES,
  );
}

/** An outline around exactly the visible pixels, row by row down the left side and up the right one. */
function outlineOf({visible: {x, y, width, height, data}}: SceneGrain): Outline {
  const left: Point[] = [];
  const right: Point[] = [];
  for (let row = 0; row < height; row++) {
    const line = data.subarray(row * width, (row + 1) * width);
    const [first, last] = [line.indexOf(1), line.lastIndexOf(1)];
    if (first < 0) continue;
    left.push([x + first, y + row], [x + first, y + row + 1]);
    right.push([x + last + 1, y + row], [x + last + 1, y + row + 1]);
  }
  return [...left, ...right.reverse()];
}

/** A scanner that answers with the truth after `change`. */
function knowing(scene: Scene, change: (grain: ScannedGrain, truth: SceneGrain) => ScannedGrain | undefined): Scanner {
  const grains = scene.grains.flatMap((truth, i) => {
    const {x, y, length, width, feret, area, label, broken, border} = truth;
    const said = {
      id: i,
      x,
      y,
      length,
      width,
      feret,
      area,
      label,
      known: true,
      broken,
      border,
      outline: outlineOf(truth),
    };
    return change(said as unknown as ScannedGrain, truth) ?? [];
  });
  const picture = {count: grains.length, countByArea: grains.length, grains, warnings: []} as unknown as ScannedPicture;
  const shares: Record<string, {share: number}> = {};
  const measured = grains.filter(({border}) => !border);
  for (const {label} of measured) shares[label] = {share: (shares[label]?.share ?? 0) + 1 / measured.length};
  return {scan: async () => picture, summarize: () => ({shares})} as unknown as Scanner;
}

const measure = async (change: Parameters<typeof knowing>[1]) => {
  const scene = makeScene();
  const {outcome} = await measureScene(knowing(scene, change), 0, scene, new Uint8Array());
  return {scene, outcome};
};

describe('the measurement of scans', () => {
  it('finds no error in an answer that is right', async () => {
    const {outcome} = await measure((grain) => grain);
    expect(countErrors([outcome])).to.include({error: 0, bias: 0});
    expect(maskFigures([outcome])).to.include({recall: 1, precision: 1});
    expect(maskFigures([outcome]).iou).to.be.greaterThan(0.97);
    expect(namedFigures([outcome])).to.include({found: 1, right: 1, accepted: 1, wrongOfAccepted: 0});
    expect(lengthFigures([outcome])).to.include({feret: 0, length: 0});
    expect(brokenFigures([outcome])).to.include({found: 1, falsely: 0});
    expect(Math.max(...outcome.shareErrors.map(Math.abs))).to.be.lessThan(1e-9);
  });

  it('sees grains that are missed, and others that are not there', async () => {
    const {outcome, scene} = await measure((grain) => (grain.id < 6 ? undefined : grain));
    const {length: count} = scene.grains;
    expect(countErrors([outcome]).bias).to.be.closeTo(-6 / count, 1e-9);
    expect(maskFigures([outcome]).recall).to.be.closeTo((count - 6) / count, 1e-9);
    expect(maskFigures([outcome]).precision).to.equal(1);
    expect(namedFigures([outcome]).found).to.be.lessThan(1);
    const {outcome: moved} = await measure((grain) => ({
      ...grain,
      outline: grain.outline.map(([x, y]): Point => [x + 40, y + 40]),
    }));
    expect(maskFigures([moved]).recall).to.be.lessThan(0.2);
  });

  it('sees wrong names, lengths and breaks', async () => {
    const {outcome} = await measure((grain) => ({...grain, label: 'Long', feret: grain.feret * 1.04, broken: true}));
    expect(lengthFigures([outcome]).feret).to.be.closeTo(0.04, 1e-9);
    expect(brokenFigures([outcome])).to.include({found: 1, falsely: 1});
    const {grains, right} = namedFigures([outcome]);
    const long = outcome.grains.filter(({label, broken, border}) => label === 'Long' && !broken && !border);
    expect(right).to.be.closeTo(long.length / grains, 1e-9);
    const lies = lieFigures([outcome]);
    expect(lies.reduce((sum, lie) => sum + lie.grains, 0)).to.equal(grains);
    expect(lies.filter((lie) => lie.grains > 0).every((lie) => lie.calledBroken === 1)).to.equal(true);
    const unknown = await measure((grain) => ({...grain, known: false}));
    expect(namedFigures([unknown.outcome])).to.include({right: 1, accepted: 0});
  });

  it('fills outlines by the centers of pixels', () => {
    const triangle: Outline = [
      [1, 1],
      [9, 1],
      [1, 9],
    ];
    const {data, x, y} = rasterize(triangle, 20, 20);
    expect({x, y, pixels: data.reduce((sum, inside) => sum + inside, 0)}).to.deep.equal({x: 1, y: 1, pixels: 28});
    const cut = rasterize(
      [
        [-5, -5],
        [5, -5],
        [5, 5],
        [-5, 5],
      ],
      20,
      20,
    );
    expect(cut).to.deep.include({x: 0, y: 0, width: 5, height: 5});
    expect(cut.data.every((inside) => inside === 1)).to.equal(true);
  });

  it('pairs each mask once, the best first', () => {
    const box = (x: number, width: number) => ({x, y: 0, width, height: 4, data: new Uint8Array(width * 4).fill(1)});
    const matches = matchMasks([box(0, 10), box(20, 10)], [box(2, 10), box(0, 10), box(26, 10)]);
    expect(matches).to.deep.equal([{truth: 0, found: 1, iou: 1}]);
  });

  it('plans the same scenes for a seed, however many are asked for', () => {
    const labels = ['Long', 'Round'];
    const few = planScenes(4, 9, labels).map(({options}) => options);
    expect(planScenes(22, 9, labels).map(({options}) => options)).to.deep.include.members(few);
    const all = planScenes(22, 9, labels).map(({options}) => options);
    for (const overlap of [0, 'touching', 0.05, 0.15, 0.25])
      for (const ground of ['black felt', 'blue', 'white'])
        expect(all.some((one) => one.ground === ground && one.overlap === overlap)).to.equal(true);
    expect(
      all.every(({grains, width, scale}) => grains >= 20 && grains <= 200 && width <= 4000 && scale >= 0.48),
    ).to.equal(true);
  });
});
