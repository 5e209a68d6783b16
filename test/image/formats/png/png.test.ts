import {deflateSync} from 'node:zlib';
import jimpPng from '@jimp/js-png';
import {expect} from 'chai';
import {decodeImage} from '../../../../src/image/decode.ts';
import {passesOf} from '../../../../src/image/formats/png/rows.ts';
import {overBlack, type RgbaImage} from '../../../../src/image/formats/rgba.ts';
import {pngChunk, pngHeader, randomNumbers} from '../../../helpers/images.ts';

const CHANNELS: Readonly<Record<number, number>> = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4};
const FORMATS = [
  ...[1, 2, 4, 8, 16].map((bitDepth) => ({colorType: 0, bitDepth})),
  ...[1, 2, 4, 8].map((bitDepth) => ({colorType: 3, bitDepth})),
  ...[2, 4, 6].flatMap((colorType) => [8, 16].map((bitDepth) => ({colorType, bitDepth}))),
];
const END = pngChunk('IEND', Buffer.alloc(0));

describe('image: PNG', () => {
  for (const {colorType, bitDepth} of FORMATS)
    for (const interlaced of [false, true])
      it(`gives jimp's pixels: color type ${colorType}, ${bitDepth} bits, ${interlaced ? 'interlaced' : 'in rows'}`, async () => {
        const random = randomNumbers(colorType * 100 + bitDepth);
        for (let i = 0; i < 12; i++) {
          const file = randomPng({colorType, bitDepth, interlaced}, random);
          const expected = overBlack(jimpPng().decode(file, {}) as unknown as RgbaImage);
          const {frame} = await decodeImage(file);
          expect([frame.width, frame.height]).to.deep.equal([expected.width, expected.height]);
          expect(Buffer.from(frame.data).equals(Buffer.from(expected.data)), `picture ${i}`).to.equal(true);
        }
      });

  it('decompresses a large one in portions: the same, an error for fewer rows, and one for more', async () => {
    const [width, height] = [1500, 1000];
    const rows = Buffer.alloc((width * 3 + 1) * height, 7);
    for (let y = 0; y < height; y++) rows[y * (width * 3 + 1)] = 0;
    const file = (pixels: Buffer) => {
      const stored = deflateSync(pixels);
      const parts = [stored.subarray(0, 100), stored.subarray(100)].map((part) => pngChunk('IDAT', part));
      return Buffer.concat([pngHeader(width, height), ...parts, END]);
    };
    const {frame} = await decodeImage(file(rows));
    expect(frame.data.every((level) => level === 7)).to.equal(true);
    const codeOf = (bytes: Buffer) =>
      decodeImage(bytes).then(
        () => 'read',
        ({code}) => code,
      );
    expect(await codeOf(file(rows.subarray(0, -1)))).to.equal('IMAGE_TRUNCATED');
    expect(await codeOf(file(Buffer.concat([rows, Buffer.alloc(9)])))).to.equal('IMAGE_CORRUPT');
    expect(await codeOf(file(Buffer.from(rows).fill(5, 0, 1)))).to.equal('IMAGE_CORRUPT');
    const cut = Buffer.concat([pngHeader(width, height), pngChunk('IDAT', deflateSync(rows).subarray(0, -20)), END]);
    expect(await codeOf(cut)).to.equal('IMAGE_TRUNCATED');
  });
});

/** Rows of any bytes and filters, with something transparent every other time. */
function randomPng(options: {colorType: number; bitDepth: number; interlaced: boolean}, random: () => number): Buffer {
  const {colorType, bitDepth, interlaced} = options;
  const below = (end: number) => Math.floor(random() * end);
  const bytes = (count: number, end = 256) => Buffer.from(Array.from({length: count}, () => below(end)));
  const [width, height] = [1 + below(40), 1 + below(40)];
  const header = {width, height, bitDepth, colorType, interlaced} as never;
  const rows = passesOf(header).flatMap(({rowBytes, height: count}) =>
    Array.from({length: count}, () => Buffer.concat([bytes(1, 5), bytes(rowBytes)])),
  );
  const chunks = [pngHeader(width, height, {bitDepth, colorType, interlaced} as never)];
  if (colorType === 3) chunks.push(pngChunk('PLTE', bytes(3 << bitDepth)));
  if (random() < 0.5 && (colorType === 3 || colorType === 0 || colorType === 2)) {
    const first = rows[0].subarray(1, 1 + (CHANNELS[colorType] * bitDepth) / 8);
    rows[0][0] = 0;
    const key = bitDepth === 8 ? Buffer.from([...first].flatMap((level) => [0, level])) : first;
    const grey = Buffer.of(0, below(1 << Math.min(8, bitDepth)));
    chunks.push(pngChunk('tRNS', colorType === 3 ? bytes(1 << bitDepth) : colorType === 0 ? grey : key));
  }
  return Buffer.concat([...chunks, pngChunk('IDAT', deflateSync(Buffer.concat(rows))), END]);
}
