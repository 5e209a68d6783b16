import {expect} from 'chai';
import {decodeImage} from '../../../../src/image/decode.ts';
import {FIXTURES} from '../../../helpers/fixtures.ts';
import {drawGrain, encodeJpeg} from '../../../helpers/images.ts';
import {writeJpeg} from '../../../helpers/jpeg-writer.ts';

const GRAIN = drawGrain({size: 60, length: 40, width: 20, angle: 30});
const END_BYTES = 2;
const DECODERS = ['auto', 'portable'] as const;
const COLORS = [90, 140, 200].map((start, i) => ({
  level: (x: number, y: number) => start + ((x * (i + 2) + y * 3) % 50),
}));
const WIDTH = 40;
const HEIGHT = 30;

describe('image: structure of JPEGs', () => {
  const whole: Record<string, Buffer> = {
    baseline: encodeJpeg(GRAIN),
    progressive: FIXTURES['JPEG, progressive'].file,
    'of three scans': writeJpeg({width: WIDTH, height: HEIGHT, colors: COLORS, separate: true}),
    'with restarts': FIXTURES['JPEG, restarts'].file,
    CMYK: FIXTURES['JPEG, progressive, CMYK'].file,
  };
  for (const decoder of DECODERS)
    for (const [name, jpeg] of Object.entries(whole)) {
      const open = jpeg.subarray(0, -END_BYTES);

      it(`reads one with zeros in the place of its end like the whole one: ${name} (${decoder})`, async () => {
        const {frame} = await decodeImage(jpeg, {decoder});
        for (const count of [1, 2, 3, 512, 5000]) {
          const padded = await decodeImage(Buffer.concat([open, Buffer.alloc(count)]), {decoder});
          expect(Buffer.from(padded.frame.data).equals(Buffer.from(frame.data)), `${count} zeros`).to.equal(true);
          expect(padded.notes).to.deep.equal([]);
        }
      });

      it(`reads one without its end, and says so: ${name} (${decoder})`, async () => {
        const {frame} = await decodeImage(jpeg, {decoder});
        for (const bytes of [open, jpeg.subarray(0, -1)]) {
          const cut = await decodeImage(bytes, {decoder});
          expect(Buffer.from(cut.frame.data).equals(Buffer.from(frame.data))).to.equal(true);
          expect(cut.notes).to.deep.equal(['the JPEG has no end marker, but all of its pixels']);
        }
      });

      it(`refuses one of which more is missing, with zeros behind or without: ${name} (${decoder})`, async () => {
        for (const missing of [3, 8, 20, open.length >> 1])
          for (const zeros of [0, 1, 700]) {
            const bytes = Buffer.concat([open.subarray(0, open.length - missing), Buffer.alloc(zeros)]);
            expect(await codeOf(bytes, decoder), `${missing} missing, ${zeros} zeros`).to.match(/TRUNCATED|CORRUPT/);
          }
      });
    }

  it('refuses a progressive one that ends between two scans, which other readers show coarsely', async () => {
    const jpeg = writeJpeg({width: WIDTH, height: HEIGHT, colors: COLORS, progressive: true});
    let scan = jpeg.indexOf(Buffer.of(0xff, 0xda));
    let ends = 0;
    for (
      scan = jpeg.indexOf(Buffer.of(0xff, 0xda), scan + 2);
      scan !== -1;
      scan = jpeg.indexOf(Buffer.of(0xff, 0xda), scan + 2)
    ) {
      for (const zeros of [0, 64]) {
        const bytes = Buffer.concat([jpeg.subarray(0, scan), Buffer.alloc(zeros)]);
        for (const decoder of DECODERS) expect(await codeOf(bytes, decoder)).to.equal('IMAGE_TRUNCATED');
      }
      ends++;
    }
    expect(ends).to.equal(10);
  });

  const baseline = writeJpeg({width: WIDTH, height: HEIGHT, colors: COLORS});
  const separate = writeJpeg({width: WIDTH, height: HEIGHT, colors: COLORS, separate: true});
  const frameAt = baseline.indexOf(Buffer.of(0xff, 0xc0));
  const lastScan = separate.lastIndexOf(Buffer.of(0xff, 0xda));
  const END = Buffer.of(0xff, 0xd9);
  const lines = (count: number) => Buffer.of(0xff, 0xdc, 0, 4, count >> 8, count & 255);
  const behindPixels = (segment: Buffer, jpeg = baseline) =>
    Buffer.concat([jpeg.subarray(0, -END_BYTES), segment, END]);
  const bad: Array<[name: string, code: string, bytes: Buffer]> = [
    [
      'that tells its height behind its pixels',
      'IMAGE_UNSUPPORTED',
      behindPixels(lines(HEIGHT), changed(frameAt + 6, 0)),
    ],
    ['that states another height behind its pixels', 'IMAGE_CORRUPT', behindPixels(lines(60_000))],
    ['of no height', 'IMAGE_CORRUPT', changed(frameAt + 6, 0)],
    ['that is hierarchical', 'IMAGE_UNSUPPORTED', hierarchical()],
    ['without the scan of one color', 'IMAGE_TRUNCATED', Buffer.concat([separate.subarray(0, lastScan), END])],
    [
      'with one color twice',
      'IMAGE_CORRUPT',
      Buffer.concat([separate.subarray(0, -END_BYTES), separate.subarray(lastScan)]),
    ],
    ['with samples of 0 x 1', 'IMAGE_CORRUPT', changed(frameAt + 11, 0x01)],
    ['with samples of 5 x 1', 'IMAGE_CORRUPT', changed(frameAt + 11, 0x51)],
    ['with a frame that is too short', 'IMAGE_CORRUPT', changed(frameAt + 3, 8)],
    [
      'with a scan of a color that it has not',
      'IMAGE_CORRUPT',
      changed(baseline.indexOf(Buffer.of(0xff, 0xda)) + 5, 77),
    ],
    [
      'whose scans tell of the same again',
      'IMAGE_CORRUPT',
      writeJpeg({width: WIDTH, height: HEIGHT, colors: COLORS, progressive: true, repeat: 1}),
    ],
  ];
  for (const decoder of DECODERS)
    for (const [name, code, bytes] of bad)
      it(`one ${name} is ${code} (${decoder})`, async () => {
        expect(await codeOf(bytes, decoder)).to.equal(code);
      });

  it('takes the same height behind the pixels for what it is', async () => {
    const {frame} = await decodeImage(baseline);
    for (const decoder of DECODERS) {
      const again = await decodeImage(behindPixels(lines(HEIGHT)), {decoder});
      expect([again.frame.width, again.frame.height]).to.deep.equal([frame.width, frame.height]);
    }
  });

  function changed(at: number, value: number): Buffer {
    const copy = Buffer.from(baseline);
    copy[at] = value;
    return copy;
  }

  /** What a sequence of frames begins with. */
  function hierarchical(): Buffer {
    const sizes = Buffer.from(baseline.subarray(frameAt, frameAt + 19));
    sizes[1] = 0xde;
    return Buffer.concat([baseline.subarray(0, frameAt), sizes, baseline.subarray(frameAt)]);
  }
});

function codeOf(bytes: Buffer, decoder: (typeof DECODERS)[number]): Promise<string> {
  return decodeImage(bytes, {decoder}).then(
    () => 'read',
    ({code}) => code,
  );
}
