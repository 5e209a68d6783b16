import {corrupt} from '../bytes.ts';
import type {Decoded, Decoder} from '../types.ts';
import {readBlock} from './block.ts';
import {TIFF_TAGS, type TiffHeader} from './header.ts';
import {jpegBlocks} from './jpeg-block.ts';
import {COLORS, COMPRESSION, PHOTOMETRIC, readLayout, type TiffLayout} from './layout.ts';

const ALPHA = 2;

/** Writes the color of a pixel, whose samples are 0..255 (of a palette its index), to `out` at `target`. */
type Painter = (samples: Uint8Array, out: Uint8Array, target: number) => void;

/**
 * Decodes the first page of a TIFF. Not by jimp, whose decoder prints to standard output, takes pixels that are missing
 * for black ones, and has no limit to what a small file can make it do.
 */
export function decodeTiff(bytes: Buffer, header: TiffHeader, decoder: Decoder): Decoded {
  const layout = readLayout(header, bytes.length);
  const {width, height} = header;
  const {blocks} = layout;
  const paint = painter(header, layout);
  const data = new Uint8Array(width * height * 3);
  const jpegs = layout.compression === COMPRESSION.jpeg ? jpegBlocks(bytes, header, layout, decoder) : undefined;
  for (let index = 0; index < blocks.count; index++) {
    const left = (index % blocks.across) * blocks.width;
    const top = Math.floor(index / blocks.across) * blocks.height;
    const rows = Math.min(blocks.height, height - top);
    const columns = Math.min(blocks.width, width - left);
    if (jpegs) {
      const pixels = jpegs(index, rows);
      for (let y = 0; y < rows; y++)
        data.set(
          pixels.subarray(y * blocks.width * 3, (y * blocks.width + columns) * 3),
          ((top + y) * width + left) * 3,
        );
      continue;
    }
    const planes = Array.from({length: layout.separate ? layout.samples : 1}, (_, plane) =>
      readBlock(bytes, layout, plane * blocks.count + index, rows),
    );
    for (let y = 0; y < rows; y++)
      paintRow(planes, y * blocks.rowBytes, columns, layout, paint, data, ((top + y) * width + left) * 3);
  }
  return {frame: {width, height, data}, notes: header.pages ? ['TIFF of several pages: the first was used'] : []};
}

/** @param planes one for each sample, or one in which the samples of a pixel lie side by side */
function paintRow(
  planes: readonly Uint8Array[],
  start: number,
  columns: number,
  {bits, samples, separate, photometric, littleEndian}: TiffLayout,
  paint: Painter,
  out: Uint8Array,
  target: number,
): void {
  const pixel = new Uint8Array(samples);
  const highByte = littleEndian ? 1 : 0;
  const mask = (1 << bits) - 1;
  const scale = photometric === PHOTOMETRIC.palette ? 1 : 255 / mask;
  for (let x = 0; x < columns; x++) {
    for (let s = 0; s < samples; s++) {
      const block = separate ? planes[s] : planes[0];
      const k = separate ? x : x * samples + s;
      if (bits === 8) pixel[s] = block[start + k];
      else if (bits === 16) pixel[s] = block[start + 2 * k + highByte];
      else pixel[s] = ((block[start + ((k * bits) >> 3)] >> (8 - bits - ((k * bits) & 7))) & mask) * scale;
    }
    paint(pixel, out, target + x * 3);
  }
}

function painter(header: TiffHeader, layout: TiffLayout): Painter {
  const color = colorPainter(header, layout);
  // Over black, colors that were multiplied with their alpha are right as they are.
  if (layout.extra !== ALPHA) return color;
  const alpha = COLORS[layout.photometric];
  return (samples, out, target) => {
    color(samples, out, target);
    for (let c = target; c < target + 3; c++) out[c] = Math.round((out[c] * samples[alpha]) / 255);
  };
}

function colorPainter({tags}: TiffHeader, {photometric, bits}: TiffLayout): Painter {
  if (photometric === PHOTOMETRIC.rgb)
    return (samples, out, target) => {
      out[target] = samples[0];
      out[target + 1] = samples[1];
      out[target + 2] = samples[2];
    };
  if (photometric === PHOTOMETRIC.cmyk)
    return (samples, out, target) => {
      const light = 255 - samples[3];
      for (let c = 0; c < 3; c++) out[target + c] = Math.round(((255 - samples[c]) * light) / 255);
    };
  if (photometric === PHOTOMETRIC.palette) {
    const entries = 1 << bits;
    const palette = tags.list(TIFF_TAGS.palette, 3 * entries) ?? [];
    if (palette.length < 3 * entries) throw corrupt('TIFF', 'its palette is too short');
    return ([index], out, target) => {
      for (let c = 0; c < 3; c++) out[target + c] = palette[c * entries + index] >> 8;
    };
  }
  const inverted = photometric === PHOTOMETRIC.whiteIsZero;
  return ([level], out, target) => out.fill(inverted ? 255 - level : level, target, target + 3);
}
