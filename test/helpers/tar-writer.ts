/** An entry as it is to be written; whatever is left out is as it should be. */
export interface TarEntry {
  name: string;
  content?: string | Uint8Array;
  /** The letter of its kind: 0 file, 1 hard link, 2 symbolic link, 3 and 4 devices, 5 folder, 6 pipe, S sparse. */
  type?: string;
  /** Where a link leads. */
  link?: string;
  /** What is stated instead of the number of bytes. */
  bytes?: number;
  /** How a name gets in that is too long for the header: also others then take this way. */
  long?: 'pax' | 'gnu';
  /** Fields of a pax header. */
  pax?: Record<string, string>;
  /** Changes the header when its checksum is in it already. */
  spoil?: (header: Buffer) => void;
}

export interface TarOptions {
  /** Zero bytes at the end; two blocks. */
  end?: number;
  /** What stands at place 257. */
  magic?: 'ustar' | 'gnu' | 'none';
}

const BLOCK = 512;
const NAME = 100;
const MAGIC = {ustar: 'ustar\x0000', gnu: 'ustar  \0', none: ''};

/** A tar archive, right or wrong, field by field (POSIX.1-2017, pax; GNU tar's extensions). */
export function writeTar(entries: readonly TarEntry[], {end = 2 * BLOCK, magic = 'ustar'}: TarOptions = {}): Buffer {
  return Buffer.concat([...entries.flatMap((entry) => writeEntry(entry, magic)), Buffer.alloc(end)]);
}

function writeEntry(entry: TarEntry, magic: keyof typeof MAGIC): Buffer[] {
  const {name, content = '', type = '0', link = '', long} = entry;
  const before: Buffer[] = [];
  const pax = {...entry.pax, ...(long === 'pax' ? {path: name} : {})};
  if (Object.keys(pax).length > 0) before.push(...block('PaxHeader', 'x', Buffer.from(paxRecords(pax)), magic));
  if (long === 'gnu') before.push(...block('././@LongLink', 'L', Buffer.from(`${name}\0`), magic));
  const short = long === undefined ? name : 'shortened';
  return [...before, ...block(short, type, Buffer.from(content as Uint8Array), magic, {link, ...entry})];
}

function block(
  name: string,
  type: string,
  content: Buffer,
  magic: keyof typeof MAGIC,
  {link = '', bytes = content.length, spoil}: Pick<TarEntry, 'link' | 'bytes' | 'spoil'> = {},
): Buffer[] {
  const [prefix, last] = split(name);
  const header = Buffer.alloc(BLOCK);
  header.write(last, 0);
  header.write('0000644\x000000000\x000000000\0', 100);
  header.write(`${bytes.toString(8).padStart(11, '0')}\x0000000000000\0`, 124);
  header.write(type, 156);
  header.write(link, 157);
  header.write(MAGIC[magic], 257);
  header.write(prefix, 345);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  spoil?.(header);
  return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

/** The folders of a name that is too long stand in a field of their own. */
function split(name: string): [prefix: string, last: string] {
  if (Buffer.byteLength(name) <= NAME) return ['', name];
  const at = name.lastIndexOf('/');
  return [name.slice(0, at), name.slice(at + 1)];
}

function paxRecords(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([key, value]) => paxRecord(` ${key}=${value}\n`))
    .join('');
}

/** Begins with its own length, which counts its own digits. */
function paxRecord(rest: string): string {
  const bytes = Buffer.byteLength(rest);
  let length = bytes;
  while (length !== bytes + String(length).length) length = bytes + String(length).length;
  return `${length}${rest}`;
}
