import {expect} from 'chai';
import {type FileDensity, readDensity} from '../../../src/image/formats/density.ts';
import {drawFrame, encodeJpeg, encodePng} from '../../helpers/images.ts';

const FRAME = drawFrame(8, 8, () => [9, 9, 9]);
const INCHES = 2;
const CENTIMETERS = 3;

type Entry = [tag: number, type: number, value: number | [number, number]];

/** A TIFF file of nothing but directories; the second one is that of EXIF. */
function tiff(order: 'II' | 'MM', entries: Entry[], exif: Entry[] = []): Buffer {
  const little = order === 'II';
  const all = exif.length > 0 ? [...entries, [0x8769, 4, 0] as Entry] : entries;
  const second = 8 + 2 + all.length * 12 + 4;
  const out = Buffer.alloc(1000);
  const u16 = (value: number, at: number) => (little ? out.writeUInt16LE(value, at) : out.writeUInt16BE(value, at));
  const u32 = (value: number, at: number) => (little ? out.writeUInt32LE(value, at) : out.writeUInt32BE(value, at));
  let free = 600;
  out.write(order, 'latin1');
  u16(42, 2);
  u32(8, 4);
  const directory = (at: number, list: Entry[]) => {
    u16(list.length, at);
    for (const [i, [tag, type, value]] of list.entries()) {
      const entry = at + 2 + i * 12;
      u16(tag, entry);
      u16(type, entry + 2);
      u32(1, entry + 4);
      if (tag === 0x8769) u32(second, entry + 8);
      else if (typeof value === 'number') u16(value, entry + 8);
      else {
        u32(free, entry + 8);
        u32(value[0], free);
        u32(value[1], free + 4);
        free += 8;
      }
    }
  };
  directory(8, all);
  if (exif.length > 0) directory(second, exif);
  return out;
}

const resolution = (x: number, y: number, unit: number): Entry[] => [
  [282, 5, [x * 10, 10]],
  [283, 5, [y * 10, 10]],
  [296, 3, unit],
];

function jpegWith(...segments: [code: number, payload: Buffer][]): Buffer {
  const jpeg = encodeJpeg(FRAME);
  const parts = segments.map(([code, payload]) => {
    const head = Buffer.of(0xff, code, 0, 0);
    head.writeUInt16BE(payload.length + 2, 2);
    return Buffer.concat([head, payload]);
  });
  // The encoder's own JFIF segment comes after these.
  const rest = jpeg.subarray(2);
  const own = rest[1] === 0xe0 ? 2 + rest.readUInt16BE(2) : 0;
  return Buffer.concat([jpeg.subarray(0, 2), ...parts, rest.subarray(own)]);
}

const jfif = (unit: number, x: number, y: number) => {
  const payload = Buffer.from('JFIF\0\x01\x01\0\0\0\0\0\0\0', 'latin1');
  payload[7] = unit;
  payload.writeUInt16BE(x, 8);
  payload.writeUInt16BE(y, 10);
  return payload;
};
const exif = (block: Buffer) => Buffer.concat([Buffer.from('Exif\0\0'), block]);

function pngWith(type: string, payload: Buffer): Buffer {
  const png = encodePng(FRAME);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(payload.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([png.subarray(0, 33), head, payload, Buffer.alloc(4), png.subarray(33)]);
}

const perMeter = (x: number, y: number, unit = 1) => {
  const payload = Buffer.alloc(9);
  payload.writeUInt32BE(x);
  payload.writeUInt32BE(y, 4);
  payload[8] = unit;
  return payload;
};

describe('the density that a file states', () => {
  const EXPOSURE: Entry[] = [[0x829a, 5, [1, 60]]];
  const CASES: Record<string, [file: Buffer, density: FileDensity | undefined]> = {
    'JFIF, inches': [jpegWith([0xe0, jfif(1, 300, 300)]), {dpiX: 300, dpiY: 300, camera: false}],
    'JFIF, centimeters': [jpegWith([0xe0, jfif(2, 100, 200)]), {dpiX: 254, dpiY: 508, camera: false}],
    'JFIF, only the shape of pixels': [jpegWith([0xe0, jfif(0, 1, 1)]), undefined],
    'EXIF before JFIF': [
      jpegWith([0xe0, jfif(1, 72, 72)], [0xe1, exif(tiff('II', resolution(600, 600, INCHES)))]),
      {dpiX: 600, dpiY: 600, camera: false},
    ],
    'a camera': [
      jpegWith([0xe1, exif(tiff('MM', resolution(300, 300, INCHES), EXPOSURE))]),
      {dpiX: 300, dpiY: 300, camera: true},
    ],
    'a camera that states a density in JFIF only': [
      jpegWith([0xe0, jfif(1, 300, 300)], [0xe1, exif(tiff('II', [], EXPOSURE))]),
      {dpiX: 300, dpiY: 300, camera: true},
    ],
    PNG: [pngWith('pHYs', perMeter(11_811, 11_811)), {dpiX: 300, dpiY: 300, camera: false}],
    'PNG without a unit': [pngWith('pHYs', perMeter(11_811, 11_811, 0)), undefined],
    'TIFF, centimeters': [tiff('II', resolution(100, 100, CENTIMETERS)), {dpiX: 254, dpiY: 254, camera: false}],
    'TIFF, 0 / 0': [
      tiff('MM', [
        [282, 5, [0, 0]],
        [283, 5, [0, 0]],
        [296, 3, 2],
      ]),
      undefined,
    ],
    'TIFF, resolutions that are no fractions': [
      tiff('MM', [
        [282, 3, 300],
        [283, 3, 300],
      ]),
      undefined,
    ],
    'no picture': [Buffer.from('hello'), undefined],
    nothing: [Buffer.alloc(0), undefined],
  };
  for (const [name, [file, density]] of Object.entries(CASES))
    it(`is read: ${name}`, () => {
      const read = readDensity(file);
      if (!density) expect(read).to.equal(undefined);
      else {
        expect(read?.dpiX).to.be.closeTo(density.dpiX, 0.02);
        expect(read?.dpiY).to.be.closeTo(density.dpiY, 0.02);
        expect(read?.camera).to.equal(density.camera);
      }
    });

  it('is none, or some, but never an error in files that are cut or damaged anywhere', () => {
    for (const [file] of Object.values(CASES))
      for (let i = 0; i < Math.min(file.length, 700); i++) {
        readDensity(file.subarray(0, i));
        for (const value of [0, 0x7f, 0xff]) {
          const damaged = Buffer.from(file);
          damaged[i] = value;
          readDensity(damaged);
        }
      }
  });
});
