/** A property of an item, and whether it must be understood. */
export interface HeifProperty {
  box: Buffer;
  essential?: boolean;
}

export interface HeifItem {
  type: string;
  properties: HeifProperty[];
  data: Buffer;
  hidden?: boolean;
  encrypted?: boolean;
  /** In as many pieces, last first; 1 unless said. */
  pieces?: number;
  /** In `idat` rather than in the file. */
  inside?: boolean;
}

/** From one item to others, by their numbers, which start at 1. */
export type HeifReference = [type: string, from: number, ...to: number[]];

export interface HeifOptions {
  references?: HeifReference[];
  /** 1 unless said; null for none. */
  primary?: number | null;
  brands?: string[];
  /** Of `iloc`. */
  version?: 0 | 1 | 2;
  handler?: string;
  /** Boxes behind `meta`. */
  others?: Buffer[];
}

/** A coded picture and what its file says of it. */
export interface CodedPart {
  type: 'hvc1' | 'av01';
  width: number;
  height: number;
  configuration: Buffer;
  data: Buffer;
}

/** A box of an ISO base media file. */
export function box(type: string, ...parts: Uint8Array[]): Buffer {
  const payload = Buffer.concat(parts);
  return Buffer.concat([u32(8 + payload.length), Buffer.from(type, 'latin1'), payload]);
}

export function fullBox(type: string, version: number, flags: number, ...parts: Uint8Array[]): Buffer {
  return box(type, u32(((version << 24) | flags) >>> 0), ...parts);
}

export function u8(...values: number[]): Buffer {
  return Buffer.from(values);
}

export function u16(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => u8((value >> 8) & 255, value & 255)));
}

export function u32(...values: number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) out.writeUInt32BE(value >>> 0, 4 * i);
  return out;
}

export function sizeProperty(width: number, height: number): HeifProperty {
  return {box: fullBox('ispe', 0, 0, u32(width, height))};
}

export function alphaProperty(): HeifProperty {
  return {box: fullBox('auxC', 0, 0, Buffer.from('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0')), essential: true};
}

/** By quarters against the clock. */
export function turnProperty(quarters: number): HeifProperty {
  return {box: box('irot', u8(quarters)), essential: true};
}

export function mirrorProperty(axis: number): HeifProperty {
  return {box: box('imir', u8(axis)), essential: true};
}

export function gridData(rows: number, columns: number, width: number, height: number): Buffer {
  return Buffer.concat([u8(0, 1, rows - 1, columns - 1), u32(width, height)]);
}

/** The picture of a file that has one, and no other. */
export function codedPart(file: Buffer): CodedPart {
  const start = (type: string) => file.indexOf(type) - 4;
  const isHevc = file.includes('hvcC');
  const configuration = start(isHevc ? 'hvcC' : 'av1C');
  return {
    type: isHevc ? 'hvc1' : 'av01',
    width: file.readUInt32BE(start('ispe') + 12),
    height: file.readUInt32BE(start('ispe') + 16),
    configuration: file.subarray(configuration, configuration + file.readUInt32BE(configuration)),
    data: file.subarray(start('mdat') + 8),
  };
}

/** An item of a coded picture. */
export function codedItem(
  {type, width, height, configuration, data}: CodedPart,
  ...properties: HeifProperty[]
): HeifItem {
  return {type, data, properties: [sizeProperty(width, height), {box: configuration, essential: true}, ...properties]};
}

/** A file of items; the first is the primary one unless another is named. */
export function heifFile(items: HeifItem[], options: HeifOptions = {}): Buffer {
  const {primary = 1, brands = ['heic', 'mif1'], others = []} = options;
  const head = box('ftyp', Buffer.from(brands[0]), u32(0), Buffer.from(brands.join('')));
  const meta = (start: number) => metaBox(items, {...options, primary}, start);
  const start = head.length + meta(0).length + others.reduce((sum, {length}) => sum + length, 0) + 8;
  const data = items.filter(({inside}) => !inside).flatMap((item) => piecesOf(item));
  return Buffer.concat([head, meta(start), ...others, box('mdat', ...data)]);
}

