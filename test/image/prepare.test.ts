import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {prepareFrame, prepareFramePatch, prepareImage} from '../../src/image/prepare.ts';
import {FIXTURES} from '../helpers/fixtures.ts';
import {
  type Color,
  drawFrame,
  drawGrain,
  encodeGreyJpeg,
  encodeJpeg,
  encodePng,
  type GrainDrawing,
  withExifOrientation,
} from '../helpers/images.ts';

const WINDOW = {width: 120, height: 56};
const SAMPLE = join(import.meta.dirname, '../../../shared/data/sample');

const GRAIN: GrainDrawing = {size: 250, length: 160, width: 62, angle: 25, x: 121, y: 130};

describe('image: prepare', () => {
  it('places the grain along the middle of the window at half the scale of a 250-pixel frame', () => {
    const {window} = prepareFrame(drawGrain(GRAIN), WINDOW);
    expect(window).to.have.length(120 * 56 * 3);
    const {x, y, lengthAlong, lengthAcross} = brightPart(window);
    expect(x).to.be.closeTo(60, 0.3);
    expect(y).to.be.closeTo(28, 0.3);
    expect(lengthAlong).to.be.closeTo(80, 2);
    expect(lengthAcross).to.be.closeTo(31, 2);
  });

  it('makes room for a window that is larger than any before', () => {
    const size = {width: 1440, height: 672, magnification: 12};
    const {window} = prepareFrame(drawGrain({...GRAIN, size: 500, length: 320, width: 124, x: 242, y: 260}), size);
    expect(window).to.have.length(1440 * 672 * 3);
    const usual = prepareFrame(drawGrain(GRAIN), WINDOW).window;
    const shrunk = usual.map((_, at) => {
      const [x, y] = [Math.floor(at / 3) % 120, Math.floor(at / 360)];
      return window[((12 * y + 6) * 1440 + 12 * x + 6) * 3 + (at % 3)];
    });
    expect(meanDifference(shrunk, usual)).to.be.below(3);
  });

  it('keeps the scale relative to the frame at any size', () => {
    const reference = prepareFrame(drawGrain(GRAIN), WINDOW).window;
    for (const size of [125, 224, 375, 400, 499, 500, 750, 1000, 1999]) {
      const scale = size / 250;
      const drawing = {...GRAIN, size, length: 160 * scale, width: 62 * scale, x: 121 * scale, y: 130 * scale};
      expect(meanDifference(prepareFrame(drawGrain(drawing), WINDOW).window, reference), `${size}`).to.be.below(1);
    }
  });

  it('shows a grain larger in a window with a magnification, with as many pixels of it as the picture has', () => {
    const drawing = {...GRAIN, angle: 0, x: 125, y: 125};
    const usual = brightPart(prepareFrame(drawGrain(drawing), WINDOW).window);
    const size = {width: 240, height: 112, magnification: 2};
    const large = brightPart(prepareFrame(drawGrain(drawing), size).window, size);
    expect(large.lengthAlong / usual.lengthAlong).to.be.closeTo(2, 0.03);
    expect(large.lengthAcross / usual.lengthAcross).to.be.closeTo(2, 0.1);
    expect([large.x, large.y].map(Math.round)).to.deep.equal([120, 56]);
  });

  it('makes room for a large window before it decodes, in a process that has prepared nothing before', () => {
    const size = {width: 1024, height: 480, magnification: 1024 / 120};
    const script = `
      import {prepareImage} from './src/image/prepare.ts';
      import {drawGrain, encodeJpeg} from './test/helpers/images.ts';
      const {grain} = await prepareImage(await encodeJpeg(drawGrain(${JSON.stringify(GRAIN)})), ${JSON.stringify(size)});
      process.stdout.write(String(Math.round(grain.length)));`;
    const root = join(import.meta.dirname, '../..');
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const {stdout, stderr} = spawnSync(process.execPath, args, {cwd: root, encoding: 'utf8'});
    expect(stdout, stderr).to.match(/^1[56]\d$/);
  });

  it('searches further in the picture itself, wherever it was decoded to', async () => {
    // The first search in it is not the last.
    const {file} = FIXTURES['JPEG, progressive'];
    const native = await prepareImage(file, WINDOW, {decoder: 'native'});
    const portable = await prepareImage(file, WINDOW, {decoder: 'portable'});
    expect(native.grain).to.deep.equal(portable.grain);
    expect(Buffer.from(native.window).equals(Buffer.from(portable.window))).to.equal(true);
  });

  it('gives nearly the same window for any rotation, up to half a turn', () => {
    const reference = prepareFrame(drawGrain({...GRAIN, angle: 0}), WINDOW).window;
    for (let angle = 0; angle < 360; angle += 23)
      expect(meanDifference(prepareFrame(drawGrain({...GRAIN, angle}), WINDOW).window, reference)).to.be.below(1);
  });

  it('gives nearly the same window on any uniform background', () => {
    const reference = prepareFrame(drawGrain(GRAIN), WINDOW).window;
    for (const background of [
      [60, 60, 60],
      [128, 128, 128],
      [20, 40, 180],
      [255, 255, 255],
    ] as Color[])
      expect(meanDifference(prepareFrame(drawGrain({...GRAIN, background}), WINDOW).window, reference)).to.be.below(2);
  });

  it('makes the window from the patch by averaging 2 x 2 pixels', () => {
    for (const frame of [
      drawGrain(GRAIN),
      drawGrain({...GRAIN, size: 450}),
      drawFrame(300, 200, (x, y) => [x % 256, y, 9]),
    ]) {
      const {window, patch} = prepareFramePatch(frame, WINDOW);
      const canvas = new Uint8Array(240 * 112 * 3);
      for (let y = 0; y < patch.height; y++)
        canvas.set(
          patch.data.subarray(y * patch.width * 3, (y + 1) * patch.width * 3),
          ((y + patch.y) * 240 + patch.x) * 3,
        );
      const expected = window.map((_, i) => {
        const x = Math.floor(i / 3) % 120;
        const y = Math.floor(i / 360);
        const at = (dx: number, dy: number) => canvas[((2 * y + dy) * 240 + 2 * x + dx) * 3 + (i % 3)];
        return Math.round((at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4);
      });
      expect(Buffer.from(window).equals(Buffer.from(expected))).to.equal(true);
      expect([patch.x % 2, patch.y % 2, patch.width % 2, patch.height % 2]).to.deep.equal([0, 0, 0, 0]);
    }
  });

  it('uses the whole frame if there is no grain, with a note', () => {
    const frame = drawFrame(300, 300, () => [90, 120, 150]);
    const {grain, window, notes, patch} = prepareFramePatch(frame, WINDOW);
    expect(grain).to.equal(undefined);
    expect(notes).to.deep.equal(['no grain was found: the whole picture was used']);
    expect([patch.x, patch.y, patch.width, patch.height]).to.deep.equal([64, 0, 112, 112]);
    expect([...window.subarray((28 * 120 + 60) * 3, (28 * 120 + 61) * 3)]).to.deep.equal([90, 120, 150]);
    expect([...window.subarray(0, 3)]).to.deep.equal([0, 0, 0]);
  });

  it('reads a 1-bit picture of 224 x 224, also as a gray JPEG', async () => {
    const frame = drawGrain({size: 224, length: 120, width: 50, angle: 70, color: [255, 255, 255]});
    const bits = {...frame, data: frame.data.map((level) => (level > 127 ? 255 : 0))};
    for (const bytes of [encodeGreyJpeg(bits), encodeJpeg(bits, 75), encodePng(bits, {colorType: 0, bitDepth: 1})]) {
      const {grain, width, height} = await prepareImage(bytes, WINDOW);
      expect([width, height]).to.deep.equal([224, 224]);
      expect(grain?.length).to.be.closeTo(120, 1.5);
      expect(grain?.angle).to.be.closeTo(70, 0.7);
      expect(grain?.objects).to.equal(1);
    }
  });

  it('gives the same window for 16 and 8 bits per channel', async () => {
    const frame = drawGrain(GRAIN);
    const eight = await prepareImage(encodePng(frame), WINDOW);
    const sixteen = await prepareImage(encodePng(frame, {bitDepth: 16}), WINDOW);
    expect(Buffer.from(sixteen.window).equals(Buffer.from(eight.window))).to.equal(true);
  });

  it('measures after applying the orientation', async () => {
    const bytes = encodeJpeg(drawGrain({...GRAIN, length: 80, width: 40, x: 60, y: 100, angle: 30}));
    const {grain} = await prepareImage(withExifOrientation(bytes, 6), WINDOW);
    expect(grain?.x).to.be.closeTo(150, 0.7);
    expect(grain?.y).to.be.closeTo(60, 0.7);
    expect(grain?.angle).to.be.closeTo(120, 1);
  });

  it('gives the recorded window (a change needs a new PREPARATION_VERSION)', async () => {
    const {window} = await prepareImage(encodePng(drawGrain({...GRAIN, noise: 8})), WINDOW);
    expect(createHash('sha256').update(window).digest('hex')).to.equal(
      '7ab65772bc182155efc70bba4bedcc27707224222195863d7cbba6ff803957d1',
    );
  });

  it('gives the same window with both JPEG decoders', async () => {
    for (const angle of [0, 33, 77, 121]) {
      const [native, portable] = await windowsOf(encodeJpeg(drawGrain({...GRAIN, angle, noise: 4}), 75));
      expect(portable).to.deep.equal(native);
    }
  });

  describe('on real images (needs ../shared/data/sample)', () => {
    before(function () {
      if (!existsSync(SAMPLE)) this.skip();
    });

    it('finds one grain in each, with the same window from both decoders', async () => {
      for (const label of readdirSync(SAMPLE)) {
        for (const name of readdirSync(join(SAMPLE, label))) {
          const bytes = readFileSync(join(SAMPLE, label, name));
          const {grain} = await prepareImage(bytes, WINDOW);
          expect(grain?.objects, name).to.equal(1);
          const [native, portable] = await windowsOf(bytes);
          expect(portable, name).to.deep.equal(native);
        }
      }
    });
  });
});

function windowsOf(bytes: Buffer): Promise<Uint8Array[]> {
  const decoders = ['native', 'portable'] as const;
  return Promise.all(decoders.map(async (decoder) => (await prepareImage(bytes, WINDOW, {decoder})).window));
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, level, i) => sum + Math.abs(level - b[i]), 0) / a.length;
}

/** Centroid and size of the pixels above half brightness, in window pixels. */
function brightPart(window: Uint8Array, {width}: {width: number} = WINDOW) {
  const columns: number[] = [];
  const rows: number[] = [];
  for (let i = 0; i < window.length; i += 3) {
    if (window[i] < 108) continue;
    columns.push(((i / 3) % width) + 0.5);
    rows.push(Math.floor(i / (3 * width)) + 0.5);
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    x: mean(columns),
    y: mean(rows),
    lengthAlong: Math.max(...columns) - Math.min(...columns) + 1,
    lengthAcross: Math.max(...rows) - Math.min(...rows) + 1,
  };
}
