/** One color of a JPEG: how finely it is stored, and its level (0..255) at a pixel of its own grid. */
export interface WrittenColor {
  h?: number;
  v?: number;
  id?: number;
  level: (x: number, y: number) => number;
}

export interface WrittenJpeg {
  width: number;
  height: number;
  colors: readonly WrittenColor[];
  progressive?: boolean;
  /** Of sequential files: a scan for each color. */
  separate?: boolean;
  /** Units between restarts. */
  restartInterval?: number;
  /** What an Adobe marker says of the colors. */
  adobe?: number;
  /** Scans of progressive files that are told again and again, which none is allowed to. */
  repeat?: number;
}

interface Plane {
  id: number;
  h: number;
  v: number;
  across: number;
  down: number;
  stride: number;
  blocks: Int16Array;
}

/** What a scan tells: positions of colors, coefficients, and bits. */
interface Scan {
  colors: number[];
  first: number;
  last: number;
  high: number;
  low: number;
}

const ZIGZAG = [
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21],
  ...[28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61],
  ...[54, 47, 55, 62, 63],
];
const STEP = 4;

/**
 * Writes JPEGs that other encoders do not: any number of colors and samplings, scans and restarts of any kind (ITU-T T.81). Codes
 * are not short: every one has 8 or 9 bits.
 */
export function writeJpeg(options: WrittenJpeg): Buffer {
  const {width, height, colors, progressive = false, restartInterval = 0, adobe} = options;
  const planes = transformPlanes(options);
  const frame = [8, ...u16(height), ...u16(width), colors.length];
  for (const {id, h, v} of planes) frame.push(id, (h << 4) | v, 0);
  const parts: Buffer[] = [Buffer.of(0xff, 0xd8)];
  if (adobe !== undefined) parts.push(segment(0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, adobe]));
  parts.push(segment(0xdb, [0, ...new Array(64).fill(STEP)]), segment(progressive ? 0xc2 : 0xc0, frame));
  parts.push(segment(0xc4, [0x00, ...counts(5, 16), ...range(16)]));
  parts.push(segment(0xc4, [0x10, ...counts(8, 254, 2), ...range(256)]));
  if (restartInterval > 0) parts.push(segment(0xdd, u16(restartInterval)));
  for (const scan of scansOf(options)) parts.push(scanHeader(scan, planes), scanData(scan, planes, options));
  return Buffer.concat([...parts, Buffer.of(0xff, 0xd9)]);
}

function scansOf({colors, progressive, separate, repeat = 0}: WrittenJpeg): Scan[] {
  const all = range(colors.length);
  const whole = {first: 0, last: 63, high: 0, low: 0};
  if (!progressive) return separate ? all.map((i) => ({...whole, colors: [i]})) : [{...whole, colors: all}];
  const scans: Scan[] = [{colors: all, first: 0, last: 0, high: 0, low: 1}];
  for (const i of all) scans.push({colors: [i], first: 1, last: 5, high: 0, low: 1});
  for (const i of all) scans.push({colors: [i], first: 6, last: 63, high: 0, low: 1});
  scans.push({colors: all, first: 0, last: 0, high: 1, low: 0});
  for (const i of all) scans.push({colors: [i], first: 1, last: 63, high: 1, low: 0});
  return [...scans, ...new Array<Scan>(repeat).fill(scans[scans.length - 1])];
}

