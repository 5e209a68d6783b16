import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {findScale} from '../../../src/scanning/scale/find-scale.ts';
import type {Color} from '../../helpers/images.ts';
import {disc, type PlaneCamera, scatteredGrains} from '../../helpers/plane-scenes.ts';
import {largestError, photograph} from './measured.ts';

const CAMERA: PlaneCamera = {width: 1000, height: 750, pxPerMm: 6, middle: [0, 0]};
const DIAMETER = 23.25;

/** A coin with a rim, a ring and a relief, its shadow, grains beside it. */
function scene(ground: Color, coin: Color, also?: (x: number, y: number) => Color | undefined) {
  const [edge, rim, ring, shadow] = [DIAMETER, 21, 15].map((d) => disc(35, 10, d)).concat(disc(36, 11, DIAMETER));
  const grains = scatteredGrains(40, [-70, -50, 85, 100], 7);
  return (x: number, y: number): Color => {
    const other = also?.(x, y);
    if (other) return other;
    if (grains(x, y)) return [205, 200, 180];
    if (edge(x, y)) {
      const relief = Math.sin(x * 3) * Math.cos(y * 4) * (ring(x, y) ? 15 : 5);
      const shade = rim(x, y) ? (ring(x, y) ? 0.9 : 0.75) : 1;
      return [coin[0] * shade + relief, coin[1] * shade + relief, coin[2] * shade + relief];
    }
    const light = shadow(x, y) ? 0.6 : 1;
    return [ground[0] * light, ground[1] * light, ground[2] * light];
  };
}

describe('the scale by a coin', () => {
  const GROUNDS: Record<string, [ground: Color, coin: Color]> = {
    'silver on black': [
      [20, 20, 22],
      [160, 160, 160],
    ],
    'gold on blue': [
      [40, 70, 150],
      [190, 160, 90],
    ],
    'copper on white, with a hard shadow': [
      [225, 222, 215],
      [150, 95, 60],
    ],
  };
  for (const [name, [ground, coin]] of Object.entries(GROUNDS))
    it(`is right within 1 %: ${name}`, async () => {
      const picture = await photograph({camera: CAMERA, color: scene(ground, coin)});
      const found = findScale(picture, {from: 'coin', diameter: DIAMETER})!;
      expect(
        largestError(CAMERA, found, [
          [-40, -30],
          [0, 0],
          [35, 10],
        ]),
      ).to.be.below(0.01);
      expect(found.objects.map(({kind}) => kind)).to.deep.equal(['coin']);
      expect(found.objects[0].width).to.be.closeTo(DIAMETER * CAMERA.pxPerMm, 2);
      expect(found.scale.description).to.match(/^coin of 23\.25 mm at \(7\d\d, 4\d\d\)$/);
      expect(found.scale.tilt).to.equal(undefined);
    });

  it('is right at the coin, and says that it is tilted, where the camera is', async () => {
    const camera = {...CAMERA, pxPerMm: 5, middle: [35, 10] as const, tilt: 20, towards: 40};
    const picture = await photograph({camera, color: scene([20, 20, 22], [160, 160, 160])});
    const found = findScale(picture, {from: 'coin', diameter: DIAMETER})!;
    expect(largestError(camera, found, [[35, 10]])).to.be.below(0.01);
    expect(found.scale.tilt).to.be.closeTo(20, 2);
    expect(found.warnings?.join()).to.contain('seen at 20 degrees');
  });

  it('prefers a coin to a red cap, says so, lists the cap, and takes it where a person points at it', async () => {
    const cap = disc(-40, 20, 30);
    const color = scene([20, 20, 22], [160, 160, 160], (x, y) => (cap(x, y) ? [190, 30, 25] : undefined));
    const picture = await photograph({camera: CAMERA, color});
    const found = findScale(picture, {from: 'coin', diameter: DIAMETER})!;
    expect(largestError(CAMERA, found, [[0, 0]])).to.be.below(0.01);
    expect(found.objects.map(({kind}) => kind)).to.deep.equal(['coin', 'object']);
    expect(found.warnings?.join()).to.match(/2 round things: .* --reference-at 2\d\d,49\d takes the other/);
    const pointed = findScale(picture, {from: 'coin', diameter: 30, at: [260, 500]})!;
    expect(largestError(CAMERA, pointed, [[0, 0]])).to.be.below(0.01);
    expect(pointed.warnings).to.equal(undefined);
  });

  it('is an error that says what was seen where there is none, or none at the place', async () => {
    const grains = scatteredGrains(60, [-70, -50, 140, 100], 3);
    const picture = await photograph({
      camera: CAMERA,
      color: (x, y) => (grains(x, y) ? [205, 200, 180] : [30, 30, 30]),
    });
    const failing = (request: Parameters<typeof findScale>[1], frame = picture) => {
      try {
        findScale(frame, request);
      } catch (error) {
        return error as RiceError;
      }
      throw new Error('it was found');
    };
    const none = failing({from: 'coin', diameter: DIAMETER});
    expect([none.code, none instanceof RiceError]).to.deep.equal(['REFERENCE_NOT_FOUND', true]);
    expect(none.message).to.match(/^a coin of 23\.25 mm was not found in the picture: /);
    const with1 = await photograph({camera: CAMERA, color: scene([20, 20, 22], [160, 160, 160])});
    const elsewhere = failing({from: 'coin', diameter: DIAMETER, at: [200, 200]}, with1);
    expect(elsewhere.message).to.match(/at \(200, 200\) was not found .* something is at \(7\d\d, 4\d\d\)/);
    expect(elsewhere.suggestions[0]).to.match(/--reference-at 7\d\d,4\d\d/);
    expect(failing({from: 'coin', diameter: DIAMETER, at: [2000, 20]}).code).to.equal('OUT_OF_RANGE');
  });
});
