import {expect} from 'chai';
import {RiceError} from '../../../../src/common/errors.ts';
import {decodeImage} from '../../../../src/image/decode.ts';
import {FIXTURES} from '../../../helpers/fixtures.ts';
import {
  alphaProperty,
  box,
  type CodedPart,
  codedItem,
  codedPart,
  fullBox,
  gridData,
  type HeifItem,
  type HeifReference,
  heifFile,
  movieBox,
  sequenceFile,
  sizeProperty,
  turnProperty,
  u16,
  u32,
} from '../../../helpers/heif.ts';

const HEVC = codedPart(FIXTURES['HEIC, 4:2:0'].file);
const AV1 = codedPart(FIXTURES.AVIF.file);
const AV1_GREY = codedPart(FIXTURES['AVIF, grey'].file);
const HEAD = box('ftyp', Buffer.from('heic'), u32(0), Buffer.from('heicmif1'));
const HANDLER = fullBox('hdlr', 0, 0, u32(0), Buffer.from('pict'), Buffer.alloc(13));

describe('image: HEIF, bad input', () => {
  const cases: Array<[name: string, code: string, bytes: Buffer]> = [];
  for (const [title, part] of [
    ['HEIC', HEVC],
    ['AVIF', AV1],
  ] as const) {
    const whole = heifFile([codedItem(part)]);
    const add = (name: string, code: string, bytes: Buffer) => cases.push([`${title} ${name}`, code, bytes]);
    const one = (changes: Partial<CodedPart>, item: Partial<HeifItem> = {}) =>
      heifFile([{...codedItem({...part, ...changes}), ...item}]);
    add('of brands alone', 'IMAGE_TRUNCATED', whole.subarray(0, 24));
    add('cut in its header', 'IMAGE_TRUNCATED', whole.subarray(0, 150));
    add('cut in its pixels', 'IMAGE_TRUNCATED', whole.subarray(0, -100));
    add('without its last byte', 'IMAGE_TRUNCATED', whole.subarray(0, -1));
    add('of 65,000 x 65,000', 'IMAGE_TOO_LARGE', one({width: 65_000, height: 65_000}));
    add('of 4,000,000 x 1', 'IMAGE_TOO_LARGE', one({width: 4_000_000, height: 1}));
    add('of no width', 'IMAGE_CORRUPT', one({width: 0}));
    add('that is wider than its pixels', 'IMAGE_CORRUPT', one({width: part.width + 1}));
    add('that is narrower than its pixels', 'IMAGE_CORRUPT', one({width: part.width - 1}));
    add('without a size', 'IMAGE_CORRUPT', one({}, {properties: [{box: part.configuration}]}));
    add('with two sizes', 'IMAGE_CORRUPT', heifFile([codedItem(part, sizeProperty(part.width, part.height))]));
    add('that does not say how it is coded', 'IMAGE_CORRUPT', one({configuration: box('pixi')}));
    add(
      'whose configuration is cut',
      'IMAGE_CORRUPT',
      one({configuration: box(part.type === 'hvc1' ? 'hvcC' : 'av1C')}),
    );
    add('without pixels', 'IMAGE_CORRUPT', one({data: Buffer.of(0, 0)}));
    add('whose pixels are zeros', 'IMAGE_CORRUPT', one({data: Buffer.alloc(part.data.length)}));
    add('whose pixels are there a thousand times', 'IMAGE_CORRUPT', one({data: repeat(part.data, 1000)}));
    add('whose pixels are encrypted', 'IMAGE_UNSUPPORTED', one({}, {encrypted: true}));
    add('without a primary item', 'IMAGE_CORRUPT', heifFile([codedItem(part)], {primary: null}));
    add('whose primary item is missing', 'IMAGE_CORRUPT', heifFile([codedItem(part)], {primary: 9}));
    add('of something else than a picture', 'IMAGE_CORRUPT', heifFile([codedItem(part)], {handler: 'soun'}));
    add('that is turned by a property of another kind', 'IMAGE_UNSUPPORTED', withProperty(part, 'abcd'));
    add('that is scaled', 'IMAGE_UNSUPPORTED', withProperty(part, 'iscl'));
    add('that is cropped within pixels', 'IMAGE_UNSUPPORTED', cropped(part, [21, 2, 10, 1, 0, 1, 0, 1]));
    add('that is cropped beyond its edge', 'IMAGE_CORRUPT', cropped(part, [10, 1, 10, 1, 100, 1, 0, 1]));
    add('that is cropped to nothing', 'IMAGE_CORRUPT', cropped(part, [0, 1, 10, 1, 0, 1, 0, 1]));
    add('that is cropped by a fraction of nothing', 'IMAGE_UNSUPPORTED', cropped(part, [10, 0, 10, 1, 0, 1, 0, 1]));
    add('with missing tiles', 'IMAGE_CORRUPT', grid(part, {rows: 2, columns: 2, tiles: 3}));
    add('with too many tiles', 'IMAGE_CORRUPT', grid(part, {rows: 2, columns: 2, tiles: 5}));
    add('without tiles', 'IMAGE_CORRUPT', grid(part, {rows: 1, columns: 1, tiles: 0}));
    add('of 65,536 tiles', 'IMAGE_TOO_LARGE', grid(part, {rows: 256, columns: 256, tiles: 3}));
    add('of 65,536 tiles over one another', 'IMAGE_UNSUPPORTED', manyTiles(part));
    add('whose tiles are too small', 'IMAGE_CORRUPT', grid(part, {rows: 2, columns: 2, tiles: 4, more: 10}));
    add('whose tiles lie outside', 'IMAGE_CORRUPT', grid(part, {rows: 2, columns: 2, tiles: 4, more: -part.width}));
    add('that is a tile of itself', 'IMAGE_UNSUPPORTED', grid(part, {rows: 1, columns: 1, to: [1]}));
    add('whose tile is missing', 'IMAGE_CORRUPT', grid(part, {rows: 1, columns: 1, to: [77]}));
    add('whose tile is turned', 'IMAGE_UNSUPPORTED', grid(part, {rows: 1, columns: 1, tiles: 1}, turnProperty(1)));
    add('whose alpha channel is of another size', 'IMAGE_UNSUPPORTED', withAlpha(part, 1));
    add('that is its own alpha channel', 'IMAGE_CORRUPT', ownAlpha(part));
    add('in a sequence without pictures', 'IMAGE_TRUNCATED', sequenceFile(part, {samples: 0}));
    add('in a sequence that is cut', 'IMAGE_TRUNCATED', sequenceFile(part).subarray(0, -part.data.length - 1));
    add('in a sequence that is turned by a little', 'IMAGE_UNSUPPORTED', sequenceFile(part, {matrix: [1, 1, -1, 1]}));
    add('in a sequence that lies elsewhere', 'IMAGE_TRUNCATED', Buffer.concat([HEAD, movieBox(part, 0xffffffff)]));
    add('in a sequence of 65,000 x 65,000', 'IMAGE_TOO_LARGE', sequenceFile({...part, width: 65_000, height: 65_000}));
    add('in a sequence that is of another size than its pixels', 'IMAGE_CORRUPT', sequenceFile({...part, width: 9}));
  }
  for (const type of ['jpeg', 'vvc1', 'avc1', 'j2k1', 'unci', 'iovl', 'iden', 'tmap', 'abcd'])
    cases.push([`HEIF of the type ${type}`, 'IMAGE_UNSUPPORTED', heifFile([{...codedItem(HEVC), type}])]);
  cases.push(
    ['HEIC of 17 slices', 'IMAGE_UNSUPPORTED', heifFile([codedItem(withSlices(17))])],
    ['HEIC whose picture is coded by another', 'IMAGE_CORRUPT', heifFile([codedItem(withSlices(1, 1))])],
    ['an item outside of the file', 'IMAGE_TRUNCATED', withLocation(u16(0x4400, 1, 1, 0, 1), u32(0xffffff00, 10))],
    ['an item of eight bytes an offset', 'IMAGE_CORRUPT', withLocation(u16(0x8800, 1, 1, 0, 1), Buffer.alloc(16, 255))],
    ['an item in another file', 'IMAGE_UNSUPPORTED', withLocation(u16(0x4400, 1, 1, 7, 1), u32(0, 10))],
    ['an item without a place', 'IMAGE_CORRUPT', withLocation(u16(0x4400, 1, 1, 0, 0))],
    ['offsets of five bytes', 'IMAGE_CORRUPT', withLocation(u16(0x5400, 1, 1, 0, 1), Buffer.alloc(9))],
    ['a million items, none of which is there', 'IMAGE_CORRUPT', fileOf(fullBox('iloc', 2, 0, u16(0x4400), u32(1e6)))],
    ['65,535 parts without size of each item', 'IMAGE_CORRUPT', withLocation(repeat(u16(0, 1, 1, 0, 65_535), 50))],
    [
      'parts that are more than the file',
      'IMAGE_CORRUPT',
      withLocation(u16(0x4400, 1, 1, 0, 99), repeat(u32(0, 90), 99)),
    ],
    ['20,000 items', 'IMAGE_CORRUPT', fileOf(itemsBox(20_000))],
    ['an item twice', 'IMAGE_CORRUPT', fileOf(itemsBox(1, 2))],
    ['30,000 empty boxes', 'IMAGE_CORRUPT', fileOf(repeat(box('free'), 30_000))],
    ['a box without a size', 'IMAGE_CORRUPT', fileOf(Buffer.concat([u32(7), Buffer.from('free')]))],
    [
      'a box that is longer than what it lies in',
      'IMAGE_CORRUPT',
      fileOf(Buffer.concat([u32(99), Buffer.from('free')])),
    ],
    ['a box of more than any file has', 'IMAGE_CORRUPT', fileOf(Buffer.concat([u32(1), Buffer.from('freeAAAAAAAA')]))],
    ['a property that is missing', 'IMAGE_CORRUPT', withAssociation(u16(9))],
    ['more references than any picture has', 'IMAGE_CORRUPT', fileOf(manyReferences())],
    ['a header without an end', 'IMAGE_TRUNCATED', Buffer.concat([HEAD, u32(0x7fffffff), Buffer.from('meta')])],
    ['a short header', 'IMAGE_UNSUPPORTED', Buffer.concat([HEAD, box('mini', Buffer.alloc(20))])],
    ['no header', 'IMAGE_TRUNCATED', Buffer.concat([HEAD, box('mdat', Buffer.alloc(20))])],
  );

  for (const [name, code, bytes] of cases)
    it(`${name} is ${code}`, async () => {
      const error = await decodeImage(bytes, {maxPixels: 25_000_000}).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error, 'refused').to.be.instanceOf(RiceError);
      expect((error as RiceError).code, (error as RiceError).message).to.equal(code);
    });

  it('names what it does not read', async () => {
    for (const [type, message] of [
      ['jpeg', 'HEIC with JPEG inside is not supported'],
      ['vvc1', 'HEIC with VVC inside is not supported'],
      ['abcd', 'HEIC with "abcd" inside is not supported'],
    ]) {
      const error = await decodeImage(heifFile([{...codedItem(HEVC), type}])).catch((reason) => reason);
      expect(error.message).to.equal(message);
    }
  });
});

