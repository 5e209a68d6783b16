import {addAbortSignal, type Readable} from 'node:stream';
import {TextDecoder} from 'node:util';
import {fromFileSystemError} from '../../common/errors.ts';
import {openStream} from '../../dataset/read-file.ts';

export interface PathListOptions {
  /** The stream for `-`. */
  input?: Readable;
  /** Stops reading, also while waiting for data. */
  signal?: AbortSignal | undefined;
}

/** No valid path is longer. Of a longer line only the beginning is kept, for the error. */
const LONGEST_PATH = 65_536;

/**
 * Reads the paths of a list, one per line, in portions as they arrive: from a file, or from standard input for `-`. If the
 * first path ends with NUL, all do, as `find -print0` writes them. Empty lines are ignored. The encoding is UTF-8 with or
 * without a byte order mark, or UTF-16 with one, as PowerShell writes it.
 *
 * @throws RiceError for a list that cannot be read
 */
export async function* readPathList(
  file: string,
  {input = process.stdin, signal}: PathListOptions = {},
): AsyncGenerator<string[]> {
  const lines = new LineSplitter();
  const text = new ListDecoder();
  try {
    const stream = file === '-' ? input : (openStream(file) as Readable);
    if (signal) addAbortSignal(signal, stream);
    for await (const chunk of stream) {
      const paths = lines.push(text.push(chunk));
      if (paths.length > 0) yield paths;
    }
  } catch (error) {
    throw fromFileSystemError(error, file === '-' ? 'standard input' : file, 'read');
  }
  const last = lines.end(text.end());
  if (last.length > 0) yield last;
}

/** Bytes that show the encoding: a byte order mark, or a beginning of UTF-16. */
const BEGINNING = 4;

/** Decodes bytes that arrive in chunks, in the encoding that their beginning shows. */
class ListDecoder {
  #decoder: TextDecoder | undefined;
  #beginning = Buffer.alloc(0);

  push(chunk: Uint8Array): string {
    if (this.#decoder) return this.#decoder.decode(chunk, {stream: true});
    this.#beginning = Buffer.concat([this.#beginning, chunk]);
    return this.#beginning.length < BEGINNING ? '' : this.#begin().decode(this.#beginning, {stream: true});
  }

  end(): string {
    return this.#decoder ? this.#decoder.decode() : this.#begin().decode(this.#beginning);
  }

  #begin(): TextDecoder {
    this.#decoder = new TextDecoder(encodingOf(this.#beginning));
    return this.#decoder;
  }
}

/** UTF-16 has a byte order mark, or every second byte of its first newline and of all before it is zero. */
function encodingOf(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Names that are not Latin have other second bytes: then only a mark tells. NULs may also end paths, but not newlines.
  if (isWideUpToNewline(bytes, 0)) return 'utf-16le';
  return isWideUpToNewline(bytes, 1) ? 'utf-16be' : 'utf-8';
}

/** @param low position of the byte of a pair that tells the character */
function isWideUpToNewline(bytes: Buffer, low: 0 | 1): boolean {
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (bytes[i + low] === 0 || bytes[i + 1 - low] !== 0) return false;
    if (bytes[i + low] === 0x0a) return true;
  }
  return false;
}

/** Splits text that arrives in chunks into lines. */
class LineSplitter {
  #separator: RegExp | undefined;
  #rest = '';

  push(text: string): string[] {
    this.#rest += text;
    this.#separator ??= separatorOf(this.#rest);
    const lines = this.#separator ? this.#rest.split(this.#separator) : [this.#rest];
    // Limits the memory for an endless line; one extra character shows that it is too long.
    this.#rest = lines.pop()!.slice(0, LONGEST_PATH + 1);
    // Lists that were joined have a byte order mark each.
    return lines.map((line) => line.replace(/^\uFEFF/, '').slice(0, LONGEST_PATH)).filter((line) => line !== '');
  }

  end(text: string): string[] {
    const lines = this.push(text);
    const last = this.#rest.replace(/\r$/, '').slice(0, LONGEST_PATH);
    return last === '' ? lines : [...lines, last];
  }
}

/** Undefined until the first path ends. A path may contain newlines, but the first one of a NUL-separated list hardly does. */
function separatorOf(text: string): RegExp | undefined {
  if (text.includes('\0')) return /\0/;
  return text.includes('\n') ? /\r?\n/ : undefined;
}