function transformPlanes({width, height, colors}: WrittenJpeg): Plane[] {
  const mostH = Math.max(...colors.map(({h = 1}) => h));
  const mostV = Math.max(...colors.map(({v = 1}) => v));
  const [unitsAcross, unitsDown] = [Math.ceil(width / (8 * mostH)), Math.ceil(height / (8 * mostV))];
  return colors.map(({h = 1, v = 1, id, level}, i) => {
    const [columns, rows] = [Math.ceil((width * h) / mostH), Math.ceil((height * v) / mostV)];
    const stride = unitsAcross * h;
    const blocks = new Int16Array(stride * unitsDown * v * 64);
    for (let at = 0; at < blocks.length; at += 64) {
      const block = at / 64;
      const [left, top] = [(block % stride) * 8, Math.floor(block / stride) * 8];
      const samples = Float64Array.from({length: 64}, (_, k) => {
        const [x, y] = [Math.min(columns - 1, left + (k % 8)), Math.min(rows - 1, top + (k >> 3))];
        return level(x, y) - 128;
      });
      transform(samples).forEach((value, k) => {
        blocks[at + k] = Math.round(value / STEP);
      });
    }
    return {id: id ?? i + 1, h, v, across: Math.ceil(columns / 8), down: Math.ceil(rows / 8), stride, blocks};
  });
}