function repeat(bytes: Buffer, times: number): Buffer {
  return Buffer.alloc(bytes.length * times, bytes);
}

function withProperty(part: CodedPart, type: string): Buffer {
  return heifFile([codedItem(part, {box: box(type, Buffer.alloc(8)), essential: true})]);
}

function cropped(part: CodedPart, numbers: number[]): Buffer {
  return heifFile([codedItem(part, {box: box('clap', u32(...numbers)), essential: true})]);
}

interface GridOptions {
  rows: number;
  columns: number;
  tiles?: number;
  /** Pixels that the picture is wider than its tiles. */
  more?: number;
  /** The tiles, by number. */
  to?: number[];
}

function grid(part: CodedPart, options: GridOptions, ...properties: Parameters<typeof codedItem>[1][]): Buffer {
  const {rows, columns, tiles = 1, more = 0, to = Array.from({length: tiles}, (_, i) => i + 2)} = options;
  const [width, height] = [columns * part.width + more, rows * part.height];
  const first = {type: 'grid', properties: [sizeProperty(width, height)], data: gridData(rows, columns, width, height)};
  const items = Array.from({length: Math.max(1, tiles)}, () => codedItem(part, ...properties));
  return heifFile([first, ...items], {references: [['dimg', 1, ...to]]});
}

