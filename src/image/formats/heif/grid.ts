import {ByteReader, corrupt, unsupported} from '../bytes.ts';
import {Fields} from '../isobmff/fields.ts';

/** What a `grid` item says (ISO/IEC 23008-12, section 6.6.2.3.2). */
export interface Grid {
  rows: number;
  columns: number;
  /** Of the whole picture; its tiles may reach past it. */
  width: number;
  height: number;
}

const WIDE_NUMBERS = 1;
/** Of a grid that is larger than a few tiles, at least a fourth is shown. */
const SMALL_GRID = 2 ** 20;
const MOST_HIDDEN = 4;

export function readGrid(data: Uint8Array, format: string): Grid {
  const fields = new Fields(new ByteReader(data, format, false), {type: 'grid', start: 0, end: data.length});
  if (fields.uint(1) !== 0) throw unsupported(`${format} with a grid of an unknown version`);
  const bytes = fields.uint(1) & WIDE_NUMBERS ? 4 : 2;
  const [rows, columns] = [fields.uint(1) + 1, fields.uint(1) + 1];
  return {rows, columns, width: fields.uint(bytes), height: fields.uint(bytes)};
}

/** Tiles must cover the picture, and none may lie outside of it (section 6.6.2.3.1): they are all decoded. */
export function checkTiles(
  {rows, columns, width, height}: Grid,
  tile: {width: number; height: number},
  format: string,
): void {
  const [coveredWidth, coveredHeight] = [columns * tile.width, rows * tile.height];
  const covers = coveredWidth >= width && coveredHeight >= height;
  const within = coveredWidth - tile.width < width && coveredHeight - tile.height < height;
  const most = Math.max(SMALL_GRID, MOST_HIDDEN * width * height);
  if (!covers || !within || coveredWidth * coveredHeight > most)
    throw corrupt(format, 'its tiles do not make up the picture');
}