function metaBox(items: HeifItem[], options: HeifOptions, start: number): Buffer {
  const {primary, references = [], handler = 'pict'} = options;
  const properties = items.flatMap((item) => item.properties);
  let next = 0;
  const associations = items.map((item, i) => {
    const indices = item.properties.map(({essential}) => ++next | (essential ? 0x8000 : 0));
    return Buffer.concat([u16(i + 1), u8(indices.length), u16(...indices)]);
  });
  const infos = items.map(({type, hidden, encrypted}, i) =>
    fullBox('infe', 2, hidden ? 1 : 0, u16(i + 1, encrypted ? 1 : 0), Buffer.from(type, 'latin1'), u8(0)),
  );
  const inside = items.filter((item) => item.inside).flatMap(piecesOf);
  return fullBox(
    'meta',
    0,
    0,
    fullBox('hdlr', 0, 0, u32(0), Buffer.from(handler), Buffer.alloc(13)),
    ...(primary === null || primary === undefined ? [] : [fullBox('pitm', 0, 0, u16(primary))]),
    locationsBox(items, options.version ?? 1, start),
    fullBox('iinf', 0, 0, u16(items.length), ...infos),
    fullBox('iref', 0, 0, ...references.map(([type, from, ...to]) => box(type, u16(from, to.length, ...to)))),
    box(
      'iprp',
      box('ipco', ...properties.map((property) => property.box)),
      fullBox('ipma', 0, 1, u32(items.length), ...associations),
    ),
    ...(inside.length > 0 ? [box('idat', ...inside)] : []),
  );
}

/** Written back to front where it is in pieces. */
function piecesOf({data, pieces = 1}: HeifItem): Buffer[] {
  const size = Math.ceil(data.length / pieces);
  return Array.from({length: pieces}, (_, i) => data.subarray(i * size, (i + 1) * size)).reverse();
}

function locationsBox(items: HeifItem[], version: 0 | 1 | 2, start: number): Buffer {
  let [inFile, inIdat] = [start, 0];
  const entries = items.map((item, i) => {
    const parts = piecesOf(item).map((part) => {
      const offset = item.inside ? inIdat : inFile;
      if (item.inside) inIdat += part.length;
      else inFile += part.length;
      return u32(offset, part.length);
    });
    const id = version < 2 ? u16(i + 1) : u32(i + 1);
    const method = version === 0 ? [] : [u16(item.inside ? 1 : 0)];
    return Buffer.concat([id, ...method, u16(0, parts.length), ...parts.reverse()]);
  });
  return fullBox('iloc', version, 0, u16(0x4400), version < 2 ? u16(items.length) : u32(items.length), ...entries);
}

/** A movie with one track, whose samples lie one after the other from `offset`. */
export function movieBox(
  part: CodedPart,
  offset: number,
  {samples = 2, matrix = [1, 0, 0, 1]}: {samples?: number; matrix?: number[]} = {},
): Buffer {
  const {type, width, height, configuration, data} = part;
  const [a, b, c, d] = matrix.map((value) => value * 0x10000);
  const entry = box(type, Buffer.alloc(24), u16(width, height), Buffer.alloc(50), configuration);
  const table = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), entry),
    fullBox('stsz', 0, 0, u32(data.length, samples)),
    fullBox('stco', 0, 0, u32(1, offset)),
  );
  const header = fullBox(
    'tkhd',
    0,
    0,
    u32(0, 0, 1),
    Buffer.alloc(24),
    u32(a, b, 0, c, d, 0, 0, 0, 0x40000000),
    u32(width << 16, height << 16),
  );
  const handler = fullBox('hdlr', 0, 0, u32(0), Buffer.from('pict'), Buffer.alloc(13));
  return box('moov', box('trak', header, box('mdia', handler, box('minf', table))));
}

/** A file of a sequence alone, which shows the same picture again and again. */
export function sequenceFile(part: CodedPart, options: {samples?: number; matrix?: number[]} = {}): Buffer {
  const brand = part.type === 'hvc1' ? 'hevc' : 'avis';
  const head = box('ftyp', Buffer.from(brand), u32(0), Buffer.from(`${brand}msf1`));
  const {samples = 2} = options;
  const start = head.length + movieBox(part, 0, options).length + 8;
  return Buffer.concat([
    head,
    movieBox(part, start, options),
    box('mdat', ...Array.from({length: samples}, () => part.data)),
  ]);
}
