import {corrupt} from '../bytes.ts';
import {CHANNELS, type PngHeader} from './header.ts';

/** Writes a row of pixels as RGB over black to `out`, from `target` on, every `step` bytes one. */
export type RowPainter = (row: Uint8Array, columns: number, out: Uint8Array, target: number, step: number) => void;

/** Writes pixels whose samples have 8 bits each. */
type Painter = (samples: Uint8Array, columns: number, out: Uint8Array, target: number, step: number) => void;

const PALETTE = 3;

/** How rows of this picture become colors: samples of 8 bits first, then RGB, then what is transparent becomes black. */
export function rowPainter(header: PngHeader, bytes: Uint8Array): RowPainter {
  const {bitDepth, colorType, width} = header;
  const paint = colorType === PALETTE ? palettePainter(header, bytes) : PAINTERS[CHANNELS[colorType]];
  const toBytes = bitDepth === 8 ? undefined : sampleReader(bitDepth, colorType, width * CHANNELS[colorType]);
  const erase = colorType === PALETTE ? undefined : transparentColor(header, bytes);
  return (row, columns, out, target, step) => {
    const samples = toBytes ? toBytes(row, columns * CHANNELS[colorType]) : row;
    paint(samples, columns, out, target, step);
    erase?.(row, columns, out, target, step);
  };
}

const PAINTERS: Readonly<Record<number, Painter>> = {
  1(samples, columns, out, target, step) {
    for (let x = 0, to = target; x < columns; x++, to += step) out[to] = out[to + 1] = out[to + 2] = samples[x];
  },
  2(samples, columns, out, target, step) {
    for (let x = 0, to = target; x < columns; x++, to += step)
      out[to] = out[to + 1] = out[to + 2] = over(samples[2 * x], samples[2 * x + 1]);
  },
  3(samples, columns, out, target, step) {
    if (step === 3) return out.set(samples.subarray(0, columns * 3), target);
    for (let x = 0, from = 0, to = target; x < columns; x++, from += 3, to += step) {
      out[to] = samples[from];
      out[to + 1] = samples[from + 1];
      out[to + 2] = samples[from + 2];
    }
  },
  4(samples, columns, out, target, step) {
    for (let x = 0, from = 0, to = target; x < columns; x++, from += 4, to += step) {
      const alpha = samples[from + 3];
      out[to] = over(samples[from], alpha);
      out[to + 1] = over(samples[from + 1], alpha);
      out[to + 2] = over(samples[from + 2], alpha);
    }
  },
};

/** A level with this alpha over black. */
function over(level: number, alpha: number): number {
  return alpha === 255 ? level : Math.round((level * alpha) / 255);
}

function palettePainter({palette, transparency}: PngHeader, bytes: Uint8Array): Painter {
  const {offset, length} = palette!;
  const entries = length / 3;
  // A Buffer's `slice` copies nothing.
  const colors = Uint8Array.from(bytes.subarray(offset, offset + length));
  for (let i = 0; i < (transparency?.length ?? 0); i++)
    for (let c = 3 * i; c < 3 * i + 3; c++) colors[c] = over(colors[c], bytes[transparency!.offset + i]);
  return (samples, columns, out, target, step) => {
    for (let x = 0, to = target; x < columns; x++, to += step) {
      const index = samples[x];
      if (index >= entries) throw corrupt('PNG', `color ${index} is not in its palette`);
      out[to] = colors[3 * index];
      out[to + 1] = colors[3 * index + 1];
      out[to + 2] = colors[3 * index + 2];
    }
  };
}

/** Brings samples of another depth than 8 to 8 bits; indices of a palette stay what they are. */
function sampleReader(bits: number, colorType: number, most: number): (row: Uint8Array, count: number) => Uint8Array {
  const samples = new Uint8Array(most);
  if (bits === 16) {
    const levels = levelsOf16Bits();
    return (row, count) => {
      for (let i = 0; i < count; i++) samples[i] = levels[(row[2 * i] << 8) | row[2 * i + 1]];
      return samples;
    };
  }
  const mask = (1 << bits) - 1;
  const scale = colorType === PALETTE ? 1 : 255 / mask;
  return (row, count) => {
    for (let i = 0; i < count; i++)
      samples[i] = ((row[(i * bits) >> 3] >> (8 - bits - ((i * bits) & 7))) & mask) * scale;
    return samples;
  };
}

let levels: Uint8Array | undefined;

/** The level of 8 bits that is nearest to each of 16. */
function levelsOf16Bits(): Uint8Array {
  levels ??= Uint8Array.from({length: 65_536}, (_, sample) => Math.floor((sample * 255) / 65_535 + 0.5));
  return levels;
}

/** Makes pixels of the one color that the file declares transparent black; compared as they are stored. */
function transparentColor({bitDepth, colorType, transparency}: PngHeader, bytes: Uint8Array): RowPainter | undefined {
  if (!transparency) return undefined;
  const channels = CHANNELS[colorType];
  const color = Array.from({length: channels}, (_, c) => {
    const at = transparency.offset + 2 * c;
    return (bytes[at] << 8) | bytes[at + 1];
  });
  const mask = (1 << bitDepth) - 1;
  const sampleAt = (row: Uint8Array, i: number) => {
    if (bitDepth === 16) return (row[2 * i] << 8) | row[2 * i + 1];
    return (row[(i * bitDepth) >> 3] >> (8 - bitDepth - ((i * bitDepth) & 7))) & mask;
  };
  return (row, columns, out, target, step) => {
    for (let x = 0, to = target; x < columns; x++, to += step)
      if (color.every((sample, c) => sampleAt(row, x * channels + c) === sample)) out.fill(0, to, to + 3);
  };
}
