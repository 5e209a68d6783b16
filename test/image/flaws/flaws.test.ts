import {expect} from 'chai';
import {FLAWS, type Flaw} from '../../../src/image/flaws/flaw.ts';
import {severeFlaws, slightFlaw} from '../../../src/image/flaws/flaws.ts';
import {windowFlaw} from '../../../src/image/flaws/window-flaws.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {prepareFrame} from '../../../src/image/prepare.ts';
import {type Color, drawGrain, type GrainDrawing} from '../../helpers/images.ts';

const WINDOW = {width: 120, height: 56};
const SIZE = 250;
const GROUNDS: Record<string, Color> = {black: [0, 0, 0], gray: [90, 92, 95]};

function draw(drawing: Partial<GrainDrawing> = {}): Frame {
  return drawGrain({size: SIZE, length: 150, width: 50, noise: 2, ...drawing});
}

/** Lays things on a picture, each of a color in the pixels that it says are its own. */
function withThing(frame: Frame, color: Color, isThere: (x: number, y: number) => boolean): Frame {
  const data = frame.data.slice();
  for (let y = 0; y < frame.height; y++)
    for (let x = 0; x < frame.width; x++) if (isThere(x, y)) data.set(color, (y * frame.width + x) * 3);
  return {...frame, data};
}

const disc = (centerX: number, centerY: number, radius: number) => (x: number, y: number) =>
  Math.hypot(x + 0.5 - centerX, y + 0.5 - centerY) < radius;

const prepared = (frame: Frame) => prepareFrame(frame, WINDOW);
const severe = (frame: Frame) => severeFlaws(prepared(frame));

for (const [ground, background] of Object.entries(GROUNDS))
  describe(`image: flaws of a picture on ${ground}`, () => {
    it('are none where a grain lies alone, wherever it lies and whatever its shape', () => {
      for (const angle of [0, 30, 77, 120])
        for (const [length, width] of [
          [220, 46],
          [100, 62],
          [150, 50],
        ]) {
          const picture = prepared(draw({angle, length, width, background}));
          expect(picture.noticed, `${angle} ${length}`).to.equal(undefined);
          expect([severeFlaws(picture), slightFlaw(picture)]).to.deep.equal([[], undefined]);
        }
    });

    it('measure how much of its width the border cuts a grain', () => {
      for (const share of [0.05, 0.1, 0.2, 0.35]) {
        // The end to the left is beyond the border by a share of the length; the chord there is that of an ellipse.
        const {noticed} = prepared(draw({x: 75 - 150 * share, background}));
        expect(noticed?.cut, `${share}`).to.be.closeTo(2 * Math.sqrt(share * (1 - share)), 0.12);
      }
      expect(severe(draw({x: 75 - 0.05 * 150, background}))).to.deep.equal([]);
      expect(slightFlaw(prepared(draw({x: 75 - 0.05 * 150, background})))).to.equal('out of frame');
      for (const place of [{x: 75 - 0.3 * 150}, {x: 175 + 0.3 * 150}, {y: 21, angle: 40}, {y: 230, angle: 90}])
        expect(severe(draw({...place, background})), JSON.stringify(place)).to.deep.equal(['out of frame']);
    });

    it('are what hangs on a grain, but not its own tip or a notch in it', () => {
      const grain = draw({angle: 20, background});
      const crumb = withThing(grain, [210, 212, 220], disc(136, 92, 9));
      expect(prepared(crumb).grain?.objects).to.equal(1);
      expect(windowFlaw(prepared(crumb).window, WINDOW)).to.equal('touching something');
      const large = withThing(draw({length: 130, width: 40, background}), [210, 212, 220], disc(110, 93, 14));
      expect(severe(large)).to.deep.equal(['touching something']);
      const notched = withThing(grain, background, disc(128, 94, 14));
      expect([severe(notched), windowFlaw(prepared(notched).window, WINDOW)]).to.deep.equal([[], undefined]);
      const pointed = withThing(grain, background, (x, y) => x > 180 && Math.abs(y - 147) > (210 - x) / 3);
      expect([severe(pointed), windowFlaw(prepared(pointed).window, WINDOW)]).to.deep.equal([[], undefined]);
    });

    it('are other things within the picture, and not a crumb of dust', () => {
      const grain = draw({angle: 70, x: 100, background});
      expect(severe(withThing(grain, [200, 190, 150], disc(200, 60, 26)))).to.deep.equal([
        'something else in the picture',
      ]);
      const strokes = (x: number, y: number) => x > 190 && x < 230 && y > 100 && y < 160 && (x < 200 || y < 110);
      expect(severe(withThing(grain, [220, 40, 40], strokes))).to.deep.equal(['something else in the picture']);
      expect(severe(withThing(grain, [200, 200, 200], disc(200, 60, 5)))).to.deep.equal([]);
      const other = prepared(
        withThing(grain, [215, 217, 225], (x, y) => ((x - 205) / 22) ** 2 + ((y - 120) / 60) ** 2 < 1),
      );
      expect([other.grain?.objects, severeFlaws(other)]).to.deep.equal([2, []]);
    });

    it('are no ruler along a border, beside which the grain is found as if it were alone', () => {
      const grain = draw({angle: 65, x: 90, color: [190, 185, 170], background});
      const alone = prepared(grain);
      for (const [name, color] of Object.entries({white: [240, 240, 235], yellow: [225, 190, 60]} as const))
        for (const end of name === 'white' ? [SIZE, 140] : [SIZE]) {
          const mark = (x: number, y: number) => y % 12 < 2 && x < (y % 60 < 12 ? 238 : 230);
          const ruler = withThing(grain, color, (x, y) => x >= 220 && y < end);
          const beside = prepared(withThing(ruler, [30, 30, 30], (x, y) => x >= 220 && y < end && mark(x, y)));
          expect(beside.noticed, `${name} ${end}`).to.equal(undefined);
          expect(beside.grain?.objects).to.equal(1);
          for (const side of ['length', 'width', 'x', 'y'] as const)
            expect(beside.grain?.[side], `${name} ${end} ${side}`).to.be.closeTo(alone.grain![side], 2);
        }
    });

    it('are too few pixels', () => {
      expect(severe(draw({length: 21, width: 9, background}))).to.deep.equal(['too small']);
      for (const [length, width] of [
        [27, 11],
        [42, 15],
      ]) {
        const small = prepared(draw({length, width, background}));
        expect([severeFlaws(small), slightFlaw(small)], `${length}`).to.deep.equal([[], 'too small']);
      }
    });
  });

