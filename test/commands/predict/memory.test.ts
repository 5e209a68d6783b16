import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {constants, deflateSync} from 'node:zlib';
import {expect} from 'chai';
import {HAS_MODEL, temporaryFolder} from '../../cli/rice.ts';
import {pngChunk, pngHeader} from '../../helpers/images.ts';
import {repeatRows, writeJpeg} from '../../helpers/jpeg-writer.ts';
import {riceMeasured} from '../../helpers/measure-memory.ts';

const SIDE = 4000;
/** For the program, its model, and the pixels: 3 bytes each. */
const MOST_MIB = 150 + (SIDE * SIDE * 3) / 2 ** 20 + 120;

describe('predict: what large pictures cost', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();

  before(function () {
    if (!HAS_MODEL) this.skip();
  });

  const pictures: Record<string, () => Buffer> = {
    'a PNG of 16 bits with alpha': () => flatPng(false),
    'an interlaced PNG of 16 bits with alpha': () => flatPng(true),
    'a CMYK JPEG': () => {
      const colors = Array.from({length: 4}, (_, i) => ({level: (x: number) => (x * (i + 1)) % 251}));
      return repeatRows(writeJpeg({width: SIDE, height: 8, colors, adobe: 2, restartInterval: SIDE / 8}), SIDE / 8);
    },
  };
  for (const [name, make] of Object.entries(pictures))
    it(`${name} of ${SIDE} x ${SIDE} takes little more than its pixels`, async () => {
      const path = join(folder(), name.replaceAll(' ', '-'));
      writeFileSync(path, make());
      const {code, stdout, stderr, mib} = await riceMeasured(['predict', path, '--format', 'ndjson', '--quiet']);
      expect(code, stderr).to.equal(0);
      expect(JSON.parse(stdout)).to.include.keys('label');
      expect(mib, 'MiB').to.be.below(MOST_MIB);
    });
});

function flatPng(interlaced: boolean): Buffer {
  const pixels = deflateSync(Buffer.alloc(interlaced ? interlacedBytes() : SIDE * (1 + SIDE * 8)), {
    level: 1,
    strategy: constants.Z_RLE,
  });
  const header = pngHeader(SIDE, SIDE, {bitDepth: 16, colorType: 6, interlaced});
  return Buffer.concat([header, pngChunk('IDAT', pixels), pngChunk('IEND', Buffer.alloc(0))]);
}

/** Of the seven pictures of an interlaced one whose sides are multiples of 8. */
function interlacedBytes(): number {
  const eighth = SIDE / 8;
  return [
    [1, 1],
    [1, 1],
    [2, 1],
    [2, 2],
    [4, 2],
    [4, 4],
    [8, 4],
  ].reduce((sum, [columns, rows]) => sum + (1 + columns * eighth * 8) * rows * eighth, 0);
}
