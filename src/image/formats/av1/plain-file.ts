import type {Color} from '../heif/color.ts';
import type {Av1Stream} from './stream.ts';

const ITEM = 1;
const ESSENTIAL = 0x80;
const FULL_RANGE = 0x80;

/** An AVIF file with one coded picture and nothing else: the decoder meets no boxes of strangers. */
export function plainAvif(stream: Av1Stream, width: number, height: number, color: Color | undefined): Buffer {
  const {header, configuration, data} = stream;
  const {bitDepth, monochrome} = header;
  const properties = [
    fullBox('ispe', 0, u32(width), u32(height)),
    fullBox('pixi', 0, bytes(...(monochrome ? [1, bitDepth] : [3, bitDepth, bitDepth, bitDepth]))),
    box('av1C', configuration),
    ...(color ? [colorBox(color)] : []),
  ];
  const indices = properties.map((_, index) => (index === 2 ? ESSENTIAL : 0) | (index + 1));
  const type = box('ftyp', ascii('avif'), u32(0), ascii('avifmif1miaf'));
  const meta = (offset: number) =>
    fullBox(
      'meta',
      0,
      fullBox('hdlr', 0, u32(0), ascii('pict'), Buffer.alloc(13)),
      fullBox('pitm', 0, u16(ITEM)),
      // No numbers but offset and length of the one part, of four bytes each.
      fullBox('iloc', 0, u16(0x4400), u16(1), u16(ITEM), u16(0), u16(1), u32(offset), u32(data.length)),
      fullBox('iinf', 0, u16(1), fullBox('infe', 2, u16(ITEM), u16(0), ascii('av01'), bytes(0))),
      box(
        'iprp',
        box('ipco', ...properties),
        fullBox('ipma', 0, u32(1), u16(ITEM), bytes(indices.length), bytes(...indices)),
      ),
    );
  const start = type.length + meta(0).length + 8;
  return Buffer.concat([type, meta(start), box('mdat', data)]);
}

function colorBox({primaries, transfer, matrix, fullRange}: Color): Buffer {
  return box('colr', ascii('nclx'), u16(primaries), u16(transfer), u16(matrix), bytes(fullRange ? FULL_RANGE : 0));
}

function fullBox(type: string, version: number, ...parts: Uint8Array[]): Buffer {
  return box(type, bytes(version, 0, 0, 0), ...parts);
}

function box(type: string, ...parts: Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([u32(length), ascii(type), ...parts]);
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function bytes(...values: number[]): Buffer {
  return Buffer.from(values);
}

function u16(value: number): Buffer {
  return bytes(value >> 8, value & 255);
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}