const COSINES = Float64Array.from({length: 64}, (_, i) => {
  const [u, x] = [i >> 3, i & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

function transform(samples: Float64Array): Float64Array {
  const half = new Float64Array(64);
  const out = new Float64Array(64);
  for (let y = 0; y < 8; y++)
    for (let u = 0; u < 8; u++) for (let x = 0; x < 8; x++) half[y * 8 + u] += COSINES[u * 8 + x] * samples[y * 8 + x];
  for (let v = 0; v < 8; v++)
    for (let u = 0; u < 8; u++) for (let y = 0; y < 8; y++) out[v * 8 + u] += COSINES[v * 8 + y] * half[y * 8 + u];
  return out;
}

function scanHeader({colors, first, last, high, low}: Scan, planes: readonly Plane[]): Buffer {
  return segment(0xda, [colors.length, ...colors.flatMap((i) => [planes[i].id, 0]), first, last, (high << 4) | low]);
}

class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;
  #count = 0;

  put(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.#bits = (this.#bits << 1) | ((value >> bit) & 1);
      if (++this.#count === 8) this.#flush();
    }
  }

  /** A symbol of a table with codes of 8 and 9 bits. */
  symbol(symbol: number): void {
    if (symbol < 254) this.put(symbol, 8);
    else this.put(254 + symbol, 9);
  }

  signed(value: number, size: number): void {
    this.put(value < 0 ? value + (1 << size) - 1 : value, size);
  }

  /** Fills up the last byte with ones, then a marker. */
  marker(code: number): void {
    while (this.#count > 0) this.put(1, 1);
    this.#bytes.push(0xff, code);
  }

  end(): Buffer {
    while (this.#count > 0) this.put(1, 1);
    return Buffer.from(this.#bytes);
  }

  #flush(): void {
    this.#bytes.push(this.#bits);
    if (this.#bits === 0xff) this.#bytes.push(0);
    this.#bits = 0;
    this.#count = 0;
  }
}

function scanData(scan: Scan, planes: readonly Plane[], {width, height, restartInterval = 0}: WrittenJpeg): Buffer {
  const writer = new BitWriter();
  const used = scan.colors.map((i) => ({...planes[i], constant: 0}));
  const [mostH, mostV] = [Math.max(...planes.map(({h}) => h)), Math.max(...planes.map(({v}) => v))];
  const alone = used.length === 1;
  const across = alone ? used[0].across : Math.ceil(width / (8 * mostH));
  const down = alone ? used[0].down : Math.ceil(height / (8 * mostV));
  for (let unit = 0; unit < across * down; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      writer.marker(0xd0 + ((unit / restartInterval - 1) & 7));
      for (const plane of used) plane.constant = 0;
    }
    const [column, row] = [unit % across, Math.floor(unit / across)];
    for (const plane of used) {
      const {h, v, stride} = alone ? {...plane, h: 1, v: 1} : plane;
      for (let y = 0; y < v; y++)
        for (let x = 0; x < h; x++) writeBlock(writer, scan, plane, ((row * v + y) * stride + column * h + x) * 64);
    }
  }
  return writer.end();
}

function writeBlock(writer: BitWriter, scan: Scan, plane: Plane & {constant: number}, at: number): void {
  const {blocks} = plane;
  const {first, high, low} = scan;
  if (first === 0) {
    const value = blocks[at] >> low;
    if (high > 0) writer.put(value & 1, 1);
    else {
      const difference = value - plane.constant;
      const size = 32 - Math.clz32(Math.abs(difference));
      writer.put(size, 5);
      writer.signed(difference, size);
      plane.constant = value;
    }
  }
  if (scan.last === 0) return;
  const from = Math.max(1, first);
  if (high > 0) refine(writer, blocks, at, from, scan.last, low);
  else writeOthers(writer, blocks, at, from, scan.last, low);
}

function writeOthers(
  writer: BitWriter,
  blocks: Int16Array,
  at: number,
  first: number,
  last: number,
  low: number,
): void {
  let zeros = 0;
  for (let k = first; k <= last; k++) {
    const value = Math.trunc(blocks[at + ZIGZAG[k]] / (1 << low));
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) writer.symbol(0xf0);
    const size = 32 - Math.clz32(Math.abs(value));
    writer.symbol((zeros << 4) | size);
    writer.signed(value, size);
    zeros = 0;
  }
  if (zeros > 0) writer.symbol(0);
}

/** One bit more of what is known, and what becomes known by it (section G.1.2.3). */
function refine(writer: BitWriter, blocks: Int16Array, at: number, first: number, last: number, low: number): void {
  const levels = ZIGZAG.map((place) => Math.trunc(Math.abs(blocks[at + place]) / (1 << low)));
  const lastNew = levels.lastIndexOf(1, last);
  let zeros = 0;
  let corrections: number[] = [];
  const correct = () => {
    for (const bit of corrections) writer.put(bit, 1);
    corrections = [];
  };
  for (let k = first; k <= last; k++) {
    if (levels[k] === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15 && k <= lastNew; zeros -= 16) {
      writer.symbol(0xf0);
      correct();
    }
    if (levels[k] > 1) {
      corrections.push(levels[k] & 1);
      continue;
    }
    writer.symbol((zeros << 4) | 1);
    writer.put(blocks[at + ZIGZAG[k]] < 0 ? 0 : 1, 1);
    correct();
    zeros = 0;
  }
  if (zeros > 0 || corrections.length > 0) {
    writer.symbol(0);
    correct();
  }
}

function segment(code: number, payload: readonly number[]): Buffer {
  return Buffer.from([0xff, code, ...u16(payload.length + 2), ...payload]);
}

/** Numbers of codes of each length, from this length on. */
function counts(length: number, ...numbers: number[]): number[] {
  return Object.assign(new Array<number>(16).fill(0), Object.fromEntries(numbers.map((n, i) => [length - 1 + i, n])));
}

function range(count: number): number[] {
  return Array.from({length: count}, (_, i) => i);
}

function u16(value: number): number[] {
  return [value >> 8, value & 255];
}

/**
 * Repeats the one row of units of a sequential JPEG that restarts before each row: pictures of any height in no time.
 *
 * @param jpeg 8 pixels high, with a restart interval of as many units as it is wide
 */
export function repeatRows(jpeg: Buffer, times: number): Buffer {
  const frame = jpeg.indexOf(Buffer.of(0xff, 0xc0));
  const scan = jpeg.indexOf(Buffer.of(0xff, 0xda));
  const data = scan + 2 + jpeg.readUInt16BE(scan + 2);
  const head = Buffer.from(jpeg.subarray(0, data));
  head.writeUInt16BE(8 * times, frame + 5);
  const row = jpeg.subarray(data, -2);
  const rows = Array.from({length: times}, (_, i) =>
    i === 0 ? row : Buffer.concat([Buffer.of(0xff, 0xd0 + ((i - 1) & 7)), row]),
  );
  return Buffer.concat([head, ...rows, jpeg.subarray(-2)]);
}
