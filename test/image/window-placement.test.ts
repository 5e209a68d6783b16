import {expect} from 'chai';
import type {Frame} from '../../src/image/frame.ts';
import {prepareFrame, prepareImage} from '../../src/image/prepare.ts';
import {fitImage} from '../../src/image/resize/fit-image.ts';
import {type WindowPlacement, windowPosition} from '../../src/image/window/window-placement.ts';
import {drawFrame, drawGrain, encodePng, withExifOrientation} from '../helpers/images.ts';

const WINDOW = {width: 120, height: 56};

describe('image: where a window lies in its picture', () => {
  for (const [name, size, length, angle] of [
    ['an upright grain', 250, 160, 0],
    ['a turned one', 250, 160, 37],
    ['one that leans to the left', 250, 150, 141],
    ['a large picture', 900, 560, 65],
    ['a small grain in a large picture', 1000, 60, 20],
    ['a grain that nearly fills the picture', 180, 170, 44],
  ] as const)
    it(`is known for ${name}`, () => {
      const frame = marked({size, length, width: length * 0.4, angle, x: size * 0.52, y: size * 0.49});
      const {window, placement} = prepareFrame(frame, WINDOW);
      expectSame(frame, window, WINDOW, placement);
    });

  it('is known where no grain is searched for, in wide and in high pictures', () => {
    for (const [width, height] of [
      [300, 170],
      [90, 240],
    ]) {
      const frame = colored(width, height);
      const {window, placement} = prepareFrame(frame, WINDOW, undefined, {wholeFrame: true});
      expectSame(frame, window, WINDOW, placement);
    }
  });

  it('is known after orientation', async () => {
    const frame = marked({size: 250, length: 150, width: 60, angle: 30, x: 120, y: 131});
    const turned = withExifOrientation(await jpegOf(frame), 6);
    const {placement, grain, width} = await prepareImage(turned, WINDOW);
    expect(width).to.equal(250);
    const [u, v] = windowPosition(placement, grain!.x, grain!.y);
    expect([u, v].map(Math.round)).to.deep.equal([60, 28]);
  });

  for (const fit of ['stretch', 'crop', 'letterbox'] as const)
    it(`is known for external models that ${fit}`, async () => {
      const frame = colored(260, 150);
      const options = {...WINDOW, fit, cropPct: 0.9, fill: [0, 0, 0] as const, interpolation: 'bilinear' as const};
      const {window, placement} = await fitImage(encodePng(frame), options);
      expectSame(frame, window, WINDOW, placement);
    });
});

/** A grain whose colors tell its ends and sides apart. */
function marked(drawing: Parameters<typeof drawGrain>[0]): Frame {
  const frame = drawGrain(drawing);
  for (let i = 0, at = 0; i < frame.width * frame.height; i++, at += 3) {
    if (frame.data[at] < 150) continue;
    const [x, y] = [i % frame.width, Math.floor(i / frame.width)];
    frame.data[at] = 110 + Math.round((140 * x) / frame.width);
    frame.data[at + 2] = 110 + Math.round((140 * y) / frame.height);
  }
  return frame;
}

function colored(width: number, height: number): Frame {
  return drawFrame(width, height, (x, y) => [
    40 + Math.round((200 * x) / width),
    80,
    40 + Math.round((200 * y) / height),
  ]);
}

async function jpegOf(frame: Frame): Promise<Buffer> {
  const {encodeJpeg} = await import('../../src/image/formats/jpeg/encode.ts');
  return encodeJpeg(frame, 95);
}

/** The window's bright pixels have the colors that stand at their places in the picture. */
function expectSame(frame: Frame, window: Uint8Array, size: typeof WINDOW, placement: WindowPlacement): void {
  const {x, y, rightX, rightY, downX, downY} = placement;
  let [compared, difference] = [0, 0];
  for (let v = 1; v < size.height - 1; v++)
    for (let u = 1; u < size.width - 1; u++) {
      const at = (v * size.width + u) * 3;
      const surroundings = [-3, 0, 3].flatMap((dx) => [-1, 0, 1].map((dy) => window[at + dx + dy * size.width * 3]));
      if (Math.min(...surroundings) < 60) continue;
      const px = x + (u + 0.5) * rightX + (v + 0.5) * downX;
      const py = y + (u + 0.5) * rightY + (v + 0.5) * downY;
      const [back, down] = windowPosition(placement, px, py);
      expect([back, down].map((each) => Math.round(each * 1e6) / 1e6)).to.deep.equal([u + 0.5, v + 0.5]);
      const seen =
        (Math.min(frame.height - 1, Math.floor(py)) * frame.width + Math.min(frame.width - 1, Math.floor(px))) * 3;
      difference += Math.abs(window[at] - frame.data[seen]) + Math.abs(window[at + 2] - frame.data[seen + 2]);
      compared += 2;
    }
  expect(compared).to.be.above(600);
  expect(difference / compared).to.be.below(2.5);
}
