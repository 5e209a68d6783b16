import {expect} from 'chai';
import {RiceError} from '../../../../src/common/errors.ts';
import {type DecodedImage, decodeImage} from '../../../../src/image/decode.ts';
import {detectFormat} from '../../../../src/image/formats/formats.ts';
import type {Frame} from '../../../../src/image/frame.ts';
import {exifBlock} from '../../../helpers/exif.ts';
import {FIXTURES} from '../../../helpers/fixtures.ts';
import {
  alphaProperty,
  box,
  type CodedPart,
  codedItem,
  codedPart,
  gridData,
  type HeifItem,
  type HeifProperty,
  heifFile,
  mirrorProperty,
  movieBox,
  sequenceFile,
  sizeProperty,
  turnProperty,
  u8,
  u16,
  u32,
} from '../../../helpers/heif.ts';

const HEVC = codedPart(FIXTURES['HEIC, 4:2:0'].file);
const HEVC_GREY = codedPart(FIXTURES['HEIC, grey'].file);
const AV1 = codedPart(FIXTURES.AVIF.file);
const AV1_GREY = codedPart(FIXTURES['AVIF, grey'].file);
const CODECS: ReadonlyArray<[name: string, picture: CodedPart, grey: CodedPart]> = [
  ['HEVC', HEVC, HEVC_GREY],
  ['AV1', AV1, AV1_GREY],
];