describe('image: flaws that a window shows', () => {
  const flaw = (frame: Frame): Flaw | undefined => windowFlaw(prepared(frame).window, WINDOW);

  /** The mean of the pixels around each: what is out of focus. */
  function blurred({width, height, data}: Frame, radius: number): Frame {
    const out = new Uint8Array(data.length);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < 3; c++) {
          let [sum, count] = [0, 0];
          for (let dy = -radius; dy <= radius; dy++)
            for (let dx = -radius; dx <= radius; dx++) {
              const [column, row] = [x + dx, y + dy];
              if (dx * dx + dy * dy > radius * radius || column < 0 || row < 0 || column >= width || row >= height)
                continue;
              sum += data[(row * width + column) * 3 + c];
              count++;
            }
          out[(y * width + x) * 3 + c] = sum / count;
        }
    return {width, height, data: out};
  }

  it('are none for a sharp grain, be it light or dark', () => {
    for (const color of [
      [215, 217, 225],
      [120, 90, 70],
      [60, 55, 50],
    ] as Color[])
      expect(flaw(draw({color, angle: 33})), `${color}`).to.equal(undefined);
    expect(flaw(blurred(draw({angle: 33}), 2))).to.equal(undefined);
    expect(windowFlaw(new Uint8Array(WINDOW.width * WINDOW.height * 3), WINDOW)).to.equal(undefined);
  });

  it('are light that saturates much of the grain', () => {
    expect(flaw(draw({color: [255, 255, 255], noise: 0}))).to.equal('overexposed');
    expect(flaw(draw({color: [255, 255, 200], noise: 0}))).to.equal(undefined);
    const spot = withThing(draw(), [255, 255, 255], disc(110, 125, 14));
    expect(flaw(spot)).to.equal(undefined);
  });

  it('are a soft edge', () => {
    for (const angle of [0, 50]) expect(flaw(blurred(draw({angle}), 6)), `${angle}`).to.equal('too blurred');
  });

  it('are each among the reasons, once', () => {
    expect(new Set(FLAWS).size).to.equal(FLAWS.length);
  });
});
