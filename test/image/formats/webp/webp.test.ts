import {expect} from 'chai';
import {RiceError} from '../../../../src/common/errors.ts';
import {decodeImage} from '../../../../src/image/decode.ts';
import {readWebpHeader} from '../../../../src/image/formats/webp/header.ts';
import type {Frame} from '../../../../src/image/frame.ts';
import {FIXTURES} from '../../../helpers/fixtures.ts';
import {
  animatedWebp,
  animationFrame,
  extendedHeader,
  pictureChunks,
  riffChunk,
  webpChunks,
  webpFile,
  withWebpExif,
} from '../../../helpers/webp.ts';

const SIZE = {width: 17, height: 12};
const {file: LOSSY} = FIXTURES['WebP, lossy'];
const {file: LOSSLESS, frame: COLORS} = FIXTURES['WebP, lossless'];
const {file: ALPHA} = FIXTURES['WebP, lossy, alpha'];

describe('image: WebP', () => {
  it('reads size, orientation and animation without decoding', () => {
    for (const file of [LOSSY, LOSSLESS, ALPHA])
      expect(readWebpHeader(file)).to.include({...SIZE, orientation: 1, animated: false});
    const {file} = FIXTURES['WebP, animated'];
    expect(readWebpHeader(file)).to.include({...SIZE, orientation: 1, animated: true});
  });

  it('reads the orientation of an EXIF chunk with and without the prefix of a JPEG', () => {
    for (const prefix of ['', 'Exif\0\0'])
      expect(readWebpHeader(withWebpExif(LOSSLESS, SIZE, 7, prefix)).orientation).to.equal(7);
  });

  it('takes damaged EXIF data, or those that the header does not announce, for none', () => {
    const broken = webpFile(extendedHeader(17, 12, 8), pictureChunks(LOSSLESS), riffChunk('EXIF', Buffer.from('Exif')));
    expect(readWebpHeader(broken).orientation).to.equal(1);
    const unannounced = withWebpExif(LOSSLESS, SIZE, 7);
    unannounced[20] &= ~8;
    expect(readWebpHeader(unannounced).orientation).to.equal(1);
  });

  it('calls the size check before it looks at anything else', () => {
    const cut = webpFile(extendedHeader(16_000_000, 16_000_000, 2)).subarray(0, 30);
    const seen: number[] = [];
    expect(() => readWebpHeader(cut, (width, height) => seen.push(width, height))).to.throw(RiceError);
    expect(seen).to.deep.equal([16_000_000, 16_000_000]);
  });

  it('lays the first frame of an animation where it belongs, on black', async () => {
    const bytes = animatedWebp(30, 20, animationFrame(LOSSLESS, 17, 12, 10, 6), animationFrame(LOSSY, 17, 12));
    const {frame, notes} = await decodeImage(bytes);
    expect([frame.width, frame.height]).to.deep.equal([30, 20]);
    expect(cutOut(frame, 10, 6, 17, 12)).to.deep.equal(Buffer.from(COLORS.data));
    const outside = frame.data.filter((_, i) => !isInside(Math.floor(i / 3), 30, 10, 6, 17, 12));
    expect(outside.every((level) => level === 0)).to.equal(true);
    expect(notes).to.deep.equal(['animated WebP: the first frame was used']);
  });

  it('says nothing of an animation of one frame', async () => {
    const {frame, notes} = await decodeImage(animatedWebp(17, 12, animationFrame(ALPHA, 17, 12)));
    const still = await decodeImage(ALPHA);
    expect(Buffer.from(frame.data).equals(Buffer.from(still.frame.data))).to.equal(true);
    expect(notes).to.deep.equal([]);
  });

  it('ignores chunks that it does not know, and what follows the end', async () => {
    const unknown = riffChunk('ABCD', Buffer.alloc(7));
    const bytes = webpFile(extendedHeader(17, 12, 0), unknown, pictureChunks(LOSSLESS), unknown);
    const {frame} = await decodeImage(Buffer.concat([bytes, Buffer.alloc(33, 255)]));
    expect(Buffer.from(frame.data).equals(Buffer.from(COLORS.data))).to.equal(true);
  });

  const [lossy, lossless] = [webpChunks(LOSSY)[0].payload, webpChunks(LOSSLESS)[0].payload];
  const bad: Array<[name: string, code: string, bytes: Buffer]> = [
    ['cut in its header', 'IMAGE_TRUNCATED', LOSSY.subarray(0, 22)],
    ['without its last byte', 'IMAGE_TRUNCATED', LOSSLESS.subarray(0, -1)],
    ['cut in the second frame', 'IMAGE_TRUNCATED', FIXTURES['WebP, animated'].file.subarray(0, -20)],
    ['whose lossy pixels end early', 'IMAGE_CORRUPT', webpFile(riffChunk('VP8 ', lossy.subarray(0, 50)))],
    ['whose lossless pixels end early', 'IMAGE_CORRUPT', webpFile(riffChunk('VP8L', lossless.subarray(0, 50)))],
    ['whose chunk is longer than the file', 'IMAGE_TRUNCATED', webpFile(riffChunk('VP8 ', lossy, 0xffffffff))],
    ['whose chunk is longer than its frame', 'IMAGE_CORRUPT', withLongChunk()],
    ['of no chunks', 'IMAGE_TRUNCATED', webpFile()],
    ['that starts with something else', 'IMAGE_CORRUPT', webpFile(riffChunk('ABCD', Buffer.alloc(20)))],
    ['without a picture', 'IMAGE_CORRUPT', webpFile(extendedHeader(17, 12, 0))],
    ['animated, without a frame', 'IMAGE_CORRUPT', animatedWebp(17, 12)],
    ['whose frame has no header', 'IMAGE_CORRUPT', animatedWebp(17, 12, riffChunk('ANMF', Buffer.alloc(4)))],
    ['whose frame lies outside', 'IMAGE_CORRUPT', animatedWebp(17, 12, animationFrame(LOSSY, 17, 12, 2, 0))],
    ['whose pixels are of another size', 'IMAGE_CORRUPT', webpFile(extendedHeader(16, 12, 0), pictureChunks(LOSSY))],
    ['whose pixels are huge', 'IMAGE_CORRUPT', webpFile(extendedHeader(17, 12, 0), riffChunk('VP8L', hugePixels()))],
    ['of 16,384 x 16,384', 'IMAGE_TOO_LARGE', webpFile(riffChunk('VP8L', hugePixels()))],
    ['of no width', 'IMAGE_CORRUPT', webpFile(riffChunk('VP8 ', changed(lossy, 6, 0)))],
    ['that is not a key frame', 'IMAGE_CORRUPT', webpFile(riffChunk('VP8 ', changed(lossy, 0, lossy[0] | 1)))],
    ['of another version', 'IMAGE_CORRUPT', webpFile(riffChunk('VP8L', changed(lossless, 4, 0xe0)))],
  ];
  for (const [name, code, bytes] of bad)
    it(`${name} is ${code}`, async () => {
      const error = await decodeImage(bytes).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RiceError);
      expect((error as RiceError).code, (error as RiceError).message).to.equal(code);
    });

  it('decodes as before after files that it refused', async () => {
    for (const [, , bytes] of bad) await decodeImage(bytes).catch(() => undefined);
    const {frame} = await decodeImage(LOSSLESS);
    expect(Buffer.from(frame.data).equals(Buffer.from(COLORS.data))).to.equal(true);
  });

  /** A frame whose picture claims to go on into the next frame. */
  function withLongChunk(): Buffer {
    const frame = animationFrame(LOSSLESS, 17, 12);
    frame.writeUInt32LE(lossless.length + 10, 8 + 16 + 4);
    return animatedWebp(17, 12, frame, animationFrame(LOSSY, 17, 12));
  }

  function hugePixels(): Buffer {
    const pixels = Buffer.from(lossless);
    pixels.writeUInt32LE((16_383 << 14) | 16_383, 1);
    return pixels;
  }
});

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

function isInside(pixel: number, stride: number, left: number, top: number, width: number, height: number): boolean {
  const [x, y] = [pixel % stride, Math.floor(pixel / stride)];
  return x >= left && x < left + width && y >= top && y < top + height;
}

function cutOut({data, width: stride}: Frame, left: number, top: number, width: number, height: number): Buffer {
  return Buffer.from(data.filter((_, i) => isInside(Math.floor(i / 3), stride, left, top, width, height)));
}