/** One tile everywhere, in a picture that is small enough. */
function manyTiles(part: CodedPart): Buffer {
  const first = {type: 'grid', properties: [sizeProperty(60, 60)], data: gridData(250, 250, 60, 60)};
  const references: HeifReference[] = [['dimg', 1, ...Array.from({length: 62_500}, () => 2)]];
  return heifFile([first, codedItem(part)], {references});
}

function withAlpha(part: CodedPart, more: number): Buffer {
  const alpha = codedItem({...AV1_GREY, width: part.width + more}, alphaProperty());
  return heifFile([codedItem(part), alpha], {references: [['auxl', 2, 1]]});
}

function ownAlpha(part: CodedPart): Buffer {
  return heifFile([codedItem({...part, height: part.height + 1}, alphaProperty())], {references: [['auxl', 1, 1]]});
}

/** The slice of the picture, and copies that claim to be more of the same. */
function withSlices(count: number, type?: number): CodedPart {
  const data = Buffer.from(HEVC.data);
  let start = 0;
  while (data[start + 4] >> 1 > 31) start += 4 + data.readUInt32BE(start);
  if (type !== undefined) data[start + 4] = type << 1;
  const more = Buffer.from(data.subarray(start));
  more[6] &= 0x7f;
  return {...HEVC, data: Buffer.concat([data, repeat(more, count - 1)])};
}