describe('image: HEIF', () => {
  it('tells AVIF and HEIC by their brands, whatever else a file says that it is', () => {
    const format = (...brands: string[]) => detectFormat(heifFile([codedItem(AV1)], {brands}))?.name;
    expect(format('avif')).to.equal('avif');
    expect(format('mif1', 'miaf', 'avif')).to.equal('avif');
    expect(format('avis', 'msf1')).to.equal('avif');
    for (const brand of ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'])
      expect(format('iso8', brand), brand).to.equal('heic');
    expect(format('isom', 'mp42')).to.equal(undefined);
  });

  for (const orientation of [2, 3, 4, 5, 6, 7, 8])
    for (const format of ['HEIC', 'AVIF'])
      it(`knows the orientation of ${format} turned as by EXIF ${orientation}, and its size as stored`, () => {
        const {file, frame} = FIXTURES[`${format}, turned as by EXIF ${orientation}`];
        const header = readHeader(file);
        expect(header.orientation).to.equal(orientation);
        const stored = orientation < 5 ? [frame.width, frame.height] : [frame.height, frame.width];
        expect([header.width, header.height]).to.deep.equal(stored);
      });

  it('turns and mirrors in the order of the file', () => {
    const orientation = (...properties: HeifProperty[]) =>
      readHeader(heifFile([codedItem(AV1, ...properties)])).orientation;
    expect(orientation(turnProperty(1), mirrorProperty(1))).to.equal(7);
    expect(orientation(mirrorProperty(1), turnProperty(1))).to.equal(5);
    expect(orientation(turnProperty(1), turnProperty(3))).to.equal(1);
    expect(orientation(mirrorProperty(0), mirrorProperty(1))).to.equal(3);
  });

  it('does not turn a picture by EXIF, which repeats what irot and imir say', async () => {
    const exif: HeifItem = {type: 'Exif', properties: [], data: Buffer.concat([u32(0), exifBlock(6, 'MM')])};
    const file = heifFile([codedItem(AV1, turnProperty(3)), exif], {references: [['cdsc', 2, 1]]});
    expect(readHeader(file).orientation).to.equal(6);
    expect(readHeader(heifFile([codedItem(AV1), exif], {references: [['cdsc', 2, 1]]})).orientation).to.equal(1);
  });

  for (const [name, picture, grey] of CODECS) {
    describe(name, () => {
      let plain: Frame;
      before(async () => {
        plain = (await decodeImage(heifFile([codedItem(picture)]))).frame;
      });

      for (const version of [0, 1, 2] as const)
        it(`reads items by an iloc of version ${version}`, async () => {
          expectSame(await decodeImage(heifFile([codedItem(picture)], {version})), plain);
        });

      it('reads items in pieces, and such in idat', async () => {
        for (const more of [{pieces: 3}, {inside: true}, {inside: true, pieces: 2}])
          expectSame(await decodeImage(heifFile([{...codedItem(picture), ...more}])), plain);
      });

      it('puts tiles together, cuts what is too much, and shows one in several places', async () => {
        const {width, height} = picture;
        const file = heifFile(
          [
            {
              type: 'grid',
              properties: [sizeProperty(2 * width, 2 * height - 5)],
              data: gridData(2, 2, 2 * width, 2 * height - 5),
            },
            {...codedItem(picture), hidden: true},
          ],
          {references: [['dimg', 1, 2, 2, 2, 2]]},
        );
        const {frame, notes} = await decodeImage(file);
        expect([frame.width, frame.height]).to.deep.equal([2 * width, 2 * height - 5]);
        for (const [left, top, rows] of [
          [0, 0, height],
          [width, 0, height],
          [0, height, height - 5],
          [width, height, height - 5],
        ])
          expect(part(frame, left, top, width, rows).equals(part(plain, 0, 0, width, rows))).to.equal(true);
        expect(notes).to.deep.equal([]);
      });

      it('lays a picture with an alpha channel over black, once', async () => {
        const items = [codedItem(picture), codedItem(grey, alphaProperty())];
        const references: Array<['auxl' | 'prem', number, number]> = [['auxl', 2, 1]];
        const {frame} = await decodeImage(heifFile(items, {references}));
        const alpha = (await decodeImage(heifFile([codedItem(grey)]))).frame;
        const expected = plain.data.map((level, i) => Math.round((level * alpha.data[i]) / 255));
        expectNear(frame, {...plain, data: expected}, name === 'HEVC' ? 18 : 0);
        const multiplied = await decodeImage(heifFile(items, {references: [...references, ['prem', 1, 2]]}));
        expectSame(multiplied, plain);
      });

      it('takes the alpha channel of each tile', async () => {
        const {width, height} = picture;
        const file = heifFile(
          [
            {type: 'grid', properties: [sizeProperty(width, height)], data: gridData(1, 1, width, height)},
            codedItem(picture),
            codedItem(grey, alphaProperty()),
          ],
          {
            references: [
              ['dimg', 1, 2],
              ['auxl', 3, 2],
            ],
          },
        );
        const whole = heifFile([codedItem(picture), codedItem(grey, alphaProperty())], {references: [['auxl', 2, 1]]});
        expectSame(await decodeImage(file), (await decodeImage(whole)).frame);
      });

      it('takes the first frame of a sequence, turned as its track is', async () => {
        const sequence = await decodeImage(sequenceFile(picture));
        expectSame(sequence, plain);
        expect(sequence.notes).to.deep.equal(['image sequence: the first frame was used']);
        expect((await decodeImage(sequenceFile(picture, {samples: 1}))).notes).to.deep.equal([]);
        expect(readHeader(sequenceFile(picture, {matrix: [0, 1, -1, 0]})).orientation).to.equal(6);
      });

      it('prefers the primary item to the sequence beside it', async () => {
        const file = heifFile([codedItem(picture)], {others: [movieBox(picture, 0)]});
        const {frame, notes} = await decodeImage(file);
        expectSame({frame}, plain);
        expect(notes).to.deep.equal(['image sequence: the first frame was used']);
      });

      it('says that there are several pictures, but not of thumbnails and depths', async () => {
        const items = [codedItem(picture), codedItem(picture)];
        const {notes} = await decodeImage(heifFile(items));
        expect(notes).to.deep.equal(['HEIC of several pictures: the primary one was used']);
        for (const type of ['thmb', 'auxl'])
          expect((await decodeImage(heifFile(items, {references: [[type, 2, 1]]}))).notes).to.deep.equal([]);
      });

      it('says of PQ and HLG that their brightness is taken as it is', async () => {
        for (const [transfer, title] of [
          [16, 'PQ'],
          [18, 'HLG'],
        ] as const) {
          const color = {box: box('colr', Buffer.from('nclx'), u16(9, transfer, 9), u8(128))};
          const {notes} = await decodeImage(heifFile([codedItem(picture, color)]));
          expect(notes).to.deep.equal([`HDR picture (${title}): its brightness was taken as it is`]);
        }
      });

      it('refuses matrix coefficients that it does not know, rather than show wrong colors', async () => {
        const color = {box: box('colr', Buffer.from('nclx'), u16(9, 16, 14), u8(128))};
        const error = await refusal(heifFile([codedItem(picture, color)]));
        expect(['IMAGE_UNSUPPORTED', 'IMAGE_CORRUPT']).to.include(error.code);
      });

      it('decodes as before after files that it refused', async () => {
        const damaged = {...picture, data: Buffer.from(picture.data).fill(0x55, 40)};
        await decodeImage(heifFile([codedItem(damaged)])).catch(() => undefined);
        expectSame(await decodeImage(heifFile([codedItem(picture)])), plain);
      });

      it('gives the same answer whatever was decoded before', async () => {
        const damaged = Array.from({length: 12}, (_, i) => {
          const data = Buffer.from(picture.data);
          data.fill(17 * i, 30 + Math.floor(((data.length - 30) * i) / 12));
          return heifFile([codedItem({...picture, data})]);
        });
        const answers = async (poison: Buffer) => {
          const out: string[] = [];
          for (const file of damaged) {
            await decodeImage(poison);
            const answer = await decodeImage(file).catch((error) => error.message);
            out.push(typeof answer === 'string' ? answer : Buffer.from(answer.frame.data).toString('hex'));
          }
          return out;
        };
        const [one, other] = name === 'HEVC' ? ['HEIC', 'HEIC, tiles'] : ['AVIF, tiles', 'AVIF, 12 bits'];
        expect(await answers(FIXTURES[one].file)).to.deep.equal(await answers(FIXTURES[other].file));
      });
    });
  }

  it('refuses HEVC whose last blocks are missing, which its decoder does not tell', async () => {
    const file = heifFile([codedItem(cutHevc(HEVC))]);
    expect((await refusal(file)).code).to.equal('IMAGE_TRUNCATED');
  });

  it('calls the size check before it looks at anything else', () => {
    const seen: number[] = [];
    const file = heifFile([{...codedItem(AV1), properties: [sizeProperty(65_000, 65_000)]}]).subarray(0, -20);
    expect(() => detectFormat(file)!.readHeader(file, (width, height) => seen.push(width, height))).to.throw(RiceError);
    expect(seen).to.deep.equal([65_000, 65_000]);
  });
});

/** Without the second half of its slice. */
function cutHevc(part: CodedPart): CodedPart {
  const data = Buffer.from(part.data);
  const isSlice = (at: number) => data[at + 4] >> 1 < 32;
  let at = 0;
  while (!isSlice(at)) at += 4 + data.readUInt32BE(at);
  const length = data.readUInt32BE(at) >> 1;
  data.writeUInt32BE(length, at);
  return {...part, data: data.subarray(0, at + 4 + length)};
}

function readHeader(bytes: Buffer) {
  return detectFormat(bytes)!.readHeader(bytes);
}

async function refusal(bytes: Buffer): Promise<RiceError> {
  const error = await decodeImage(bytes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, 'refused').to.be.instanceOf(RiceError);
  return error as RiceError;
}

function part({data, width: stride}: Frame, left: number, top: number, width: number, height: number): Buffer {
  const rows = Array.from({length: height}, (_, y) =>
    data.subarray(((top + y) * stride + left) * 3).subarray(0, width * 3),
  );
  return Buffer.concat(rows);
}

function expectSame({frame}: Pick<DecodedImage, 'frame'>, expected: Frame): void {
  expect([frame.width, frame.height]).to.deep.equal([expected.width, expected.height]);
  expect(Buffer.from(frame.data).equals(Buffer.from(expected.data)), 'the pixels are the same').to.equal(true);
}

function expectNear(frame: Frame, expected: Frame, tolerance: number): void {
  expect([frame.width, frame.height]).to.deep.equal([expected.width, expected.height]);
  const worst = frame.data.reduce((most, level, i) => Math.max(most, Math.abs(level - expected.data[i])), 0);
  expect(worst, 'levels').to.be.at.most(tolerance);
}
