import type {JpegHeader} from '../header.ts';
import type {Plane, Units} from './plane.ts';
import {spreader} from './spread.ts';

/** Writes `count` pixels of one row as RGB, from `target` on; a row of samples a color. */
type RowPainter = (rows: readonly Uint8Array[], count: number, out: Uint8Array, target: number) => void;

/** What three colors are: RGB or YCbCr, as libjpeg decides it. */
function isYCbCr({jfif, adobeTransform, frame}: JpegHeader): boolean {
  if (jfif) return true;
  if (adobeTransform !== undefined) return adobeTransform !== 0;
  return String.fromCharCode(...frame.components.map(({id}) => id)) !== 'RGB';
}

/** Turns the samples of a row of units into pixels; those of the next one must be there, too. */
export function unitPainter(header: JpegHeader, planes: readonly Plane[], units: Units, out: Uint8Array) {
  const {width, height} = header;
  const paint = painterOf(header);
  const spread = planes.map((plane) => spreader(plane, planes, width));
  return (unitRow: number) => {
    const end = Math.min(height, (unitRow + 1) * units.height);
    for (let y = unitRow * units.height; y < end; y++) {
      const rows = spread.map((rowAt) => rowAt(y));
      paint(rows, width, out, y * width * 3);
    }
  };
}

function painterOf(header: JpegHeader): RowPainter {
  const count = header.frame.components.length;
  if (count === 1) return paintGrey;
  if (count === 3) return isYCbCr(header) ? paintYCbCr : paintRgb;
  return cmykPainter(header.adobeTransform === 0);
}

const paintGrey: RowPainter = ([grey], count, out, target) => {
  for (let x = 0, to = target; x < count; x++, to += 3) out[to] = out[to + 1] = out[to + 2] = grey[x];
};

const paintRgb: RowPainter = ([red, green, blue], count, out, target) => {
  for (let x = 0, to = target; x < count; x++, to += 3) {
    out[to] = red[x];
    out[to + 1] = green[x];
    out[to + 2] = blue[x];
  }
};

const paintYCbCr: RowPainter = ([luma, cb, cr], count, out, target) => {
  for (let x = 0, to = target; x < count; x++, to += 3) {
    out[to] = redOf(luma[x], cr[x]);
    out[to + 1] = greenOf(luma[x], cb[x], cr[x]);
    out[to + 2] = blueOf(luma[x], cb[x]);
  }
};

/** Adobe stores inks inverted: 255 is none of it. @param plain CMYK as it is; YCCK otherwise */
function cmykPainter(plain: boolean): RowPainter {
  const light = lightThroughInk();
  const inks = new Uint8Array(3);
  return ([first, second, third, black], count, out, target) => {
    for (let x = 0, to = target; x < count; x++, to += 3) {
      const key = (255 - black[x]) << 8;
      if (plain) {
        inks[0] = 255 - first[x];
        inks[1] = 255 - second[x];
        inks[2] = 255 - third[x];
      } else {
        inks[0] = 255 - (255 - redOf(first[x], third[x]));
        inks[1] = 255 - (255 - greenOf(first[x], second[x], third[x]));
        inks[2] = 255 - (255 - blueOf(first[x], second[x]));
      }
      out[to] = light[key | inks[0]];
      out[to + 1] = light[key | inks[1]];
      out[to + 2] = light[key | inks[2]];
    }
  };
}

let lights: Uint8Array | undefined;

/** What an ink and black leave of the light: by 256 * black + ink. */
function lightThroughInk(): Uint8Array {
  lights ??= Uint8Array.from({length: 65_536}, (_, i) => {
    const [black, ink] = [i >> 8, i & 255];
    return 255 - clamp(ink * (1 - black / 255) + black);
  });
  return lights;
}

/** ITU-R BT.601 at full range, as JFIF has it; in units of 1 / 65536, rounded as libjpeg does. */
function redOf(luma: number, cr: number): number {
  return clamp(luma + ((91_881 * (cr - 128) + 32_768) >> 16));
}

function greenOf(luma: number, cb: number, cr: number): number {
  return clamp(luma + ((-22_554 * (cb - 128) - 46_802 * (cr - 128) + 32_768) >> 16));
}

function blueOf(luma: number, cb: number): number {
  return clamp(luma + ((116_130 * (cb - 128) + 32_768) >> 16));
}

function clamp(level: number): number {
  return level < 0 ? 0 : level > 255 ? 255 : level;
}