/** A file whose header is a handler, a primary item and what is given. */
function fileOf(...boxes: Buffer[]): Buffer {
  const meta = fullBox('meta', 0, 0, HANDLER, fullBox('pitm', 0, 0, u16(1)), ...boxes);
  return Buffer.concat([HEAD, meta, box('mdat', Buffer.alloc(100))]);
}

/** A file of one HEVC item, with an `iloc` of these fields behind its version. */
function withLocation(...fields: Buffer[]): Buffer {
  const {width, height, configuration} = HEVC;
  const properties = box('ipco', sizeProperty(width, height).box, configuration);
  const associations = fullBox('ipma', 0, 0, u32(1), u16(1), Buffer.of(2, 1, 0x82));
  return fileOf(itemsBox(1), fullBox('iloc', 0, 0, ...fields), box('iprp', properties, associations));
}

function withAssociation(index: Buffer): Buffer {
  return fileOf(itemsBox(1), box('iprp', box('ipco'), fullBox('ipma', 0, 1, u32(1), u16(1), Buffer.of(1), index)));
}

function itemsBox(count: number, times = 1): Buffer {
  const entries = Array.from({length: count * times}, (_, i) =>
    fullBox('infe', 3, 0, u32((i % count) + 1), u16(0), Buffer.from('hvc1'), Buffer.of(0)),
  );
  return fullBox('iinf', 1, 0, u32(entries.length), ...entries);
}

function manyReferences(): Buffer {
  const list = box('dimg', u16(1, 60_000), Buffer.alloc(120_000));
  return fullBox('iref', 0, 0, list, list);
}
